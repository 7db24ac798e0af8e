/** The address of the next hop passes to another machine in mid-scan (VRRP, CARP): the scan goes on with that one. */

import { describe, expect, test } from 'vitest';
import type { NextHopModel } from './machine.ts';
import type { HostModel } from './network.ts';
import { simulate, tally } from './run.ts';

const open = [22, 80, 443, 1999];
const closing: HostModel = { port: (port) => (open.includes(port) ? 'open' : 'closed') };
const dropping: HostModel = { port: (port) => (open.includes(port) ? 'open' : 'drop') };

/** Between the two nobody has the address. */
function movingAt(leavesUs: number, comesUs: number): NextHopModel {
  return { machineAt: (nowUs) => (nowUs < leavesUs ? 7 : nowUs < comesUs ? 0 : 8) };
}

const atOnce = movingAt(300_000, 300_000);
const afterAWhile = movingAt(300_000, 700_000);
const late = movingAt(300_000, 2_300_000);
const longAfter = movingAt(300_000, 12_000_000);
const back: NextHopModel = {
  machineAt: (nowUs) => (nowUs < 300_000 ? 7 : nowUs < 1_200_000 ? 8 : 7),
};
const ports = 4000;
const limits = { linkRate: { startPps: 3000, minPps: 1, maxPps: 3000 } };

describe('a next hop that becomes another machine', () => {
  test.each([
    { name: 'at once', nextHop: atOnce },
    { name: 'after a while', nextHop: afterAWhile },
    { name: 'so late that the host was called blocked', nextHop: late },
    { name: 'and the first again', nextHop: back },
    { name: 'the host itself', nextHop: { ...afterAWhile, isHost: true } },
  ])('$name: nothing is wrong of whoever refuses, or drops what is not open', ({ nextHop }) => {
    for (let seed = 1; seed <= 2; seed++) {
      for (const [host, other] of [
        [closing, 'closed'],
        [dropping, 'filtered'],
      ] as const) {
        const path = { rttUs: 1000 };
        const outcome = simulate({ seed, path, hosts: [host], ports, nextHop, limits, mostSeconds: 60 });
        expect(outcome.ends, `seed ${seed}, ${other}`).toEqual(['done']);
        expect(tally(outcome), `seed ${seed}, ${other}`).toEqual({ open: 4, [other]: ports - 4 });
      }
    }
  });

  test('is noticed by whatever host behind it is asked', () => {
    const hosts = [closing, dropping, closing, dropping];
    for (let seed = 1; seed <= 2; seed++) {
      const outcome = simulate({ seed, path: { rttUs: 1000 }, hosts, ports, nextHop: afterAWhile, limits });
      expect(tally(outcome), `seed ${seed}`).toEqual({
        open: 16,
        closed: 2 * (ports - 4),
        filtered: 2 * (ports - 4),
      });
    }
  });

  test('hides no host that is looked for', () => {
    const discovery = {
      techniques: ['ping-syn'],
      techniqueOf: Uint8Array.of(0),
      portOf: Uint16Array.of(443),
    };
    const hosts = Array.from({ length: 1000 }, () => closing);
    const slow = { linkRate: { startPps: 1000, minPps: 1, maxPps: 1000 } };
    for (let seed = 1; seed <= 2; seed++) {
      const path = { rttUs: 1000 };
      const found = simulate({ seed, path, hosts, ports: 1, discovery, nextHop: afterAWhile, limits: slow });
      expect(tally(found), `seed ${seed}`).toEqual({ closed: 1000 });
    }
  });

  test('and another with each question is left alone in the end, and said', () => {
    let asked = 0;
    const nextHop = { machineAt: () => 7 + (asked++ % 2), isShared: true };
    const slow = { linkRate: { startPps: 500, minPps: 1, maxPps: 500 } };
    const hosts: HostModel[] = [{ port: () => 'drop' }];
    const outcome = simulate({ seed: 1, path: { rttUs: 1000 }, hosts, ports, nextHop, limits: slow });
    expect([outcome.timedOut, tally(outcome)]).toEqual([false, { filtered: ports }]);
    expect(asked).toBeLessThan(10);
    expect(outcome.warnings.at(-1)?.message).toMatch(/several machines may share it/);
  });

  test('is no reason to trust the silence of hosts that ended before it was noticed', () => {
    const discovery = {
      techniques: ['ping-syn'],
      techniqueOf: Uint8Array.of(0),
      portOf: Uint16Array.of(443),
    };
    const hosts = Array.from({ length: 1000 }, () => closing);
    const slow = { linkRate: { startPps: 200, minPps: 1, maxPps: 200 } };
    const path = { rttUs: 1000 };
    const found = simulate({ seed: 1, path, hosts, ports: 1, discovery, nextHop: longAfter, limits: slow });
    expect(tally(found)['closed'] ?? 0).toBeLessThan(1000);
    expect(found.warnings.filter(({ incomplete }) => incomplete)).toHaveLength(1);
  });

  test('is asked for its address at the cost of what else may be sent', () => {
    const slow = { linkRate: { startPps: 20, minPps: 1, maxPps: 20 } };
    const hosts: HostModel[] = [{ port: () => 'drop' }];
    const nextHop = { machineAt: () => 7 };
    const outcome = simulate({
      seed: 1,
      path: { rttUs: 1000 },
      hosts,
      ports: 400,
      nextHop,
      limits: slow,
    });
    const all = outcome.totals.sentPackets;
    expect(all).toBeGreaterThan(outcome.sent + 10);
    expect(all / outcome.elapsedMs).toBeLessThan(20 / 1000 + 0.0005);
  });

  test('is said, and leaves nothing incomplete', () => {
    const outcome = simulate({
      seed: 1,
      path: { rttUs: 1000 },
      hosts: [closing],
      ports,
      nextHop: atOnce,
      limits,
    });
    expect(outcome.warnings).toEqual([
      {
        message: '10.0.0.254 has another hardware address now: the scan goes on with it',
        incomplete: false,
      },
    ]);
  });
});
