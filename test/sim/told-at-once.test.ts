/** What is open is told as soon as it is known, however slowly is asked. @module */

import { expect, test } from 'vitest';
import type { Limits } from '../../src/engine/scheduler-options.ts';
import type { PortBehaviour } from './network.ts';
import { normalLimits, simulateChecked } from './run.ts';

const paces: Readonly<Record<string, Partial<Limits>>> = {
  'a delay of 15 s': { scanDelayUs: 15_000_000 },
  'a delay of 400 ms': { scanDelayUs: 400_000 },
  'one packet in 2 s': { linkRate: { ...normalLimits.linkRate, startPps: 0.5, maxPps: 0.5, minPps: 0.1 } },
  'one question at a time': { maxParallelism: 1 },
  'no bound': {},
};

for (const [pace, limits] of Object.entries(paces))
  for (const rest of ['closed', 'drop'] as const)
    test.each(['syn', 'connect'] as const)(`${pace}, the others ${rest}: %s`, async (technique) => {
      const askedUs = new Map<string, number>();
      const outcome = await simulateChecked({
        seed: 5,
        path: { rttUs: 20_000 },
        hosts: [
          {
            port: (number, nowUs = 0): PortBehaviour => {
              if (number > 12 || number % 3 !== 0) return rest;
              askedUs.set(`0/${number}`, nowUs);
              return 'open';
            },
          },
        ],
        ports: 12,
        technique,
        limits: { maxAttempts: 2, ...limits },
        mostSeconds: 3000,
      });
      expect(askedUs.size).toBe(4);
      for (const [key, atUs] of askedUs) {
        expect(outcome.verdicts.get(key)?.state).toBe('open');
        // The answer's way, and a tenth of a second.
        expect((outcome.toldAtUs.get(key) as number) - atUs, key).toBeLessThanOrEqual(120_000);
      }
    });
