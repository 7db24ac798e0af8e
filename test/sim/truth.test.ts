/** Behaviour on bad networks, many seeds each, on a virtual clock. A failure names its seed. @module */

import { describe, expect, test } from 'vitest';
import { runsOf } from '../runs.ts';
import type { HostModel, PortBehaviour } from './network.ts';
import { normalLimits, type Outcome, type Simulation, simulate, simulateChecked, tally } from './run.ts';

const mixed = (port: number): PortBehaviour =>
  port % 100 === 22 ? 'open' : port % 3 === 0 ? 'drop' : 'closed';
const state = {
  open: 'open',
  closed: 'closed',
  drop: 'filtered',
  'admin-prohibited': 'filtered',
  'router-prohibited': 'filtered',
  'router-refused': 'filtered',
  'no-route': 'filtered',
} as const;

/** Verdicts that differ from what the port does; `unknown` counts as wrong unless allowed. */
function wrong(outcome: Outcome, port: (port: number) => PortBehaviour, unknownAllowed = false): string[] {
  const found: string[] = [];
  for (const [key, verdict] of outcome.verdicts) {
    const want = state[port(Number(key.split('/')[1]))];
    if (verdict.state === want || (unknownAllowed && verdict.state === 'unknown')) continue;
    found.push(`${key}: ${verdict.state} (${verdict.reason}), wanted ${want}`);
  }
  return found;
}

function seeds(
  count: number,
  simulation: Omit<Simulation, 'seed'>,
  first = 1,
): { seed: number; outcome: Outcome }[] {
  return Array.from({ length: runsOf(count) }, (_, i) => ({
    seed: first + i,
    outcome: simulate({ ...simulation, seed: first + i }),
  }));
}

describe('no fault', () => {
  test('65,536 answers, none missed, each said once', () => {
    const all = (port: number): PortBehaviour => (port % 7 === 0 ? 'open' : 'closed');
    const outcome = simulate({ seed: 5, path: { rttUs: 80 }, hosts: [{ port: all }], ports: 65_535 });
    expect(wrong(outcome, all)).toEqual([]);
    expect([outcome.verdicts.size, outcome.repeated, outcome.timedOut]).toEqual([65_535, 0, false]);
  });

  test('many hosts with few questions each', () => {
    const hosts = Array.from({ length: 2000 }, () => ({ port: mixed }));
    const outcome = simulate({ seed: 3, path: { rttUs: 5000 }, hosts, ports: 8 });
    expect(wrong(outcome, mixed)).toEqual([]);
    expect(outcome.ends.filter((end) => end === 'done')).toHaveLength(2000);
  });

  test('a host that answers nothing costs three packets a port', () => {
    const outcome = simulate({
      seed: 1,
      path: { rttUs: 20_000 },
      hosts: [{ port: () => 'drop' }],
      ports: 1000,
    });
    expect(tally(outcome)).toEqual({ filtered: 1000 });
    expect(outcome.sent).toBe(3000);
  });
});

