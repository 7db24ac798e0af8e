/** Hosts that drop nearly everything: what little they answer shows what the path bears and loses. @module */

import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../src/base/random.ts';
import { runsOf } from '../runs.ts';
import type { HostModel, PathModel, PortBehaviour } from './network.ts';
import { type Outcome, simulate, tally } from './run.ts';

/** Two ports are open, three closed if wanted, the others dropped. */
function mute(open: readonly number[], closed: readonly number[] = []): HostModel {
  const kinds = new Map<number, PortBehaviour>([
    ...open.map((port) => [port, 'open'] as const),
    ...closed.map((port) => [port, 'closed'] as const),
  ]);
  return { port: (port) => kinds.get(port) ?? 'drop' };
}

/** The open ports that were found. */
function found({ verdicts }: Outcome): readonly number[] {
  const open = [...verdicts].filter(([, { state }]) => state === 'open');
  return open.map(([key]) => Number(key.split('/')[1])).sort((a, b) => a - b);
}

const many = 20_000;

describe('a path to a host that drops nearly everything', () => {
  const near: PathModel = { rttUs: 100 };
  const lossy: PathModel = { rttUs: 50_000, loss: 0.01 };
  test.each([
    { name: 'near, open ports alone', path: near, closed: [], runs: 2, mostMs: 4000, sendings: 3.1 },
    {
      name: 'near, closed ones as well',
      path: near,
      closed: [442, 443, 444],
      runs: 2,
      mostMs: 2000,
      sendings: 2.1,
    },
    { name: 'far and lossy', path: lossy, closed: [], runs: 5, mostMs: 6000, sendings: 3.3 },
  ])(
    '$name: is asked faster than one of which nothing is known',
    ({ path, closed, runs, mostMs, sendings }) => {
      let sent = 0;
      for (let seed = 1; seed <= runs; seed++) {
        const open = [22, 80, 8080];
        const outcome = simulate({ seed, path, hosts: [mute(open, closed)], ports: many });
        expect(found(outcome), `seed ${seed}`).toEqual(open);
        expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(mostMs);
        sent += outcome.sent;
        expect(outcome.blocked, `seed ${seed}`).toEqual([]);
        const loss = outcome.loss.state(8);
        expect(loss?.high, `seed ${seed}`).toBeLessThan(0.25);
      }
      // Where chance takes several samples all is asked once more.
      expect(sent / runs / many).toBeLessThan(sendings);
    },
  );

  test('is sampled from the first silences on, of a hundred ports as well: what was asked before is asked anew', () => {
    const outcome = simulate({ seed: 1, path: near, hosts: [mute([22, 80])], ports: 100 });
    expect(found(outcome)).toEqual([22, 80]);
    expect(outcome.sent / 100).toBeLessThan(4.5);
    expect(outcome.elapsedMs).toBeLessThan(1500);
  });

  test('hardly overflows its queue, and is used', () => {
    const path = { rttUs: 2000, bottleneckPps: 4000, queue: 100 };
    for (const closed of [[], [443, 444, 445]]) {
      const outcome = simulate({ seed: 2, path, hosts: [mute([22, 80], closed)], ports: many });
      expect(found(outcome)).toEqual([22, 80]);
      expect(outcome.counts.queueDrops / outcome.sent).toBeLessThan(0.1);
      expect(outcome.elapsedMs).toBeLessThan((1.5 * 3 * many) / 4);
    }
  });

  test('is sampled without wearing any service out: ten handshakes a second a port, forty a host', () => {
    const syns = new Map<number, number>();
    const open = Array.from({ length: 30 }, (_, i) => 600 * (i + 1));
    const host = mute(open);
    const counted: HostModel = {
      port(port) {
        syns.set(port, (syns.get(port) ?? 0) + 1);
        return host.port(port);
      },
    };
    const path = { rttUs: 20_000, bottleneckPps: 2000, queue: 50 };
    const outcome = simulate({ seed: 1, path, hosts: [counted], ports: many });
    const seconds = outcome.elapsedMs / 1000;
    const handshakes = open.map((port) => syns.get(port) ?? 0);
    expect(Math.max(...handshakes) / seconds).toBeLessThan(11);
    const all = handshakes.reduce((sum, count) => sum + count, 0);
    expect(all / seconds).toBeLessThan(45);
    expect(all, 'it is sampled').toBeGreaterThan(4 * open.length);
  });

  test('loses as much as is stated: what was asked before it was sampled counts, lost or not', () => {
    const port = (port: number): PortBehaviour =>
      port < 30 ? 'open' : port % 100 === 50 ? 'closed' : 'drop';
    let [seen, lost] = [0, 0];
    for (let seed = 1; seed <= 30; seed++) {
      const outcome = simulate({ seed, path: { rttUs: 2000, loss: 0.05 }, hosts: [{ port }], ports: 1000 });
      const { judged, firstLost, sampled, sampleLost } = outcome.loss;
      seen += judged + sampled;
      lost += firstLost + sampleLost;
    }
    // One in twenty is lost on each way.
    expect(lost / seen).toBeGreaterThan(0.0875);
    expect(lost / seen).toBeLessThan(0.1075);
  });

  test('is not called lossy because the host limits its resets', () => {
    const hosts = [{ ...mute([22, 80], [1443, 443, 444]), rstPerSecond: 20 }];
    const outcome = simulate({ seed: 3, path: near, hosts, ports: many });
    expect(found(outcome)).toEqual([22, 80]);
    expect(outcome.loss.state(8)?.estimate).toBeLessThan(0.02);
    expect(outcome.elapsedMs).toBeLessThan(10_000);
  });
});

