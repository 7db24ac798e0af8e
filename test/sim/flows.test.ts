/** Tables of flows on the way that have no room for more: what comes through of a scan is right, and the rest is not judged. @module */

import { describe, expect, test } from 'vitest';
import type { PortBehaviour } from './network.ts';
import { simulate, tally } from './run.ts';

const tenth =
  (others: PortBehaviour) =>
  (port: number): PortBehaviour =>
    port % 10 === 0 ? 'open' : others;

describe('a filter that lets an address have five connections at once', () => {
  // A connection is gone a round trip after its answer; what a filter behind it drops is not counted for long.
  const brief = { most: 5, silentUs: 300, answeredUs: 300 };
  test.each(
    (['syn', 'connect'] as const).flatMap((technique) =>
      (['closed', 'drop', 'open'] as const).flatMap((others) =>
        [60, 300].map((ports) => ({ technique, others, ports })),
      ),
    ),
  )('$technique, $ports ports, most of them $others: all are right', ({ technique, others, ports }) => {
    const port = tenth(others);
    for (const flows of [brief, { ...brief, most: 2 }, { ...brief, answeredUs: 20_000 }]) {
      for (let seed = 1; seed <= 3; seed++) {
        const hosts = [{ port, flows }];
        const outcome = simulate({ seed, path: { rttUs: 300 }, hosts, ports, technique, mostSeconds: 60 });
        const wrong = [...outcome.verdicts].filter(([key, { state }]) => {
          const behaviour = port(Number(key.split('/').at(-1)));
          return state !== (behaviour === 'drop' ? 'filtered' : behaviour);
        });
        expect(wrong, `seed ${seed}`).toEqual([]);
        expect([outcome.timedOut, outcome.blocked], `seed ${seed}`).toEqual([false, []]);
      }
    }
  });
});

describe('a router with room for sixty flows', () => {
  const others = ['closed', 'drop'] as const;
  const cases = (['syn', 'connect', 'udp'] as const).flatMap((technique) =>
    others.flatMap((other) => [100, 1000].map((ports) => ({ technique, other, ports }))),
  );
  test.each(cases)('that it keeps for long: $technique, $ports ports, most of them $other', (scan) => {
    const { technique, other, ports } = scan;
    for (const silentUs of [30e6, 120e6]) {
      const path = { rttUs: 300, flows: { most: 60, silentUs, answeredUs: 10e6 } };
      const hosts = [{ port: tenth(other) }];
      const outcome = simulate({ seed: 1, path, hosts, ports, technique, mostSeconds: 60 });
      expect(outcome.ends).toEqual(['blocked']);
      const { open = 0, closed = 0, unknown, ...rest } = tally(outcome);
      expect(rest).toEqual({});
      expect(open + closed).toBeLessThanOrEqual(60);
      expect(open).toBeGreaterThan(0);
      expect(unknown).toBe(ports - open - closed);
    }
  });

  test.each(['syn', 'udp'] as const)(
    'that it keeps for five seconds: %s, it is asked slower until they suffice',
    (technique) => {
      const half = (port: number): PortBehaviour =>
        port % 10 === 0 ? 'open' : port % 2 === 1 ? 'closed' : 'drop';
      const path = { rttUs: 300, flows: { most: 60, silentUs: 5e6, answeredUs: 1e6 } };
      for (let seed = 1; seed <= 3; seed++) {
        const outcome = simulate({
          seed,
          path,
          hosts: [{ port: half }],
          ports: 100,
          technique,
          mostSeconds: 60,
        });
        expect(outcome.ends, `seed ${seed}`).toEqual(['done']);
        expect(outcome.verdicts.size, `seed ${seed}`).toBe(100);
        for (const [key, { state }] of outcome.verdicts) {
          const behaviour = half(Number(key.split('/').at(-1)));
          const silence = technique === 'udp' ? 'open|filtered' : 'filtered';
          const right =
            technique === 'udp' ? [silence, behaviour] : [behaviour === 'drop' ? silence : behaviour];
          expect(right, `seed ${seed}, ${key}`).toContain(state);
        }
      }
    },
  );
});