describe('loss', () => {
  const open = { port: (): PortBehaviour => 'open' };

  test.each([
    { loss: 0.05, least: 0.9999 },
    { loss: 0.2, least: 0.9995 },
  ])('$loss each way: open ports are found by at most eight transmissions', ({ loss, least }) => {
    const runs = seeds(30, { path: { rttUs: 20_000, loss }, hosts: [open], ports: 2000 });
    const found = runs.reduce((sum, { outcome }) => sum + (tally(outcome)['open'] ?? 0), 0);
    expect(found / (2000 * runs.length)).toBeGreaterThanOrEqual(least);
    for (const { outcome } of runs)
      for (const { attempts } of outcome.verdicts.values()) expect(attempts).toBeLessThanOrEqual(8);
  });

  test.each([0.001, 0.01, 0.05, 0.1, 0.2])('%d each way: the stated interval holds the true loss', (loss) => {
    const truth = 1 - (1 - loss) ** 2;
    const stated = seeds(200, { path: { rttUs: 20_000, loss }, hosts: [{ port: mixed }], ports: 800 }).map(
      ({ outcome }) => outcome.loss.state(normalLimits.maxAttempts),
    );
    const holds = stated.filter((it) => it !== undefined && it.low <= truth && truth <= it.high);
    expect(holds.length / stated.length).toBeGreaterThanOrEqual(0.95);
    // Nor does it hold the truth by saying nothing: half of the estimates lie on either side.
    const mean = stated.reduce((sum, it) => sum + (it?.estimate ?? 0), 0) / stated.length;
    expect(Math.abs(mean - truth)).toBeLessThan((0.05 * truth + 0.0002) * Math.sqrt(200 / stated.length));
  });

  test('a SYN+ACK that its listener sent again is no round trip, and its first was lost', () => {
    const loss = 0.2;
    const truth = 1 - (1 - loss) ** 2;
    const half = (port: number): PortBehaviour => (port % 2 === 0 ? 'open' : 'closed');
    const hosts = [{ port: half, repeatsSynAck: true }];
    const runs = seeds(40, { path: { rttUs: 10_000, loss }, hosts, ports: 2000 });
    for (const { seed, outcome } of runs) expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(12_000);
    const mean =
      runs.reduce((sum, { outcome }) => sum + (outcome.loss.state(8)?.estimate ?? 0), 0) / runs.length;
    expect(Math.abs(mean - truth)).toBeLessThan(0.01);
  });

  test.each([1, 2])('%d retransmissions at most: what they cannot show is put right', (retries) => {
    const loss = 0.1;
    const truth = 1 - (1 - loss) ** 2;
    const simulation = { path: { rttUs: 20_000, loss }, hosts: [open], ports: 1000 };
    const runs = seeds(50, { ...simulation, limits: { maxAttempts: retries + 1 } });
    const holds = runs.filter(({ outcome }) => {
      const stated = outcome.loss.state(retries + 1);
      return stated !== undefined && stated.low <= truth && truth <= stated.high;
    });
    expect(holds.length / runs.length).toBeGreaterThanOrEqual(0.92);
  });

  test('answers that are only late are not called lost', () => {
    const path = { rttUs: 20_000, jitterUs: 500_000 };
    const closed = { port: (): PortBehaviour => 'closed' };
    const runs = seeds(40, { path, hosts: [closed], ports: 1000 });
    const judged = runs.reduce((sum, { outcome }) => sum + outcome.loss.judged, 0);
    const lost = runs.reduce((sum, { outcome }) => sum + outcome.loss.firstLost, 0);
    expect(judged).toBe(1000 * runs.length);
    expect(lost / judged).toBeLessThan(0.0005);
  });

  test('a limiter is not called loss, nor is an outage', () => {
    const limited = { port: mixed, rstPerSecond: 200 };
    const calm = { port: mixed };
    for (const { seed, outcome } of seeds(5, { path: { rttUs: 2000 }, hosts: [limited, calm], ports: 1000 }))
      expect(outcome.loss.state(8), `limiter, seed ${seed}`).toMatchObject({ estimate: 0 });
    const path = { rttUs: 20_000, outageUs: [150_000, 1_150_000] as const };
    for (const { seed, outcome } of seeds(5, { path, hosts: [calm], ports: 5000 }))
      expect(outcome.loss.state(8)?.estimate, `outage, seed ${seed}`).toBeLessThan(0.002);
  });

  test('1 % each way, 50 ms: all ports within six seconds, closed ports right', () => {
    const outcome = simulate({
      seed: 9,
      path: { rttUs: 50_000, loss: 0.01 },
      hosts: [{ port: mixed }],
      ports: 65_535,
    });
    const bad = wrong(outcome, mixed);
    expect(bad.filter((line) => line.includes('wanted open'))).toEqual([]);
    expect(bad.length).toBeLessThanOrEqual(6);
    expect(outcome.elapsedMs).toBeLessThan(6000);
  });
});

