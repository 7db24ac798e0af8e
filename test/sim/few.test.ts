/** Few questions meet limits as well as many. @module */

import { describe, expect, test } from 'vitest';
import { runsOf } from '../runs.ts';
import type { PortBehaviour } from './network.ts';
import { simulate, tally } from './run.ts';

/** Every tenth port is open, the others are closed. */
const some = (port: number): PortBehaviour => (port % 10 === 0 ? 'open' : 'closed');

describe('fewer questions than a pace is begun for', () => {
  test.each([
    { ports: 60, perSecond: 20 },
    { ports: 60, perSecond: 100 },
    { ports: 30, perSecond: 10 },
    { ports: 20, perSecond: 5 },
  ])(
    '$ports ports, $perSecond SYNs a second are let through: every port is right',
    ({ ports, perSecond }) => {
      for (let seed = 1; seed <= runsOf(10); seed++) {
        const hosts = [{ port: some, synsPerSecond: perSecond }];
        const { verdicts, elapsedMs } = simulate({ seed, path: { rttUs: 400 }, hosts, ports });
        const wrong = [...verdicts].filter(([key, { state }]) => state !== some(Number(key.split('/')[1])));
        expect(wrong, `seed ${seed}`).toEqual([]);
        expect(elapsedMs, `seed ${seed}`).toBeLessThan((3 * ports * 1000) / perSecond + 4000);
      }
    },
  );
});

describe('a host that limits its resets and saves none up', () => {
  test.each([
    { ports: 54, perSecond: 391, open: 7, rttUs: 50 },
    { ports: 212, perSecond: 112, open: 7, rttUs: 50 },
    { ports: 270, perSecond: 43, open: 7, rttUs: 50 },
    { ports: 900, perSecond: 271, open: 7, rttUs: 50 },
    { ports: 100, perSecond: 20, open: 1000, rttUs: 100_000 },
  ])(
    '$ports ports, every $open th open, $perSecond resets a second, $rttUs µs away: none is called filtered',
    ({ ports, perSecond, open, rttUs }) => {
      for (let seed = 1; seed <= 4; seed++) {
        const port = (port: number): PortBehaviour => ((port + seed) % open === 0 ? 'open' : 'closed');
        const path = { rttUs, jitterUs: (rttUs * seed) / 20 };
        const hosts = [{ port, rstPerSecond: perSecond, rstBurst: 1 }];
        const { verdicts, elapsedMs } = simulate({ seed, path, hosts, ports });
        const wrong = [...verdicts].filter(([key, { state }]) => state !== port(Number(key.split('/')[1])));
        expect(wrong, `seed ${seed}`).toEqual([]);
        expect(elapsedMs, `seed ${seed}`).toBeLessThan((3 * ports * 1000) / perSecond + 8000);
      }
    },
  );

  test('and drops some of what it is asked: those are not asked for ever', () => {
    const port = (port: number): PortBehaviour => (port % 7 === 0 ? 'drop' : 'closed');
    const hosts = [{ port, rstPerSecond: 69, rstBurst: 50 }];
    const outcome = simulate({ seed: 1, path: { rttUs: 50 }, hosts, ports: 108 });
    expect(tally(outcome)).toEqual({ closed: 93, filtered: 15 });
    expect(outcome.elapsedMs).toBeLessThan(16_000);
  });
});
