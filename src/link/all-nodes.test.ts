import { describe, expect, test } from 'vitest';
import { addressBytes } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { PacketReader } from '../wire/read-packet.ts';
import { checksumOk, writeTransportChecksum } from '../wire/transport-checksum.ts';
import { answersAllNodes, echoToAllNodes, listenerQuery } from './all-nodes.ts';

const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
const bytesOf = (text: string) =>
  addressBytes(parseAddress(text) as NonNullable<ReturnType<typeof parseAddress>>);
const reader = new PacketReader();

describe('questions to all nodes', () => {
  test.each([
    ['echo', echoToAllNodes(mac, bytesOf('fe80::1'), 0x1234), 128],
    ['query', listenerQuery(mac, bytesOf('fe80::1')), 130],
  ])('%s: goes to ff02::1 with a right checksum and no further than the link', (_name, frame, type) => {
    expect([...frame.subarray(0, 6)]).toEqual([0x33, 0x33, 0, 0, 0, 1]);
    expect(reader.read(frame, 14, frame.length)).toBe(true);
    expect(reader.icmpType).toBe(type);
    expect(reader.ttl).toBe(1);
    expect([...frame.subarray(38, 54)]).toEqual([...bytesOf('ff02::1')]);
    expect(checksumOk(frame, reader)).toBe(true);
  });
});

describe('answers', () => {
  /** An ICMPv6 message of 8 bytes. */
  const packet = (from: string, hopLimit: number, message: readonly number[]) => {
    const bytes = new Uint8Array(48);
    bytes.set([0x60, 0, 0, 0, 0, 8, 58, hopLimit]);
    bytes.set(bytesOf(from), 8);
    bytes.set(bytesOf('fe80::1'), 24);
    bytes.set(message, 40);
    writeTransportChecksum(bytes, 6, 8, 58, 40, 48);
    return bytes;
  };
  const isAnswer = (bytes: Uint8Array) =>
    reader.read(bytes, 0, bytes.length) && answersAllNodes(reader, bytes, 0x1234);
  const reply = [129, 0, 0, 0, 0x12, 0x34, 0, 1];
  const report = [143, 0, 0, 0, 0, 0, 0, 0];

  test('are replies to our echo and reports from the link', () => {
    expect(isAnswer(packet('2001:db8::7', 64, reply))).toBe(true);
    expect(isAnswer(packet('fe80::7', 1, report))).toBe(true);
  });

  test('are not others’ replies, reports from afar, or damaged packets', () => {
    expect(isAnswer(packet('fe80::7', 64, [129, 0, 0, 0, 0x12, 0x35, 0, 1]))).toBe(false);
    expect(isAnswer(packet('fe80::7', 64, report))).toBe(false);
    expect(isAnswer(packet('2001:db8::7', 1, report))).toBe(false);
    const damaged = packet('fe80::7', 64, reply);
    damaged[47] = 2;
    expect(isAnswer(damaged)).toBe(false);
  });
});
