/**
 * ICMP errors at the rate at which Linux sends them (six at once, then one a second to an address), from routers,
 * filters and hosts. Many seeds each, on a virtual clock; a failure names its seed.
 *
 * @module
 */

import { describe, expect, test } from 'vitest';
import { fromTarget } from '../../src/model/observation.ts';
import { runsOf } from '../runs.ts';
import type { HostModel, PortBehaviour } from './network.ts';
import { type Outcome, type Simulation, simulate, tally } from './run.ts';

const near = { rttUs: 2000, routerIcmpPerSecond: 1 };

describe('a host that rejects all but two ports', () => {
  const port = (port: number): PortBehaviour => (port === 22 || port === 90 ? 'open' : 'admin-prohibited');
  const host = { port, icmpPerSecond: 1 };

  test.each([100, 1000])('%d ports: right, at the usual pace, with no false alarm', (ports) => {
    each(20, { path: near, hosts: [host], ports }, (outcome) => {
      expect(states(outcome)).toEqual({ open: [22, 90], filtered: ports - 2 });
      expect([outcome.ends, outcome.blocked, outcome.ownLimits]).toEqual([['done'], [], []]);
      expect(outcome.elapsedMs).toBeLessThan(ports < 1000 ? 1300 : 2500);
      expect(outcome.loss.state(8)).toMatchObject({ estimate: 0 });
    });
  });

  test('the limit is seen, and is the host’s', () => {
    each(20, { path: near, hosts: [host], ports: 1000 }, ({ errorLimits }) => {
      expect(errorLimits).toMatchObject([{ sender: fromTarget }]);
    });
  });

  test.each([1, 5, 20])('%d errors a second: the figure is known after eight seconds', (icmpPerSecond) => {
    const limits = { hostRate: { startPps: 2000, minPps: 1, maxPps: 2000 } };
    const simulation = { path: near, hosts: [{ port, icmpPerSecond }], ports: 20_000, limits };
    each(2, simulation, ({ errorLimits, elapsedMs }) => {
      expect(elapsedMs).toBeGreaterThan(8000);
      expect((errorLimits[0]?.perSecond ?? 0) / icmpPerSecond).toBeGreaterThan(0.8);
      expect((errorLimits[0]?.perSecond ?? 0) / icmpPerSecond).toBeLessThan(1.25);
    });
  });

  test('errors that nobody limits are no reason to stay slow', () => {
    each(3, { path: near, hosts: [{ port }], ports: 20_000 }, (outcome) => {
      expect(states(outcome)).toEqual({ open: [22, 90], filtered: 19_998 });
      expect(outcome.elapsedMs).toBeLessThan(5000);
      expect(outcome.errorLimits).toEqual([]);
    });
  });

  test('by FIN: what resets is closed, and the rest is waited for only some seconds', () => {
    const closed = (port: number): PortBehaviour => (port % 10 === 0 ? 'closed' : 'admin-prohibited');
    const simulation = {
      path: near,
      hosts: [{ port: closed, icmpPerSecond: 1 }],
      ports: 100,
      technique: 'fin',
    } as const;
    each(20, simulation, (outcome) => {
      const { verdicts, toldAtUs } = outcome;
      for (let port = 10; port <= 100; port += 10) {
        expect(verdicts.get(`0/${port}`)?.state).toBe('closed');
        expect(toldAtUs.get(`0/${port}`)).toBeLessThan(500_000);
      }
      for (const [key, { state }] of verdicts)
        if (!key.endsWith('0')) expect(['filtered', 'open|filtered']).toContain(state);
      expect(outcome.elapsedMs).toBeLessThan(5000);
      expect(outcome.blocked).toEqual([]);
    });
  });
});

test('one port that a router rejects is no sentinel: nothing is called blocked', () => {
  const port = (port: number): PortBehaviour =>
    port === 22 || port === 80 ? 'open' : port === 43 ? 'closed' : port === 23 ? 'router-prohibited' : 'drop';
  each(50, { path: near, hosts: [{ port }], ports: 100 }, (outcome) => {
    expect(states(outcome)).toEqual({ open: [22, 80], closed: 1, filtered: 97 });
    expect([outcome.ends, outcome.blocked]).toEqual([['done'], []]);
    // Where nothing but two handshakes shows what the path bears, what was asked too fast for that is asked again.
    expect(outcome.elapsedMs).toBeLessThan(1500);
  });
});

test('an address that nobody has, behind a router that says so now and then: filtered, and done', () => {
  each(20, { path: near, hosts: [{ port: () => 'no-route' }], ports: 100 }, (outcome) => {
    expect(tally(outcome)).toEqual({ filtered: 100 });
    expect([outcome.ends, outcome.blocked, outcome.loss.state(8)]).toEqual([['done'], [], undefined]);
    expect(outcome.elapsedMs).toBeLessThan(3500);
  });
});