describe('delay', () => {
  test('jitter, reordering and duplicates flip no state and repeat no verdict', () => {
    const path = { rttUs: 20_000, jitterUs: 500_000, duplicates: 0.1 };
    for (const { seed, outcome } of seeds(10, { path, hosts: [{ port: mixed }], ports: 2000 })) {
      expect(wrong(outcome, mixed), `seed ${seed}`).toEqual([]);
      expect(outcome.repeated, `seed ${seed}`).toBe(0);
    }
  });

  test('a path that becomes longer is no queue: the rate recovers', () => {
    const path = { rttUs: 20_000, detourUs: [500_000, 30_000] as const };
    const limits = { linkRate: { startPps: 2000, minPps: 1, maxPps: 10_000 } };
    const closed = (): PortBehaviour => 'closed';
    const outcome = simulate({ seed: 2, path, hosts: [{ port: closed }], ports: 20_000, limits });
    expect(wrong(outcome, closed)).toEqual([]);
    expect(outcome.elapsedMs).toBeLessThan(2 * 2000);
  });

  test('a bottleneck is found before it drops much, and used', () => {
    const path = { rttUs: 20_000, bottleneckPps: 10_000, queue: 200 };
    const closed = (port: number): PortBehaviour => (port % 100 === 22 ? 'open' : 'closed');
    const outcome = simulate({ seed: 2, path, hosts: [{ port: closed }], ports: 30_000 });
    expect(wrong(outcome, closed)).toEqual([]);
    expect(outcome.counts.queueDrops).toBeLessThan(3000);
    expect(outcome.elapsedMs).toBeLessThan(1.6 * 3000);
  });
});

