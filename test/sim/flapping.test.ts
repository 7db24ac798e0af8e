/** A link on the way that comes and goes loses at any rate: the scan ends, and what it says is right. */

import { describe, expect, test } from 'vitest';
import { runsOf } from '../runs.ts';
import type { HostModel, PortBehaviour } from './network.ts';
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

describe('a scan of few ports over such a path, wherever in a second it begins', () => {
  const few = [22, 44, 80, 88];
  test.each([
    { technique: 'syn', periodUs: 1_000_000 },
    { technique: 'syn', periodUs: 1_030_000 },
    { technique: 'connect', periodUs: 1_000_000 },
    { technique: 'connect', periodUs: 1_030_000 },
  ] as const)('$technique, every $periodUs µs', ({ technique, periodUs }) => {
    for (let seed = 1; seed <= runsOf(20); seed++) {
      const host: HostModel = {
        port: (port, nowUs = 0) => {
          if ((nowUs + seed * 97_000) % periodUs >= 0.7 * periodUs) return 'drop';
          return few.includes(port) ? 'open' : 'drop';
        },
      };
      const path = { rttUs: 150 };
      const outcome = simulate({ seed, path, hosts: [host], ports: 100, technique, mostSeconds: 60 });
      expect(tally(outcome), `seed ${seed}`).toEqual({ open: 4, filtered: 96 });
      expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(7000);
    }
  });
});

describe('a path that is gone three tenths of each second, of which the router before the host speaks', () => {
  test.each([
    { technique: 'syn', ports: 1000, otherwise: 'drop' },
    { technique: 'syn', ports: 100, otherwise: 'drop' },
    { technique: 'syn', ports: 100, otherwise: 'closed' },
    { technique: 'connect', ports: 1000, otherwise: 'drop' },
    { technique: 'connect', ports: 100, otherwise: 'closed' },
  ] as const)('$technique, $ports ports, others $otherwise: none rests on what it says', (scan) => {
    const { technique, ports, otherwise } = scan;
    const few = [22, 44, 80, 88];
    // Seeds 7 and 8 begin when it is about to go, and when it is gone.
    for (const seed of [4, 7, 8, 11, 12, 13]) {
      const host: HostModel = {
        port: (port, nowUs = 0) => {
          if ((nowUs + seed * 97_000) % 1_000_000 >= 700_000) return 'no-route';
          return few.includes(port) ? 'open' : otherwise;
        },
      };
      const path = { rttUs: 100, routerIcmpPerSecond: 1 };
      const outcome = simulate({ seed, path, hosts: [host], ports, technique, mostSeconds: 60 });
      const state = otherwise === 'drop' ? 'filtered' : otherwise;
      expect(tally(outcome), `seed ${seed}`).toEqual({ open: 4, [state]: ports - 4 });
      const reasons = new Set([...outcome.verdicts.values()].map(({ reason }) => reason));
      expect(reasons, `seed ${seed}`).not.toContain('host-unreach');
      expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(8000);
    }
  });

  test('but a filter that always says so of some ports is believed, and soon', () => {
    const port = (port: number): PortBehaviour => (port % 50 === 0 ? 'closed' : 'no-route');
    const outcome = simulate({ seed: 1, path: { rttUs: 2000 }, hosts: [{ port }], ports: 500 });
    const ofRouter = [...outcome.verdicts.values()].filter(({ reason }) => reason === 'host-unreach');
    expect(ofRouter).toHaveLength(490);
    expect(outcome.sent).toBeLessThan(500 + 3 * 490);
    expect(outcome.elapsedMs).toBeLessThan(3000);
  });
});

test('a host looked for while a link that flaps every second is gone is found, whenever it begins', () => {
  const discovery = {
    techniques: ['ping-syn'],
    techniqueOf: new Uint8Array(1),
    portOf: Uint16Array.of(80),
  } as const;
  for (let seed = 1; seed <= runsOf(20); seed++) {
    const host: HostModel = {
      port: (port, nowUs = 0) => {
        if ((nowUs + seed * 50_000) % 1_000_000 >= 700_000) return 'drop';
        return port === 80 ? 'open' : 'closed';
      },
    };
    const outcome = simulate({ seed, path: { rttUs: 100 }, hosts: [host], ports: 100, discovery });
    expect(tally(outcome), `seed ${seed}`).toEqual({ open: 1, closed: 99 });
  }
});