test.each(['syn', 'connect'] as const)(
  'an address that a router has no route to, and that says so only after a pause, by %s: filtered, and done',
  (technique) => {
    const path = { ...near, paysTwice: true };
    each(20, { path, hosts: [{ port: () => 'no-route' }], ports: 100, technique }, (outcome) => {
      expect(tally(outcome)).toEqual({ filtered: 100 });
      expect([outcome.ends, outcome.blocked]).toEqual([['done'], []]);
      expect(outcome.elapsedMs).toBeLessThan(6000);
    });
  },
);

test('many hosts behind a router that rejects: none waits for its errors', () => {
  const hosts = Array.from({ length: 20 }, (): HostModel => ({ port: () => 'router-prohibited' }));
  for (const ports of [3, 100]) {
    each(5, { path: near, hosts, ports }, (outcome) => {
      expect(tally(outcome)).toEqual({ filtered: 20 * ports });
      expect([outcome.ends.every((end) => end === 'done'), outcome.blocked]).toEqual([true, []]);
      expect(outcome.elapsedMs).toBeLessThan(4000);
    });
  }
});

test('SYN and UDP together: the ports of TCP do not wait for those of UDP, and only errors are limited', () => {
  const port = (port: number): PortBehaviour => (port === 22 ? 'open' : 'closed');
  const hosts = [{ port, icmpPerSecond: 1 }];
  each(10, { path: near, hosts, ports: 40, besides: ['udp'], mostSeconds: 120 }, (outcome) => {
    for (let port = 1; port <= 40; port++) {
      expect(outcome.verdicts.get(`0/${port}`)?.state).toBe(port === 22 ? 'open' : 'closed');
      expect(outcome.toldAtUs.get(`0/${port}`)).toBeLessThan(500_000);
      expect(outcome.verdicts.get(`0/udp/${port}`)?.state).toBe(port === 22 ? 'open' : 'closed');
    }
    expect(outcome.ownLimits).toEqual([]);
    expect(outcome.errorLimits[0]?.perSecond).toBeGreaterThan(0.75);
    expect(outcome.errorLimits[0]?.perSecond).toBeLessThan(1.25);
  });
});

test('UDP ports that stay silent beside refused ones are waited for no longer than refusals come', () => {
  const port = (port: number): PortBehaviour => (port % 3 === 0 ? 'drop' : 'closed');
  const path = { rttUs: 700_000, jitterUs: 600_000 };
  each(5, { path, hosts: [{ port }], ports: 30, technique: 'udp', mostSeconds: 120 }, (outcome) => {
    expect(tally(outcome)).toEqual({ closed: 20, 'open|filtered': 10 });
    expect(outcome.elapsedMs).toBeLessThan(30_000);
  });
});

test.each([1, 2, 10])(
  'UDP ports whose host sends %d errors a second and saves one up are closed',
  (icmpPerSecond) => {
    const hosts = [{ port: (): PortBehaviour => 'closed', icmpPerSecond, icmpBurst: 1 }];
    each(5, { path: near, hosts, ports: 20, technique: 'udp' }, (outcome) => {
      expect(tally(outcome)).toEqual({ closed: 20 });
      expect(outcome.errorLimits).toHaveLength(1);
    });
  },
);

test('one UDP port refused beside silent ones: the next error is waited for two seconds or three, no longer', () => {
  const port = (port: number): PortBehaviour => (port === 5 ? 'closed' : 'drop');
  for (const ports of [10, 100, 1000]) {
    each(3, { path: near, hosts: [{ port }], ports, technique: 'udp' }, (outcome) => {
      expect(tally(outcome)).toEqual({ closed: 1, 'open|filtered': ports - 1 });
      expect([outcome.errorLimits, outcome.blocked]).toEqual([[], []]);
      expect(outcome.elapsedMs).toBeLessThan(5000);
    });
  }
});

test('UDP services that answer are known at once, whatever the closed ports take', () => {
  const port = (port: number): PortBehaviour => (port % 50 === 7 ? 'open' : 'closed');
  const hosts = [{ port, icmpPerSecond: 1 }];
  each(3, { path: near, hosts, ports: 1000, technique: 'udp', mostSeconds: 30 }, ({ toldAtUs }) => {
    for (let port = 7; port <= 1000; port += 50) expect(toldAtUs.get(`0/${port}`)).toBeLessThan(1_500_000);
  });
});

test('a host to which there was no way for a moment is asked again', () => {
  const port = (port: number): PortBehaviour => (port % 7 === 0 ? 'open' : 'closed');
  const path = { rttUs: 2000 };
  each(20, { path, hosts: [{ port, unreachableUntilUs: 60_000 }], ports: 500 }, (outcome) => {
    expect(tally(outcome)).toEqual({ open: 71, closed: 429 });
    expect(outcome.repeated).toBe(0);
  });
});