describe('limits', () => {
  test.each([
    {
      name: 'closed',
      port: (port: number): PortBehaviour => (port % 100 === 22 ? 'open' : 'closed'),
      most: 10_700,
    },
    { name: 'mixed', port: mixed, most: Number.POSITIVE_INFINITY },
  ])('200 resets a second, $name ports: no state wrong, the limit used and named', ({ port, most }) => {
    const hosts = [{ port, rstPerSecond: 200 }];
    for (const { seed, outcome } of seeds(5, { path: { rttUs: 2000 }, hosts, ports: 2000 })) {
      expect(wrong(outcome, port), `seed ${seed}`).toEqual([]);
      expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(most);
      const [limit] = outcome.limits;
      expect(limit, `seed ${seed}`).toBeGreaterThan(100);
      expect(limit, `seed ${seed}`).toBeLessThan(300);
    }
  });

  test.each([
    { technique: 'syn', perSecond: 50, ports: 1000 },
    { technique: 'syn', perSecond: 200, ports: 2000 },
    { technique: 'syn', perSecond: 1000, ports: 10_000 },
    { technique: 'udp', perSecond: 1, ports: 30 },
    { technique: 'udp', perSecond: 20, ports: 200 },
  ] as const)('$technique, $perSecond answers a second: at least 95 % of the limit is used', (limit) => {
    const { technique, perSecond, ports } = limit;
    const port = (): PortBehaviour => 'closed';
    const bound = technique === 'udp' ? { icmpPerSecond: perSecond } : { rstPerSecond: perSecond };
    const saved = technique === 'udp' ? 6 : 5;
    for (const rttUs of [2000, 20_000]) {
      const simulation = { path: { rttUs, jitterUs: rttUs / 4 }, technique, ports, mostSeconds: 400 };
      // The first six catch less: of a hold that asks a little too slowly only the seventh loses the limit.
      for (const { seed, outcome } of seeds(6, { ...simulation, hosts: [{ port, ...bound }] }, 7)) {
        expect(wrong(outcome, port), `seed ${seed}`).toEqual([]);
        expect((ports - saved) / perSecond / (outcome.elapsedMs / 1000), `seed ${seed}`).toBeGreaterThan(
          0.95,
        );
        expect(Math.abs((outcome.limits[0] ?? 0) / perSecond - 1), `seed ${seed}`).toBeLessThan(0.5);
      }
    }
  });

  /** The limit that is named, in parts of the true one, where nothing is told wrong. */
  function figure(host: Omit<HostModel, 'port'>, ports: number, perSecond: number): number {
    const port = (): PortBehaviour => 'closed';
    const outcome = simulate({ seed: 1, path: { rttUs: 2000 }, hosts: [{ port, ...host }], ports });
    expect(wrong(outcome, port)).toEqual([]);
    expect(outcome.timedOut).toBe(false);
    return (outcome.limits[0] ?? 0) / perSecond;
  }

  test.each([
    { perSecond: 20, saved: 200, ports: 500 },
    { perSecond: 50, saved: 100, ports: 500 },
    { perSecond: 50, saved: 200, ports: 500 },
    { perSecond: 1000, saved: 20, ports: 4000 },
    // Where nothing is saved up the host looks like one that drops nearly everything.
    { perSecond: 20, saved: 2, ports: 200 },
    { perSecond: 50, saved: 1, ports: 400 },
    { perSecond: 200, saved: 1, ports: 2000 },
  ])('$perSecond resets a second, $saved saved up: named within a quarter', ({ perSecond, saved, ports }) => {
    const named = figure({ rstPerSecond: perSecond, rstBurst: saved }, ports, perSecond);
    expect(named).toBeGreaterThan(0.75);
    expect(named).toBeLessThan(1.25);
  });

  test.each([50, 100])(
    'a limit that falls from 200 to %d in mid-scan is followed: nothing wrong',
    (later) => {
      const named = figure({ rstPerSecond: (nowUs) => (nowUs < 3e6 ? 200 : later) }, 1000, later);
      expect(named).toBeGreaterThan(0.75);
      expect(named).toBeLessThan(1.25);
    },
  );

  test.each([
    { bottleneckPps: 500, queue: 10, ports: 2000 },
    { bottleneckPps: 1000, queue: 5, ports: 3000 },
    { bottleneckPps: 4000, queue: 20, ports: 8000 },
    { bottleneckPps: 10_000, queue: 50, ports: 30_000 },
  ])('$bottleneckPps/s through a queue of $queue is a path, no limit on resets', (narrow) => {
    const { ports, ...bottleneck } = narrow;
    const port = (): PortBehaviour => 'closed';
    const path = { rttUs: 20_000, ...bottleneck };
    const outcome = simulate({ seed: 1, path, hosts: [{ port }], ports });
    expect(wrong(outcome, port)).toEqual([]);
    expect(outcome.limits).toEqual([]);
    expect(outcome.sent).toBeLessThan(1.6 * ports);
  });

  test('one ICMP error a second: UDP ports are told apart all the same', () => {
    const port = (port: number): PortBehaviour => (port % 10 === 0 ? 'open' : 'closed');
    const hosts = [{ port, icmpPerSecond: 1 }];
    const outcome = simulate({
      seed: 4,
      path: { rttUs: 2000 },
      technique: 'udp',
      hosts,
      ports: 100,
      mostSeconds: 400,
    });
    expect(wrong(outcome, port)).toEqual([]);
    // 90 closed ports, six of them at once: the limit allows no less than 84 s.
    expect(outcome.elapsedMs).toBeLessThan(1.1 * 90_000);
  });
});

describe('a host that goes away', () => {
  test('a host that only loses much is not called blocked', () => {
    const path = { rttUs: 4000, loss: 0.2 };
    for (const { seed, outcome } of seeds(100, { path, hosts: [{ port: mixed }], ports: 1000 }))
      expect([outcome.ends, outcome.blocked], `seed ${seed}`).toEqual([['done'], []]);
  });

  test('a ban is noticed within two seconds and judges no later port', () => {
    const hosts = [{ port: mixed, banAfter: 1000 }];
    for (const { seed, outcome } of seeds(10, { path: { rttUs: 20_000 }, hosts, ports: 5000 })) {
      expect(wrong(outcome, mixed, true), `seed ${seed}`).toEqual([]);
      expect(outcome.ends, `seed ${seed}`).toEqual(['blocked']);
      expect(outcome.blocked, `seed ${seed}`).toHaveLength(1);
      // Noticed, it is waited for another three seconds.
      expect(outcome.elapsedMs, `seed ${seed}`).toBeLessThan(2500 + 3000);
      expect(tally(outcome)['unknown'], `seed ${seed}`).toBeGreaterThan(3500);
    }
  });

  test('a pause of three seconds leaves no trace in the verdicts', () => {
    const path = { rttUs: 20_000, outageUs: [150_000, 3_150_000] as const };
    const limits = { blockedWaitUs: 10_000_000 };
    for (const { seed, outcome } of seeds(10, { path, hosts: [{ port: mixed }], ports: 5000, limits })) {
      expect(wrong(outcome, mixed), `seed ${seed}`).toEqual([]);
      expect(outcome.ends, `seed ${seed}`).toEqual(['done']);
    }
  });
});

