import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttemptKind } from './dial.ts';
import { mostSockets, shareOut } from './socket-budget.ts';

const connections = new Set<AttemptKind>(['connection']);
const both = new Set<AttemptKind>(['connection', 'datagram']);
const plenty = 1_000_000;

test('sockets: with plenty of descriptors each kind has as many as it bears', () => {
  const sharers = { dials: 2, dialogues: 128, kinds: both };
  expect(shareOut(plenty, 28_232, sharers)).toEqual(mostSockets);
  expect(shareOut(Number.POSITIVE_INFINITY, 28_232, sharers)).toEqual(mostSockets);
  expect(shareOut(plenty, 10, sharers)).toEqual({ ...mostSockets, connection: 10 });
});

test('sockets: the rest of the scan keeps 16, other dials their part, dialogues a quarter at most', () => {
  const of = (free: number, dials: number, dialogues: number, kinds = connections) =>
    shareOut(free, plenty, { dials, dialogues, kinds }).connection;
  expect(of(1016, 1, 0)).toBe(1000);
  expect(of(1016, 2, 0)).toBe(500);
  expect(of(1016, 1, 100)).toBe(900);
  expect(of(1016, 1, 400)).toBe(750);
  expect(of(1016, 1, 0, both)).toBe(500);
  // Where there are few, what is kept back is a quarter of them.
  expect(of(40, 1, 0)).toBe(30);
  expect(of(0, 2, 128, both)).toBe(1);
});

test('sockets: all that share never hold more than may be opened, unless that is one each', () => {
  fc.assert(
    fc.property(
      fc.nat(50_000),
      fc.integer({ min: 1, max: 8 }),
      fc.nat(200),
      fc.subarray<AttemptKind>(['connection', 'datagram'], { minLength: 1 }),
      (free, dials, dialogues, list) => {
        const kinds = new Set(list);
        const budget = shareOut(free, plenty, { dials, dialogues, kinds });
        const held = list.reduce((sum, kind) => sum + budget[kind], 0);
        expect(dials * held).toBeLessThanOrEqual(Math.max(free, dials * list.length));
      },
    ),
  );
});
