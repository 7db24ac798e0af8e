import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uint16 } from './bytes.ts';
import { captured } from './captured.laws.ts';
import { PacketReader } from './read-packet.ts';
import { checksumOk, isDamaged, writeTransportChecksum } from './transport-checksum.ts';

describe('writing', () => {
  // The values are those `tcpdump -v` computes for the captured packets.
  test.each([
    ['syn4', 36, 0x0f78],
    ['synAck4', 36, 0x9ce4],
    ['syn6', 56, 0x09ef],
    ['synAck6', 56, 0xb9cc],
    ['reset6', 56, 0x73b1],
    ['udp6', 46, 0x5f47],
  ] as const)('%s gets the checksum that tcpdump expects', (name, at, expected) => {
    const bytes = seal(captured[name]);
    expect(uint16(bytes, at)).toBe(expected);
    expect(verify(bytes)).toBe(true);
  });

  test('what the kernel and others had filled in themselves is found again', () => {
    for (const name of [
      'reset4',
      'portUnreachable4',
      'portUnreachable6',
      'sctpInit',
      'advertisement',
    ] as const) {
      expect(seal(captured[name])).toEqual(captured[name]);
    }
  });

  test('UDP sends a zero as all ones', () => {
    const bytes = seal(captured.udp4);
    // Adding the checksum to the last word makes the next one come out as zero.
    const last = bytes.length - 2;
    const sum = (uint16(bytes, last) + uint16(bytes, 26)) % 0xffff;
    bytes.set([sum >> 8, sum & 255], last);
    expect(uint16(seal(bytes), 26)).toBe(0xffff);
    expect(verify(seal(bytes))).toBe(true);
  });

  test('other protocols are left alone', () => {
    const bytes = captured.synAck4.slice();
    writeTransportChecksum(bytes, 4, 12, 47, 20, 60);
    expect(bytes).toEqual(captured.synAck4);
  });
});

describe('verifying', () => {
  test('right ones of every protocol, as captured', () => {
    const names = [
      'reset4',
      'portUnreachable4',
      'portUnreachable6',
      'sctpInit',
      'echoRequest',
      'listenerReport',
    ] as const;
    for (const name of names) expect(verify(captured[name]), name).toBe(true);
  });

  test('any flipped bit of the transport layer is seen', () => {
    const names = fc.constantFrom('synAck4', 'synAck6', 'udp4', 'udp6', 'sctpInit', 'portUnreachable6');
    fc.assert(
      fc.property(names, fc.nat(), (name, bit) => {
        const bytes = seal(captured[name as keyof typeof captured]);
        const reader = new PacketReader();
        reader.read(bytes, 0, bytes.length);
        const length = reader.transportEnd - reader.transportOffset;
        bytes[reader.transportOffset + ((bit >> 3) % length)]! ^= 1 << (bit & 7);
        // The bounds are kept: a changed length is another question.
        expect(checksumOk(bytes, reader)).toBe(false);
      }),
    );
  });

  test('an unfinished one, as left to hardware, is wrong', () => {
    expect(verify(captured.synAck4)).toBe(false);
  });

  test('cannot be told of fragments, cut packets and UDP without one', () => {
    expect(verify(captured.fragmentSecond)).toBeUndefined();
    expect(verify(captured.reset4, 40)).toBe(true);
    expect(verify(captured.synAck4, 59)).toBeUndefined();
    const without = captured.udp4.slice();
    without.set([0, 0], 26);
    expect(verify(without)).toBeUndefined();
  });

  test('UDP over IPv6 must have one', () => {
    const without = captured.udp6.slice();
    without.set([0, 0], 46);
    expect(verify(without)).toBe(false);
  });
});

test('a packet is damaged where its transport or the header of IPv4 was changed on the way', () => {
  for (const name of ['synAck4', 'synAck6', 'udp6', 'reset4', 'sctpInit'] as const) {
    const bytes = seal(captured[name]);
    const isWrong = (packet: Uint8Array, end = packet.length) => isDamaged(packet, read(packet, end));
    expect(isWrong(bytes), name).toBe(false);
    const last = bytes.length - 1;
    expect(isWrong(bytes.with(last, bytes[last]! ^ 1)), name).toBe(true);
    const ttlAt = bytes[0]! >> 4 === 4 ? 8 : 7;
    // A hop limit is in no checksum of IPv6.
    expect(isWrong(bytes.with(ttlAt, bytes[ttlAt]! ^ 1)), name).toBe(ttlAt === 8);
    expect(isWrong(bytes.with(last, bytes[last]! ^ 1), last), `${name}, cut`).toBe(false);
  }
});

function seal(captured: Uint8Array): Uint8Array {
  const bytes = captured.slice();
  const { family, sourceOffset, protocol, transportOffset, transportEnd } = read(bytes, bytes.length);
  writeTransportChecksum(bytes, family, sourceOffset, protocol, transportOffset, transportEnd);
  return bytes;
}

function verify(bytes: Uint8Array, end = bytes.length): boolean | undefined {
  return checksumOk(bytes, read(bytes, end));
}

function read(bytes: Uint8Array, end: number): PacketReader {
  const reader = new PacketReader();
  expect(reader.read(bytes, 0, end)).toBe(true);
  return reader;
}