test('the result table of paths × hosts is what it was', () => {
  const rows = [100, 20_000, 150_000].flatMap((rttUs) =>
    [0, 0.01, 0.1].map((loss) => {
      const outcome = simulate({ seed: 11, path: { rttUs, loss }, hosts: [{ port: mixed }], ports: 3000 });
      const { open = 0, closed = 0, filtered = 0 } = tally(outcome);
      return `rtt ${rttUs / 1000} ms, loss ${loss}: ${open} open, ${closed} closed, ${filtered} filtered, ${outcome.sent} sent, ${Math.round(outcome.elapsedMs)} ms`;
    }),
  );
  expect(rows).toMatchSnapshot();
});

describe('in batches', () => {
  const all = (port: number): PortBehaviour => (port % 50 === 0 ? 'open' : 'closed');
  const hosts = (count: number, port: (port: number) => PortBehaviour) =>
    Array.from({ length: count }, () => ({ port }));
  const two = { hosts: hosts(2, mixed), ports: 1000 };
  test.each<[string, Omit<Simulation, 'seed'>]>([
    ['one near host', { path: { rttUs: 80 }, hosts: hosts(1, all), ports: 20_000 }],
    ['many hosts', { path: { rttUs: 3000, jitterUs: 500 }, hosts: hosts(100, mixed), ports: 90 }],
    [
      'loss and duplicates',
      { path: { rttUs: 30_000, loss: 0.05, duplicates: 0.1, jitterUs: 20_000 }, ...two },
    ],
    [
      'a bottleneck',
      { path: { rttUs: 20_000, bottleneckPps: 5000, queue: 100 }, hosts: hosts(1, all), ports: 5000 },
    ],
    [
      'a delay of its own',
      { path: { rttUs: 5000 }, ...two, limits: { scanDelayUs: 700, maxParallelism: 30 } },
    ],
    ['resets limited', { path: { rttUs: 5000 }, hosts: [{ port: all, rstPerSecond: 100 }], ports: 500 }],
    ['another technique', { path: { rttUs: 5000, loss: 0.02 }, ...two, technique: 'ack' }],
    [
      'doubted hosts',
      { path: { rttUs: 5000 }, hosts: hosts(2, () => 'open'), ports: 300, checksResponders: true },
    ],
  ])('%s: everything goes as it does one packet at a time', async (_, simulation) => {
    for (let seed = 1; seed <= runsOf(3); seed++) {
      const run = (isSingle: boolean) =>
        simulation.checksResponders === true
          ? simulateChecked({ ...simulation, seed, isSingle })
          : simulate({ ...simulation, seed, isSingle });
      const [batched, single] = [await run(false), await run(true)];
      const of = ({
        verdicts,
        toldAtUs,
        ends,
        blocked,
        limits,
        elapsedMs,
        sent,
        counts,
        totals,
      }: Outcome) => ({ verdicts, toldAtUs, ends, blocked, limits, elapsedMs, sent, counts, totals });
      expect(of(batched!), `seed ${seed}`).toEqual(of(single!));
      expect(single!.inBatches).toBe(0);
      if (simulation.hosts.some(({ port }) => port(1) === 'closed'))
        expect(batched!.inBatches).toBeGreaterThan(0);
    }
  });
});
