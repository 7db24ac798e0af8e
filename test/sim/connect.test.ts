/** Scans by connections: the shard over the simulator's dial. @module */

import { expect, test } from 'vitest';
import type { PortBehaviour } from './network.ts';
import { normalLimits, simulate, tally } from './run.ts';

const mixed = (port: number): PortBehaviour =>
  port % 10 === 1 ? 'open' : port % 10 === 2 ? 'drop' : port % 10 === 3 ? 'admin-prohibited' : 'closed';
const hosts = Array.from({ length: 4 }, () => ({ port: mixed }));

test('every port of every host is what it is, lost packets or not', () => {
  for (const loss of [0, 0.05]) {
    for (let seed = 1; seed <= 5; seed++) {
      const outcome = simulate({
        seed,
        path: { rttUs: 20_000, loss },
        hosts,
        ports: 100,
        technique: 'connect',
      });
      expect(tally(outcome), `loss ${loss}, seed ${seed}`).toEqual({ open: 40, filtered: 80, closed: 280 });
      expect([outcome.repeated, outcome.late, outcome.timedOut]).toEqual([0, 0, false]);
    }
  }
});

test('the most connections a second hold for all hosts together', () => {
  const rate = { startPps: 100, minPps: 1, maxPps: 100 };
  const outcome = simulate({
    seed: 1,
    path: { rttUs: 1000 },
    hosts: hosts.map(() => ({ port: () => 'closed' as const })),
    ports: 100,
    technique: 'connect',
    limits: { ...normalLimits, hostRate: rate, linkRate: rate },
  });
  expect(tally(outcome)).toEqual({ closed: 400 });
  // Four milliseconds that were missed may be made up for.
  expect(outcome.elapsedMs).toBeGreaterThanOrEqual(399 * 10 - 4);
  expect(outcome.elapsedMs).toBeLessThan(4500);
});

test('where there is room for few connections, silent ones do not keep the others waiting', () => {
  const silent = (port: number) => port % 30 === 7;
  for (let seed = 1; seed <= 3; seed++) {
    const outcome = simulate({
      seed,
      path: { rttUs: 200 },
      hosts: [{ port: (port) => (silent(port) ? 'drop' : 'closed') }],
      ports: 3000,
      technique: 'connect',
      connectionRoom: 18,
    });
    expect(tally(outcome)).toEqual({ filtered: 100, closed: 2900 });
    // A hundred are asked twice, for 0.1 s each, eighteen at a time.
    expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(1.3 * 1111);
    expect(outcome.totals.retransmitted, `seed ${seed}`).toBeLessThan(120);
  }
});

test('where there is room for few connections, silent ones of hosts whose path is sampled leave it to others', () => {
  for (let seed = 1; seed <= 3; seed++) {
    const outcome = simulate({
      seed,
      path: { rttUs: 200 },
      hosts: Array.from({ length: 8 }, () => ({ port: (port) => (port === 80 ? 'open' : 'drop') })),
      ports: 300,
      technique: 'connect',
      connectionRoom: 400,
    });
    expect(tally(outcome)).toEqual({ open: 8, filtered: 2392 });
    // Each is asked twice or three times, and every time waited for 0.1 s and more.
    expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(10_000);
    expect(outcome.totals.sampleLost, `seed ${seed}`).toBe(0);
  }
});

test('where there is room for few connections, lost packets make no silent port', () => {
  // One port of 12,000 may be missed by chance: of these 1600 none is.
  for (let seed = 2; seed <= 6; seed++) {
    const outcome = simulate({
      seed,
      path: { rttUs: 20_000, loss: 0.05 },
      hosts,
      ports: 100,
      technique: 'connect',
      connectionRoom: 10,
    });
    expect(tally(outcome), `seed ${seed}`).toEqual({ open: 40, filtered: 80, closed: 280 });
  }
});

test('what answers a SYN that the kernel repeated is no round trip: silent ports are not waited for as long', () => {
  for (let seed = 1; seed <= 5; seed++) {
    // All first SYNs are lost; their kernel sends them again after a second.
    const port = (port: number, nowUs = 0) => (port === 1 && nowUs > 900_000 ? 'open' : 'drop');
    const outcome = simulate({
      seed,
      path: { rttUs: 2000 },
      hosts: [{ port }],
      ports: 20,
      technique: 'connect',
      limits: { ...normalLimits, rtt: { ...normalLimits.rtt, initialUs: 2_000_000 } },
    });
    expect(tally(outcome), `seed ${seed}`).toEqual({ open: 1, filtered: 19 });
    expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(20_000);
  }
});
