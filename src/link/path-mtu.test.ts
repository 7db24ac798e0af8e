import { expect, test } from 'vitest';
import { PathMtu } from './path-mtu.ts';

const v4 = Uint8Array.of(10, 0, 0, 2);
const packet = Uint8Array.from({ length: 20 }, (_, i) =>
  i === 0 ? 0x45 : i < 16 ? 0 : (v4[i - 16] as number),
);

test('packets to an address must be as short as a router says, and to others as before', () => {
  const known = new PathMtu();
  expect(known.of(packet, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(known.learn(4, v4, 0, 1060, 900)).toBe(true);
  expect([known.of(packet, 0), known.least]).toEqual([900, 900]);
  const other = packet.slice();
  other[19] = 3;
  expect(known.of(other, 0)).toBe(Number.POSITIVE_INFINITY);
});

test('another one that was sent before it was known may be shorter as well', () => {
  const known = new PathMtu();
  known.learn(4, v4, 0, 1060, 900);
  expect(known.learn(4, v4, 0, 1060, 900)).toBe(true);
});

test('one that fits already is not refused for its length', () => {
  const known = new PathMtu();
  known.learn(4, v4, 0, 1060, 900);
  expect(known.learn(4, v4, 0, 900, 900)).toBe(false);
  expect(known.of(packet, 0)).toBe(900);
});

test('a router that names no length gets the next usual one, and nobody gets less than must be carried', () => {
  const known = new PathMtu();
  expect(known.learn(4, v4, 0, 1500, 0)).toBe(true);
  expect(known.of(packet, 0)).toBe(1492);
  expect(known.learn(4, v4, 0, 1060, 1)).toBe(true);
  expect(known.of(packet, 0)).toBe(68);
  expect(known.learn(4, v4, 0, 68, 1)).toBe(false);
  const v6 = new Uint8Array(16);
  expect(known.learn(6, v6, 0, 1280, 600)).toBe(false);
  expect(known.learn(6, v6, 0, 1400, 600)).toBe(true);
});
