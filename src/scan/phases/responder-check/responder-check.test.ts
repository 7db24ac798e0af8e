/** What the simulator does not bring about: the order of things in one call. */

import { expect, test } from 'vitest';
import type { Host } from '../../../engine/hosts/host.ts';
import { observation } from '../../../model/observation.laws.ts';
import { verdictCode } from '../../../model/verdict.ts';
import type { Pretence } from './judgement.ts';
import { ResponderCheck } from './responder-check.ts';

const open = verdictCode('open', 'syn-ack');
const closed = verdictCode('closed', 'reset');
const canaries = { ports: [50_000, 50_001, 50_002], technique: 0, first: 100, looks: [] };

/** Doubts about one host, with what they ask, take back and tell. */
function setUp(
  over: {
    readonly portsAsked?: number;
    readonly isSlow?: boolean;
    readonly onWithdraw?: () => void;
    readonly known?: Pretence;
  } = {},
) {
  const host = { rtt: { smoothedUs: 1000 }, done: false, vouchedUs: 0 } as Host;
  const asked: number[] = [];
  const told: string[] = [];
  const check = new ResponderCheck(
    {
      canaries,
      asker: {
        ask: (_, question) => void asked.push(question),
        withdraw: () => over.onWithdraw?.(),
        isSent: () => true,
      },
      listener: undefined,
      whereabouts: () => ({ address: { family: 4, value: 1n }, scopeId: 0 }),
      known: () => over.known,
      portOf: Uint16Array.from({ length: 100 }, (_, i) => i),
      techniqueOf: Uint8Array.from({ length: 100 }, (_, i) => (i < 90 ? 0 : 1)),
      portsAsked: () => over.portsAsked ?? 90,
      isSlow: over.isSlow ?? false,
    },
    {
      observed: (_, question) => void told.push(`${question}`),
      found: (_, { rule }) => void told.push(rule),
    },
  );
  const take = (question: number, code: number, synAck = { window: 64_240, isLinux: true }) =>
    check.take(host, question, observation({ code }), () => synAck);
  return { host, check, asked, told, take };
}

test('a host that an earlier run found out is not trusted because its canaries are slow', () => {
  const { host, check, told, take } = setUp({
    known: { rule: 'redirect-all', basis: 'led-elsewhere', window: 0 },
  });
  take(1, open);
  check.tick(0);
  check.tick(5_000_000);
  check.tick(10_000_000);
  check.tick(15_000_000);
  expect([host.isBelieved === true, told]).toEqual([false, ['redirect-all', '1']]);
});

test('the first open is held back and canaries are asked, once', () => {
  const { asked, told, take } = setUp();
  expect([take(1, open), take(2, open)]).toEqual([true, true]);
  expect([asked, told]).toEqual([[100, 101, 102], []]);
});

test('where the pace is slow the canaries go first, and what is open then is told at once', () => {
  const { host, check, asked, told, take } = setUp({ isSlow: true });
  check.begin(host);
  expect(asked).toEqual([100, 101, 102]);
  take(100, closed);
  expect([take(1, open), told]).toEqual([false, []]);
  for (const over of [{ isSlow: false }, { isSlow: true, portsAsked: 7 }]) {
    const other = setUp(over);
    other.check.begin(other.host);
    expect(other.asked).toEqual([]);
  }
});

test('canaries that go first and stay silent leave the host believed', () => {
  const { host, check, told, take } = setUp({ isSlow: true });
  check.begin(host);
  for (const now of [1000, 5_000_000, 5_100_000]) check.tick(now);
  expect([take(1, open), told]).toEqual([false, []]);
});

test('a closed port, asked for or canary, releases what was held at once', () => {
  for (const question of [3, 101]) {
    const { told, take } = setUp();
    take(1, open);
    take(2, open);
    expect(take(question, closed)).toBe(question >= 100);
    expect(told).toEqual(['1', '2']);
  }
});

test('whoever has said closed is asked nothing', () => {
  const { asked, take } = setUp();
  expect([take(3, closed), take(1, open)]).toEqual([false, false]);
  expect(asked).toEqual([]);
});

test('other techniques, and hosts that are asked little, are not doubted', () => {
  const { asked, take } = setUp();
  expect([take(95, closed), take(95, open)]).toEqual([false, false]);
  expect(take(1, open)).toBe(true);
  expect(asked).toHaveLength(3);
  expect(setUp({ portsAsked: 8 }).take(1, open)).toBe(true);
  expect(setUp({ portsAsked: 7 }).take(1, open)).toBe(false);
});

test('canaries that were late with all else are no silent ones', () => {
  const { host, check, told, take } = setUp();
  take(1, open);
  check.tick(1000);
  check.tick(22_000);
  expect(told).toEqual([]);
  // Nothing came for 50 milliseconds, and then all of it.
  host.vouchedUs = 2000;
  for (const question of [100, 101, 102]) take(question, open, { window: 0, isLinux: true });
  for (const now of [51_000, 52_000, 100_000]) check.tick(now);
  expect(told).toEqual(['syn-proxy', '1']);
});

test('canaries are waited for a moment longer where nothing else is answered either', () => {
  const { check, told, take } = setUp();
  take(1, open);
  for (const now of [1000, 21_900, 59_900]) check.tick(now);
  expect(told).toEqual([]);
  check.tick(61_000);
  expect([told, check.isBusy]).toEqual([['1'], false]);
});

test('silent canaries release it when their time is up', () => {
  const { host, check, told, take } = setUp();
  take(1, open);
  check.tick(1000);
  host.vouchedUs = 1500;
  check.tick(20_900);
  expect(told).toEqual([]);
  check.tick(21_900);
  expect([told, check.isBusy]).toEqual([['1'], false]);
});

test('what was held is told before the host may end', () => {
  const { host, check, told, take } = setUp({
    onWithdraw: () => check.finish(host, true, 0, () => void told.push('end')),
  });
  take(1, open);
  take(101, closed);
  expect(told.slice(0, 2)).toEqual(['1', 'end']);
});

test('two open canaries outweigh a closed port, and evidence decides', () => {
  const { check, told, take } = setUp();
  take(1, open);
  take(100, open, { window: 0, isLinux: true });
  take(101, open, { window: 0, isLinux: true });
  take(3, closed);
  expect(told).toEqual([]);
  for (const now of [1000, 30_000, 31_000, 60_000]) check.tick(now);
  expect(told).toEqual(['syn-proxy', '1']);
});