test.each([5, 10, 20, 100])(
  '%d errors a second: a figure that is told of eight limited ones is right',
  (perSecond) => {
    const port = (port: number): PortBehaviour => (port % 37 === 22 ? 'open' : 'router-prohibited');
    for (const ports of [100, 1000]) {
      for (const technique of ['syn', 'ack'] as const) {
        const path = { rttUs: 2000, routerIcmpPerSecond: perSecond };
        each(4, { path, hosts: [{ port }], ports, technique }, ({ errorLimits }) => {
          for (const limit of errorLimits) {
            const told = limit.count >= 8 && limit.perSecond > 0 ? limit.perSecond / perSecond : 1;
            expect(told).toBeGreaterThan(0.75);
            expect(told).toBeLessThan(1.25);
          }
        });
      }
    }
  },
);

test('what is asked again because there may be a way by now shows no limit on errors', () => {
  const port = (port: number): PortBehaviour => (port % 50 === 0 ? 'open' : 'no-route');
  each(5, { path: { rttUs: 2000 }, hosts: [{ port }], ports: 500 }, (outcome) => {
    expect(tally(outcome)).toEqual({ open: 10, filtered: 490 });
    expect(outcome.errorLimits).toEqual([]);
  });
});

test('a ban that answers by errors is a ban all the same', () => {
  const port = (port: number): PortBehaviour => (port % 7 === 0 ? 'open' : 'closed');
  const hosts = [{ port, banAfter: 500, bansByError: true, icmpPerSecond: 1 }];
  each(10, { path: near, hosts, ports: 3000 }, (outcome) => {
    expect(outcome.ends).toEqual(['blocked']);
    expect(outcome.blocked).toHaveLength(1);
    expect(tally(outcome)['unknown']).toBeGreaterThan(2000);
    expect(tally(outcome)['filtered'] ?? 0).toBe(0);
  });
});

test('what met the errors of a ban is asked again when that is over', () => {
  const port = (port: number): PortBehaviour => (port % 7 === 0 ? 'open' : 'closed');
  const hosts = [
    { port, bannedFromUs: 60_000, bannedUntilUs: 3_000_000, bansByError: true, icmpPerSecond: 1 },
  ];
  each(10, { path: { ...near, rttUs: 20_000 }, hosts, ports: 3000 }, (outcome) => {
    expect(outcome.ends).toEqual(['done']);
    expect(outcome.blocked).toHaveLength(1);
    expect(tally(outcome)).toEqual({ open: 428, closed: 2572 });
  });
});

test('a way that is gone for good judges no port of a host that has answered', () => {
  const port = (port: number, nowUs = 0): PortBehaviour =>
    nowUs > 60_000 ? 'no-route' : port % 7 === 0 ? 'open' : 'closed';
  each(10, { path: { ...near, rttUs: 20_000 }, hosts: [{ port }], ports: 3000 }, (outcome) => {
    expect(outcome.ends).toEqual(['blocked']);
    expect(tally(outcome)['filtered'] ?? 0).toBe(0);
  });
});

