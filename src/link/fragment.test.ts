import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FragmentPlan } from '../model/fragment-plan.ts';
import { addBytes, finishSum, writeIpv4Checksum } from '../wire/checksum.ts';
import { PacketReader } from '../wire/read-packet.ts';
import { fragment } from './fragment.ts';

const packets = fc
  .tuple(
    fc.constantFrom(4, 6),
    fc.uint8Array({ minLength: 1, maxLength: 1400 }),
    fc.integer({ min: 1, max: 8 }),
  )
  .map(([family, body, eights]) => ({ packet: family === 4 ? v4(body) : v6(body), body, size: 8 * eights }));

test('fragments have the asked size, stand in order, and together are the packet', () => {
  fc.assert(
    fc.property(packets, ({ packet, body, size }) => {
      const parts = fragment(packet, inOrder(size), 0xdead_beef);
      const found: number[] = [];
      const reader = new PacketReader();
      for (const [i, part] of parts.entries()) {
        expect(reader.read(part, 0, part.length)).toBe(true);
        expect(reader.isCut).toBe(false);
        expect(reader.protocol).toBe(200);
        expect(reader.fragmentOffset).toBe(found.length);
        expect(reader.isFragment).toBe(parts.length > 1);
        const own = part.subarray(reader.transportOffset, reader.transportEnd);
        expect(own.length).toBe(i < parts.length - 1 ? size : body.length - found.length);
        if (reader.family === 4) expect(finishSum(addBytes(0, part, 0, reader.transportOffset))).toBe(0);
        if (parts.length > 1) expect(reader.ipId).toBe(reader.family === 4 ? 0x1234 : 0xdead_beef);
        found.push(...own);
      }
      expect(found).toEqual([...body]);
    }),
  );
});

test('sizes are those of the plan, the last one for all that is left, in the order that it says', () => {
  const body = Uint8Array.from({ length: 60 }, (_, i) => i);
  for (const [order, places] of [
    ['forward', [0, 1, 2, 3]],
    ['backward', [3, 2, 1, 0]],
    [
      [2, 0, 9, 2],
      [2, 0, 1, 3],
    ],
  ] as const) {
    const reader = new PacketReader();
    const sizes = [16, 8, 24, 12];
    const found = fragment(v4(body), { sizes: [16, 8, 24], order }, 1).map((part) => {
      expect(reader.read(part, 0, part.length)).toBe(true);
      return [reader.fragmentOffset, reader.transportEnd - reader.transportOffset];
    });
    const starts = [0, 16, 24, 48];
    expect(found).toEqual(places.map((place) => [starts[place], sizes[place]]));
  }
});

test('a packet that fits stays as it is', () => {
  for (const packet of [v4(new Uint8Array(8)), v6(new Uint8Array(8))]) {
    expect(fragment(packet, inOrder(8), 1)).toEqual([packet]);
    expect(fragment(packet, inOrder(8), 1)[0]).toBe(packet);
  }
});

test('behind the first fragment only options with the copied flag are repeated', () => {
  // A loose source route is copied (131), a record of the route is not (7).
  const options = [131, 7, 4, 10, 0, 0, 1, 7, 7, 4, 0, 0, 0, 0, 0, 0];
  const [first, second] = fragment(v4(new Uint8Array(16), options), inOrder(8), 1) as [
    Uint8Array,
    Uint8Array,
  ];
  expect([...first.subarray(20, 36)]).toEqual(options);
  expect([...second.subarray(20, 28)]).toEqual([131, 7, 4, 10, 0, 0, 1, 0]);
  expect([first[0], second[0]]).toEqual([0x49, 0x47]);
});

const inOrder = (...sizes: number[]): FragmentPlan => ({ sizes, order: 'forward' });

function v4(body: Uint8Array, options: readonly number[] = []): Uint8Array {
  const header = 20 + options.length;
  const packet = new Uint8Array(header + body.length);
  new DataView(packet.buffer).setUint16(2, packet.length);
  packet.set([0x40 | (header / 4), 0]);
  packet.set([0x12, 0x34, 0, 0, 64, 200], 4);
  packet.set([10, 0, 0, 1, 10, 0, 0, 2, ...options], 12);
  packet.set(body, header);
  writeIpv4Checksum(packet, 0);
  return packet;
}

function v6(body: Uint8Array): Uint8Array {
  const packet = new Uint8Array(40 + body.length);
  packet.set([0x60, 0, 0, 0, body.length >> 8, body.length & 255, 200, 64]);
  packet.fill(0xfd, 8, 9);
  packet.fill(0xfd, 24, 25);
  packet.set(body, 40);
  return packet;
}
