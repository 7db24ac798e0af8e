/** A link on the way that comes and goes loses at any rate: the scan ends, and what it says is right. */

import { describe, expect, test } from 'vitest';
import type { HostModel } from './network.ts';
import { simulate, tally } from './run.ts';

const open = [22, 80, 443, 808];

describe('a path that is gone three tenths of each second', () => {
  test.each(['drop', 'no-route'] as const)(
    'to a host that drops nearly everything, which the router before it meets with %s',
    (meanwhile) => {
      const host: HostModel = {
        port: (port, nowUs = 0) => {
          if (nowUs % 1_000_000 >= 700_000) return meanwhile;
          return open.includes(port) ? 'open' : 'drop';
        },
      };
      const path = { rttUs: 100, routerIcmpPerSecond: 1 };
      for (const seed of [1, 6, 8, 9, 10, 16]) {
        const outcome = simulate({ seed, path, hosts: [host], ports: 1000, mostSeconds: 60 });
        expect(tally(outcome), `seed ${seed}`).toEqual({ open: 4, filtered: 996 });
        expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(20_000);
      }
    },
  );
});

describe('a scan of few ports that begins while such a path is gone', () => {
  const few = [22, 44, 80, 88];
  test.each(['syn', 'connect'] as const)('%s', (technique) => {
    for (const seed of [7, 8, 9, 28, 29]) {
      const host: HostModel = {
        port: (port, nowUs = 0) => {
          if ((nowUs + seed * 97_000) % 1_000_000 >= 700_000) return 'drop';
          return few.includes(port) ? 'open' : 'drop';
        },
      };
      const path = { rttUs: 150 };
      const outcome = simulate({ seed, path, hosts: [host], ports: 100, technique, mostSeconds: 60 });
      expect(tally(outcome), `seed ${seed}`).toEqual({ open: 4, filtered: 96 });
      expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(10_000);
    }
  });
});
