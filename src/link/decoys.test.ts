import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addBytes, finishSum, writeIpv4Checksum } from '../wire/checksum.ts';
import { PacketReader } from '../wire/read-packet.ts';
import { checksumOk, writeTransportChecksum } from '../wire/transport-checksum.ts';
import { fromSource } from './decoys.ts';

const probes = fc.record({
  family: fc.constantFrom<4 | 6>(4, 6),
  protocol: fc.constantFrom(6, 17, 58, 1, 132),
  body: fc.uint8Array({ minLength: 24, maxLength: 60 }),
  own: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  other: fc.uint8Array({ minLength: 16, maxLength: 16 }),
});

test('a decoy is the same packet from another address, its checksums as right as before', () => {
  fc.assert(
    fc.property(probes, fc.boolean(), ({ family, protocol, body, own, other }, isBad) => {
      const isIcmpOfOther = protocol === (family === 4 ? 58 : 1);
      const packet = make(family, isIcmpOfOther ? 6 : protocol, body, own);
      const at = family === 4 ? 20 : 40;
      if (isBad) for (const offset of [2, 6, 9, 16]) packet[at + offset]! ^= 0x55;
      const before = verdict(packet);
      const copy = fromSource(packet, other.subarray(0, family === 4 ? 4 : 16));
      expect(verdict(copy)).toBe(before);
      expect(copy.subarray(family === 4 ? 12 : 8).subarray(0, family === 4 ? 4 : 16)).toEqual(
        other.subarray(0, family === 4 ? 4 : 16),
      );
      if (family === 4) expect(finishSum(addBytes(0, copy, 0, 20))).toBe(0);
      const back = fromSource(copy, own.subarray(0, family === 4 ? 4 : 16));
      expect(verdict(back)).toBe(before);
    }),
  );
});

test('the packet itself stays as it was', () => {
  const packet = make(4, 6, new Uint8Array(24), new Uint8Array(16).fill(10));
  const before = packet.slice();
  fromSource(packet, Uint8Array.of(192, 0, 2, 1));
  expect(packet).toEqual(before);
});

function verdict(packet: Uint8Array): boolean | undefined {
  const reader = new PacketReader();
  expect(reader.read(packet, 0, packet.length)).toBe(true);
  return checksumOk(packet, reader);
}

function make(family: 4 | 6, protocol: number, body: Uint8Array, own: Uint8Array): Uint8Array {
  const header = family === 4 ? 20 : 40;
  const packet = new Uint8Array(header + body.length);
  packet.set(body, header);
  if (protocol === 6) packet[header + 12] = 0x50;
  if (protocol === 17) packet.set([0, body.length], header + 4);
  if (family === 4) {
    packet.set([0x45, 0, 0, packet.length, 0, 1, 0, 0, 64, protocol]);
    packet.set(own.subarray(0, 4), 12);
    packet.set([10, 0, 0, 2], 16);
    writeIpv4Checksum(packet, 0);
  } else {
    packet.set([0x60, 0, 0, 0, 0, body.length, protocol, 64]);
    packet.set(own, 8);
    packet.set([0xfd, 1], 24);
  }
  writeTransportChecksum(packet, family, family === 4 ? 12 : 8, protocol, header, packet.length);
  return packet;
}