describe('a host that answered an echo request and hardly anything else', () => {
  const discovery = {
    techniques: ['ping-echo'],
    techniqueOf: new Uint8Array(1),
    portOf: new Uint16Array(1),
  };
  const echoing = { echoesPerSecond: 1000 };
  /** Refuses what looks for it, and drops what is asked then. */
  const pingable = (port: number): PortBehaviour => (port > 5000 ? 'closed' : 'drop');

  test('is sampled by echoes, fifty a second at most: it is asked faster, and twice', () => {
    const hosts = [{ ...mute([]), ...echoing }];
    const outcome = simulate({ seed: 1, path: { rttUs: 300 }, hosts, ports: many, discovery });
    expect(tally(outcome)).toEqual({ filtered: many });
    // The second pass is spread over two seconds.
    expect(outcome.elapsedMs).toBeLessThan(3500);
    expect(outcome.sent / many).toBeLessThan(2.05);
    expect(outcome.counts.echoes / (outcome.elapsedMs / 1000)).toBeLessThan(55);
    expect(outcome.loss.state(8)).toMatchObject({ estimate: 0 });
  });

  test.each([
    { ports: 1000, sendings: 2 },
    // The first pass is over before echoes show what became of it.
    { ports: 300, sendings: 3 },
    { ports: 1000, maxAttempts: 2, sendings: 2 },
    { ports: 300, maxAttempts: 2, sendings: 2 },
  ])(
    'is asked no oftener, nor longer, than one of which nothing is known: %o',
    ({ ports, maxAttempts = 8, sendings }) => {
      const asked = new Map<number, number>();
      const port = (port: number): PortBehaviour => {
        asked.set(port, (asked.get(port) ?? 0) + 1);
        return 'drop';
      };
      const [hosts, path] = [[{ port, ...echoing }], { rttUs: 300 }];
      const outcome = simulate({ seed: 1, path, hosts, ports, discovery, limits: { maxAttempts } });
      expect(tally(outcome)).toEqual({ filtered: ports });
      expect(new Set(asked.values())).toEqual(new Set([sendings]));
      expect(outcome.elapsedMs).toBeLessThan(3000);
    },
  );

  test('is asked for an echo first, so that it is known to answer one', () => {
    const several = { techniques: ['ping-echo', 'ping-syn'], techniqueOf: Uint8Array.of(1, 1, 1, 0) };
    const asked = { ...several, portOf: Uint16Array.of(5080, 5443, 5022, 0) };
    for (let seed = 1; seed <= 4; seed++) {
      const hosts = [{ ...mute([]), port: pingable, ...echoing }];
      const outcome = simulate({ seed, path: { rttUs: 300 }, hosts, ports: 5000, discovery: asked });
      expect(outcome.counts.echoes, `seed ${seed}`).toBeGreaterThan(10);
    }
  });

  test('through a bottleneck: its queue hardly overflows, and what is open is found', () => {
    const path = { rttUs: 2000, bottleneckPps: 4000, queue: 100 };
    const hosts = [{ ...mute([15_000]), ...echoing }];
    const outcome = simulate({ seed: 1, path, hosts, ports: many, discovery });
    expect(found(outcome)).toEqual([15_000]);
    expect(outcome.counts.queueDrops / outcome.sent).toBeLessThan(0.11);
    expect(outcome.elapsedMs).toBeLessThan((1.5 * 3 * many) / 4);
  });

  test.each([
    { perSecond: 1, open: [] },
    { perSecond: 5, open: [4000] },
    { perSecond: 20, open: [] },
  ])(
    'and limits echoes to $perSecond a second: it takes hardly longer than if it answered none',
    (limited) => {
      const hosts = [{ ...mute(limited.open), echoesPerSecond: limited.perSecond }];
      const outcome = simulate({ seed: 1, path: { rttUs: 300 }, hosts, ports: 6000, discovery });
      expect(found(outcome)).toEqual(limited.open);
      expect([outcome.blocked, outcome.ends]).toEqual([[], ['done']]);
      expect(outcome.elapsedMs).toBeLessThan(1.6 * 9000);
      expect(outcome.loss.state(8)?.estimate ?? 0).toBeLessThan(0.02);
    },
  );

  test.each([{ closed: [] }, { closed: [443] }])(
    'is blocked when it bans what is not echo, closed ports: $closed',
    ({ closed }) => {
      const hosts = [{ ...mute([22, 80], closed), ...echoing, bannedFromUs: 400_000 }];
      const outcome = simulate({ seed: 1, path: { rttUs: 20_000 }, hosts, ports: many, discovery });
      expect(outcome.ends).toEqual(['blocked']);
      expect(outcome.blocked[0]?.atMs).toBeLessThanOrEqual(421);
      // For three seconds of them it is waited.
      expect(outcome.elapsedMs).toBeLessThan(4700);
    },
  );
});

