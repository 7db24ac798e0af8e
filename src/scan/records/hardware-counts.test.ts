import { expect, test } from 'vitest';
import { HardwareCounts, hardwareKey, hardwareOf, mostDevices } from './hardware-counts.ts';

test.each([
  [0, 0, 0, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x02, 0x80, 0, 0x7f, 0xff, 1],
])('a hardware address is read back from its key: %s %s %s %s %s %s', (...bytes) => {
  const mac = Uint8Array.from(bytes);
  const keys = (['v4', 'v6', 'link-local'] as const).map((kind) => hardwareKey(kind, mac));
  expect(keys.map(hardwareOf)).toEqual([mac, mac, mac]);
  expect(new Set(keys).size).toBe(3);
  expect(keys.every(Number.isSafeInteger)).toBe(true);
});

test('what an earlier run has counted is counted on', () => {
  const counts = new HardwareCounts(new Map([[7, 3]]));
  expect([counts.add(7), counts.add(8), counts.add(8), counts.of(9)]).toEqual([4, 1, 2, 0]);
});

test('of more hardware addresses than are kept each is the first, and those that are kept go on', () => {
  const counts = new HardwareCounts();
  for (let key = 0; key < mostDevices; key++) counts.add(key);
  expect([counts.add(mostDevices), counts.add(mostDevices), counts.add(0)]).toEqual([1, 1, 2]);
});
