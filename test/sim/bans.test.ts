/** Hosts that ban who asks too fast, for a while only: the scan ends, and what it says is right. @module */

import { describe, expect, test } from 'vitest';
import type { HostModel, PortBehaviour } from './network.ts';
import { simulate, tally } from './run.ts';

/** Bans for two seconds whoever has used up the SYNs that are let through: sixty at once, so many a second. */
function banning(perSecond: number, port: (port: number) => PortBehaviour): HostModel {
  let [tokens, atUs, bannedUntilUs] = [60, 0, 0];
  return {
    port: (asked, nowUs = 0) => {
      if (nowUs < bannedUntilUs) return 'drop';
      tokens = Math.min(60, tokens + ((nowUs - atUs) * perSecond) / 1e6);
      atUs = nowUs;
      if (tokens < 1) {
        bannedUntilUs = nowUs + 2e6;
        return 'drop';
      }
      tokens--;
      return port(asked);
    },
  };
}

const few = (port: number): PortBehaviour => (port % 300 === 22 ? 'open' : 'closed');
const half = (port: number): PortBehaviour => (port % 2 === 1 ? 'drop' : few(port));

describe('a host that bans for two seconds whoever asks too fast', () => {
  test.each([
    { technique: 'syn', ports: 100, port: half },
    { technique: 'syn', ports: 1000, port: few },
    { technique: 'connect', ports: 100, port: few },
    { technique: 'connect', ports: 1000, port: few },
  ] as const)('$technique, $ports ports: it is asked slower each time, until it stays', (scan) => {
    const { technique, ports, port } = scan;
    for (let seed = 1; seed <= 2; seed++) {
      const hosts = [banning(50, port)];
      const outcome = simulate({ seed, path: { rttUs: 300 }, hosts, ports, technique, mostSeconds: 120 });
      expect([outcome.timedOut, outcome.ends], `seed ${seed}`).toEqual([false, ['done']]);
      expect(outcome.verdicts.size, `seed ${seed}`).toBe(ports);
      for (const [key, { state }] of outcome.verdicts) {
        const behaviour = port(Number(key.split('/').at(-1)));
        expect(state, `seed ${seed}, ${key}`).toBe(behaviour === 'drop' ? 'filtered' : behaviour);
      }
      expect(outcome.blocked.length, `seed ${seed}`).toBeLessThan(10);
    }
  });

  test('again and again however slowly it is asked is given up', () => {
    const hosts: HostModel[] = [{ port: (port, nowUs = 0) => (nowUs % 3e6 < 5000 ? few(port) : 'drop') }];
    const outcome = simulate({ seed: 1, path: { rttUs: 300 }, hosts, ports: 1000, mostSeconds: 120 });
    expect([outcome.timedOut, outcome.ends]).toEqual([false, ['blocked']]);
    expect(tally(outcome)['unknown']).toBeGreaterThan(500);
    expect(tally(outcome)['filtered']).toBeUndefined();
  });
});