test('a router that says so of what is asked too fast is asked slower: it depends on the rate, not on the port', () => {
  const port = (port: number): PortBehaviour => (port % 10 === 0 ? 'open' : 'drop');
  for (const seed of [1, 2, 3]) {
    const hosts = [{ port, synsPerSecond: 100, synsBeyond: 'no-route' } as const];
    const outcome = simulate({ seed, path: { rttUs: 400 }, hosts, ports: 500, mostSeconds: 60 });
    expect(tally(outcome), `seed ${seed}`).toEqual({ open: 50, filtered: 450 });
  }
});

describe('a scan that begins while the router before a host finds no way to it', () => {
  const few = (port: number): PortBehaviour => (port === 1 || port % 40 === 0 ? 'open' : 'drop');
  const most = (port: number): PortBehaviour => (port === 1 || port % 40 === 0 ? 'open' : 'closed');
  const silent: Record<string, string> = { udp: 'open|filtered' };
  const cases = (['syn', 'connect', 'udp'] as const).flatMap((technique) =>
    [1, 20, 100].map((ports) => ({ technique, ports })),
  );

  test.each(cases)('$technique, $ports ports: they are as it comes back to say', ({ technique, ports }) => {
    for (const isThere of [few, most]) {
      for (const [backUs, routerIcmpPerSecond] of [
        [300_000, 1],
        [1_000_000, Number.POSITIVE_INFINITY],
        [2_000_000, 1],
        [2_000_000, Number.POSITIVE_INFINITY],
      ] as const) {
        for (let seed = 1; seed <= 4; seed++) {
          const host: HostModel = {
            port: (port, nowUs = 0) => (nowUs < backUs ? 'no-route' : isThere(port)),
          };
          const path = { rttUs: 2000, routerIcmpPerSecond };
          const outcome = simulate({ seed, path, hosts: [host], ports, technique, mostSeconds: 60 });
          const label = `seed ${seed}, back after ${backUs} µs`;
          for (const [key, { state }] of outcome.verdicts) {
            const behaviour = isThere(Number(key.split('/').at(-1)));
            const expected = behaviour === 'drop' ? (silent[technique] ?? 'filtered') : behaviour;
            expect(state, `${label}, ${key}`).toBe(expected);
          }
          expect(outcome.verdicts.size, label).toBe(ports);
          expect(outcome.ends, label).toEqual(['done']);
          expect(outcome.loss.state(8)?.estimate ?? 0, label).toBe(0);
        }
      }
    }
  });

  test('and says so three seconds later, of few: it is said again of any of them, and nothing more is asked', () => {
    const hosts = [{ port: (): PortBehaviour => 'no-route' }];
    const path = { rttUs: 3_000_000, routerIcmpPerSecond: 1 };
    for (let seed = 1; seed <= 5; seed++) {
      const outcome = simulate({ seed, path, hosts, ports: 100 });
      expect(new Set([...outcome.verdicts.values()].map(({ state }) => state))).toEqual(
        new Set(['filtered']),
      );
      expect(outcome.sent, `seed ${seed}`).toBeLessThan(310);
      expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(8000);
    }
  });

  test('and never does: it is said once more, and costs no more time than a host that is silent', () => {
    const hosts = [{ port: (): PortBehaviour => 'no-route' }];
    for (const [ports, sent] of [
      [1, 2],
      [1000, 1001],
    ] as const) {
      const outcome = simulate({ seed: 1, path: { rttUs: 2000 }, hosts, ports });
      expect([...outcome.verdicts.values()].every(({ reason }) => reason === 'host-unreach')).toBe(true);
      expect(outcome.sent).toBe(sent);
      expect(outcome.elapsedMs).toBeLessThan(3100);
    }
  });
});