describe('a host that rejects nearly everything by ICMP errors, which are limited', () => {
  const rejecting = (by: PortBehaviour): HostModel => ({
    port: (port) => (port === 22 || port === 80 ? 'open' : by),
    icmpPerSecond: 1,
  });
  test.each(['admin-prohibited', 'router-prohibited'] as const)(
    'is sampled as one that drops it: %s',
    (by) => {
      const path = { rttUs: 300, routerIcmpPerSecond: 1 };
      const outcome = simulate({ seed: 1, path, hosts: [rejecting(by)], ports: 12_000 });
      expect(found(outcome)).toEqual([22, 80]);
      expect(outcome.elapsedMs).toBeLessThan(4000);
      expect(outcome.loss.state(8)?.estimate).toBeLessThan(0.02);
    },
  );
});

describe('a limit on SYNs before a host that drops nearly everything', () => {
  const tenth = (every: number) => (port: number) => (port % every === 0 ? 'open' : 'drop');
  test.each([
    { ports: 100, every: 10, perSecond: 100, mostMs: 13_000 },
    { ports: 200, every: 20, perSecond: 100, mostMs: 17_000 },
    { ports: 200, every: 20, perSecond: 50, mostMs: 30_000 },
    { ports: 1000, every: 100, perSecond: 100, mostMs: 60_000 },
  ])(
    'of $perSecond/s hides none of the open ones among $ports ports',
    ({ ports, every, perSecond, mostMs }) => {
      for (let seed = 1; seed <= 5; seed++) {
        const hosts = [{ port: tenth(every), synsPerSecond: perSecond }];
        const outcome = simulate({ seed, path: { rttUs: 300 }, hosts, ports });
        expect(found(outcome), `seed ${seed}`).toHaveLength(ports / every);
        expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(mostMs);
      }
    },
  );
});

