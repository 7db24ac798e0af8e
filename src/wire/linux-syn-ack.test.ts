import { expect, test } from 'vitest';
import { isLinuxSynAck } from './linux-syn-ack.ts';
import { PacketReader } from './read-packet.ts';

/** Options as they stand on the wire; the first was captured from Linux 6.18. */
const options = {
  all: '020405b40402080a285f0a5e4a3b1d2d0103030a',
  noTimestamps: '020405b4010104020103030a',
  noSack: '020405b40101080a285f0a5e4a3b1d2d01030307',
  windows: '020405b40103030801010402',
  bsd: '020405b4010303060402080a285f0a5e4a3b1d2d',
  mssOnly: '020405b4',
  none: '',
};

test.each([
  ['all', true],
  ['noTimestamps', true],
  ['noSack', true],
  ['windows', false],
  ['bsd', false],
  ['mssOnly', false],
  ['none', false],
] as const)('a SYN-ACK with the options of %s is Linux: %s', (name, isLinux) => {
  expect(judged(64, options[name])).toBe(isLinux);
});

test('a TTL that Linux never starts with is not Linux', () => {
  expect(judged(64, options.all)).toBe(true);
  expect(judged(128, options.all)).toBe(false);
});

test('options that are cut off or broken are read to their end and no further', () => {
  for (let length = 0; length <= 20; length++) {
    const hex = options.all.slice(0, 2 * length);
    expect(() => judged(64, hex.padEnd(Math.ceil(hex.length / 8) * 8, '0'))).not.toThrow();
  }
});

function judged(ttl: number, hex: string): boolean {
  const written = Buffer.from(hex, 'hex');
  const packet = new Uint8Array(40 + written.length);
  packet.set([0x45, 0, 0, packet.length, 0, 0, 0, 0, ttl, 6, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1]);
  packet.set(
    [0, 80, 0xf0, 0, 0, 0, 0, 1, 0, 0, 0, 2, ((20 + written.length) / 4) << 4, 0x12, 0xfe, 0x88],
    20,
  );
  packet.set(written, 40);
  const reader = new PacketReader();
  expect(reader.read(packet, 0, packet.length)).toBe(true);
  return isLinuxSynAck(reader, packet);
}
