import { expect, test } from 'vitest';
import type { Address } from '../../model/address.ts';
import type { Route } from '../../system/route.ts';
import { RouteWatch } from './route-watch.ts';

const host: Address = { family: 4, value: 0x0a00_0002n };
const by = (gateway: bigint): Route => ({ kind: 'unicast', gateway: { family: 4, value: gateway } });

test('a way that has become another one is told once', () => {
  let now = by(1n);
  const watch = new RouteWatch(() => now);
  watch.note(0, host, by(1n), undefined);
  expect(watch.changed(0)).toBeUndefined();
  now = by(2n);
  // It is not looked at more often than once a second.
  expect(watch.changed(500_000)).toBeUndefined();
  expect(watch.changed(1_000_000)).toBeUndefined();
  expect(watch.changed(1_350_000)).toContain('The route to 10.0.0.2 has changed');
  expect(watch.changed(2_500_000)).toBeUndefined();
});

test('a way that is missing for a moment, while a link comes back, is the same way', () => {
  let now: Route = by(1n);
  const watch = new RouteWatch(() => now);
  watch.note(0, host, by(1n), undefined);
  for (let us = 0; us < 5_000_000; us += 1_350_000) {
    now = { kind: 'unreachable' } as Route;
    expect(watch.changed(us)).toBeUndefined();
    now = by(1n);
    expect(watch.changed(us + 350_000)).toBeUndefined();
  }
});

test('a way that only some packets go is asked for as theirs', () => {
  const flow = { protocol: 6, first: 80, last: 80 };
  const watch = new RouteWatch((_, of) => by(of === flow ? 2n : 1n));
  watch.note(0, host, by(1n), undefined);
  watch.note(1, host, by(2n), flow);
  expect(watch.changed(0)).toBeUndefined();
});