describe('a limit on SYNs before such a host, which lets echoes pass', () => {
  test.each([
    { ports: 200, synsPerSecond: 100 },
    { ports: 200, synsPerSecond: 50 },
    { ports: 500, synsPerSecond: 100 },
    { ports: 500, synsPerSecond: 50 },
  ])('of $synsPerSecond/s hides none of the open ones among $ports', ({ ports, synsPerSecond }) => {
    const discovery = {
      techniques: ['ping-echo'],
      techniqueOf: new Uint8Array(1),
      portOf: new Uint16Array(1),
    };
    const port = (port: number): PortBehaviour => (port % (ports / 10) === 0 ? 'open' : 'drop');
    for (let seed = 1; seed <= runsOf(2000 / ports); seed++) {
      const hosts = [{ port, synsPerSecond, echoesPerSecond: 1000 }];
      const outcome = simulate({ seed, path: { rttUs: 300 }, hosts, ports, discovery });
      expect(found(outcome), `seed ${seed}`).toHaveLength(10);
    }
  });
});

describe('a limit on what a host is asked that is not far below what is tried', () => {
  // Between two turns it lets something through whatever the rate: what leaves first in a turn never meets it.
  test.each([1000, 2000])('of %d/s hides hardly any of the open ones', (synsPerSecond) => {
    let [missed, runs] = [0, 0];
    for (let seed = 5; seed < 5 + runsOf(12); seed++) {
      const random = new SeededRandom(seed);
      const open = new Set(Array.from({ length: 10 }, () => 1 + Math.floor(random.nextFloat() * 1000)));
      const port = (port: number): PortBehaviour =>
        open.has(port) ? 'open' : port % 300 === 7 ? 'closed' : 'drop';
      const outcome = simulate({ seed, path: { rttUs: 300 }, hosts: [{ port, synsPerSecond }], ports: 1000 });
      missed += open.size - found(outcome).length;
      runs++;
    }
    // Before samples left behind others as well, four of ten.
    expect(missed / runs).toBeLessThan(0.5);
  });
});

describe('a host of which nothing ever answers', () => {
  test('stays at the pace it began with', () => {
    const outcome = simulate({ seed: 1, path: { rttUs: 100 }, hosts: [mute([])], ports: 5000 });
    expect(outcome.sent).toBe(15_000);
    expect(outcome.elapsedMs).toBeGreaterThan((15_000 / 2000) * 1000);
    expect(outcome.loss.state(8)).toBeUndefined();
  });

  // One time-out for each of three transmissions; the second pass is spread over one more, the third over two, or six.
  test.each([
    [100, 6000],
    [1000, 10_000],
  ])('is done with %d ports in %d ms', (ports, mostMs) => {
    const hosts = [{ port: (): PortBehaviour => 'drop' }];
    const outcome = simulate({ seed: 1, path: { rttUs: 20_000 }, hosts, ports });
    expect(tally(outcome)).toEqual({ filtered: ports });
    expect(outcome.elapsedMs).toBeLessThan(mostMs);
  });

  test('is asked all it was not asked yet before anything again, so that who answers is known soon', () => {
    const outcome = simulate({ seed: 4, path: { rttUs: 100 }, hosts: [mute([3001, 3777])], ports: 4000 });
    expect(found(outcome)).toEqual([3001, 3777]);
    expect(outcome.toldAtUs.get('0/3001')).toBeLessThan(2_100_000);
    expect(outcome.toldAtUs.get('0/3777')).toBeLessThan(2_100_000);
  });
});

test('a host that goes away while it is sampled is called blocked', () => {
  const hosts = [{ ...mute([22, 80], [443, 444, 445]), bannedFromUs: 400_000 }];
  const outcome = simulate({ seed: 1, path: { rttUs: 20_000 }, hosts, ports: many });
  expect(outcome.ends).toEqual(['blocked']);
  // It is said when it answered last, not when that was noticed: its last answers were on their way by then.
  expect(outcome.blocked[0]?.atMs).toBeGreaterThan(380);
  expect(outcome.blocked[0]?.atMs).toBeLessThanOrEqual(411);
  expect(outcome.loss.state(8)?.estimate).toBeLessThan(0.02);
});

test('a pause while it is sampled leaves no trace in the verdicts', () => {
  const hosts = [
    { ...mute([22, 80, 15_000], [443, 444, 445]), bannedFromUs: 300_000, bannedUntilUs: 2_300_000 },
  ];
  for (let seed = 1; seed <= 3; seed++) {
    const outcome = simulate({ seed, path: { rttUs: 20_000 }, hosts, ports: many });
    expect(found(outcome), `seed ${seed}`).toEqual([22, 80, 15_000]);
    expect(outcome.ends, `seed ${seed}`).toEqual(['done']);
  }
});
