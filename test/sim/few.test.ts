/** Few questions meet limits as well as many. @module */

import { describe, expect, test } from 'vitest';
import type { PortBehaviour } from './network.ts';
import { simulate } from './run.ts';

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
      for (let seed = 1; seed <= 10; seed++) {
        const hosts = [{ port: some, synsPerSecond: perSecond }];
        const { verdicts, elapsedMs } = simulate({ seed, path: { rttUs: 400 }, hosts, ports });
        const wrong = [...verdicts].filter(([key, { state }]) => state !== some(Number(key.split('/')[1])));
        expect(wrong, `seed ${seed}`).toEqual([]);
        expect(elapsedMs, `seed ${seed}`).toBeLessThan((3 * ports * 1000) / perSecond + 4000);
      }
    },
  );
});