describe('a router that lets 20 new connections a second through and refuses the rest', () => {
  const open = (port: number) => port % 17 === 5;
  const port = (port: number): PortBehaviour => (open(port) ? 'open' : 'closed');
  const refusing = { port, synsPerSecond: 20, synsBeyond: 'router-refused' } as const;

  describe.each([
    ['at Linux’ limit of errors', 1],
    ['every time', undefined],
  ])('%s', (_, routerIcmpPerSecond) => {
    const path = { rttUs: 2000, ...(routerIcmpPerSecond !== undefined && { routerIcmpPerSecond }) };

    test.each([
      ['syn', 10, 'router-refused'],
      ['syn', 30, 'router-refused'],
      ['syn', 100, 'router-refused'],
      ['syn', 100, 'admin-prohibited'],
      ['syn', 1000, 'router-prohibited'],
      ['connect', 10, 'router-refused'],
      ['connect', 100, 'router-refused'],
      ['connect', 100, 'router-prohibited'],
      ['connect', 300, 'router-refused'],
    ] as const)('%s, %d ports, by %s: no port is called refused for it', (technique, ports, synsBeyond) => {
      const hosts = [{ ...refusing, synsBeyond }];
      each(ports < 1000 ? 10 : 3, { path, hosts, ports, technique }, (outcome) => {
        for (const [key, { state }] of outcome.verdicts)
          expect([key, state]).toEqual([key, port(Number(key.slice(2)))]);
        expect([outcome.ends, outcome.repeated]).toEqual([['done'], 0]);
        // A figure is right, or there is none.
        for (const perSecond of outcome.ownLimits)
          expect(perSecond === 0 || Math.abs(perSecond / 20 - 1) < 0.25).toBe(true);
        expect(outcome.errorLimits.every(({ perSecond }) => perSecond === 0)).toBe(true);
      });
    });
  });

  // What looked for the host has used some of the SYNs up. Some of the others are refused whenever they are asked.
  describe.each([
    ['syn', { techniques: ['ping-syn', 'ping-ack'], techniqueOf: Uint8Array.of(0, 1) }],
    ['connect', { techniques: ['ping-connect'], techniqueOf: Uint8Array.of(0, 0) }],
  ] as const)('five, to a host that was found, %s', (technique, questions) => {
    const discovery = { ...questions, portOf: Uint16Array.of(443, 80) };
    test.each([
      [5, 'closed', 'router-refused', 1],
      [5, 'router-prohibited', 'router-prohibited', 1],
      [12, 'router-prohibited', 'router-prohibited', undefined],
    ] as const)('%d ports, but one %s, by %s, %s errors a second', (ports, others, synsBeyond, errorsPps) => {
      const path = { rttUs: 400, ...(errorsPps !== undefined && { routerIcmpPerSecond: errorsPps }) };
      for (let seed = 1; seed <= runsOf(10); seed++) {
        const open = (seed % ports) + 1;
        const port = (at: number): PortBehaviour =>
          at === open || at === 443 ? 'open' : at === 80 ? 'closed' : others;
        const hosts = [{ port, synsPerSecond: 5, synsBeyond }];
        const outcome = simulate({ seed, path, hosts, ports, technique, discovery });
        for (const [key, { state }] of outcome.verdicts) {
          const behaviour = port(Number(key.slice(2)));
          const right = behaviour === 'router-prohibited' ? 'filtered' : behaviour;
          expect([seed, key, state]).toEqual([seed, key, right]);
        }
        expect([outcome.ends, outcome.repeated]).toEqual([['done'], 0]);
      }
    });
  });

  test('the figure is known where 100 ports were asked', () => {
    each(10, { path: near, hosts: [refusing], ports: 100 }, ({ ownLimits }) => {
      expect(ownLimits).toHaveLength(1);
      expect(Math.abs((ownLimits[0] as number) / 20 - 1)).toBeLessThan(0.25);
    });
  });

  test('what is refused whenever it is asked is filtered', () => {
    const always = (port: number): PortBehaviour => (port % 5 === 0 ? 'router-refused' : 'closed');
    each(10, { path: near, hosts: [{ ...refusing, port: always }], ports: 100 }, (outcome) => {
      expect(tally(outcome)).toEqual({ closed: 80, filtered: 20 });
      expect(outcome.blocked).toEqual([]);
    });
  });

  test('that is fifty round trips away: few ports are right as well', () => {
    each(10, { path: { ...near, rttUs: 100_000 }, hosts: [refusing], ports: 10 }, (outcome) => {
      expect(tally(outcome)).toEqual({ open: 1, closed: 9 });
    });
  });
});

describe('errors that do not depend on the rate', () => {
  test('refuse ports for good: hardly any is asked again, whether or not they are limited', () => {
    const port = (port: number): PortBehaviour => (port % 10 === 0 ? 'closed' : 'router-refused');
    each(10, { path: { rttUs: 2000 }, hosts: [{ port }], ports: 1000 }, (outcome) => {
      expect(tally(outcome)).toEqual({ closed: 100, filtered: 900 });
      expect(outcome.sent).toBeLessThanOrEqual(1024);
    });
    const first = (port: number): PortBehaviour => (port === 22 ? 'open' : 'router-refused');
    each(10, { path: { rttUs: 2000 }, hosts: [{ port: first }], ports: 100 }, (outcome) => {
      expect(tally(outcome)).toEqual({ open: 1, filtered: 99 });
      expect(outcome.sent).toBeLessThan(112);
      expect(outcome.elapsedMs).toBeLessThan(150);
    });
  });
});

/** Runs it with many seeds. */
function each(count: number, simulation: Omit<Simulation, 'seed'>, check: (outcome: Outcome) => void): void {
  for (let seed = 1; seed <= runsOf(count); seed++) {
    const outcome = simulate({ ...simulation, seed });
    try {
      check(outcome);
    } catch (error) {
      (error as Error).message = `seed ${seed}: ${(error as Error).message}`;
      throw error;
    }
  }
}

/** Open ports one by one, the other states counted. */
function states(outcome: Outcome): Record<string, unknown> {
  const { open: _, ...others } = tally(outcome);
  const open = [...outcome.verdicts].flatMap(([key, { state }]) =>
    state === 'open' ? [Number(key.split('/').at(-1))] : [],
  );
  return { open: open.toSorted((a, b) => a - b), ...others };
}
