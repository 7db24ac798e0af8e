/** A sweep on bad networks, on a virtual clock. A failure names its seed. @module */

import { describe, expect, test } from 'vitest';
import type { HostModel, PortBehaviour } from './network.ts';
import { type SweepOutcome, type SweepSimulation, simulateSweep } from './sweep-run.ts';

const behaviour = (host: number, port: number): PortBehaviour =>
  host % 3 !== 0 ? 'drop' : port % 4 === 1 ? 'open' : port % 4 === 2 ? 'closed' : 'drop';
const mixed = (host: number): HostModel => ({ port: (port) => behaviour(host, port) });
const open: HostModel = { port: () => 'open' };

const plain = { seed: 3, path: { rttUs: 20_000 }, hosts: 300, ports: 12, hostOf: mixed };

/** What is told that should not be, or not told that should. */
function wrong({ answers }: SweepOutcome, { hosts, ports }: SweepSimulation): string[] {
  const found: string[] = [];
  for (let host = 0; host < hosts; host++) {
    for (let port = 1; port <= ports; port++) {
      const want = behaviour(host, port);
      const told = answers.get(`${host}/${port}`)?.state ?? 'drop';
      if (told !== want) found.push(`${host}/${port}: ${told}, wanted ${want}`);
    }
  }
  return found;
}

describe('a sweep', () => {
  test.each([1, 7, 64, 2 ** 20])('tells every answer once and counts the rest, in blocks of %i', (size) => {
    const outcome = simulateSweep({ ...plain, blockTasks: size });
    expect(wrong(outcome, plain)).toEqual([]);
    const { sweep, answers, repeated, afterEnd, timedOut } = outcome;
    expect([repeated, afterEnd, timedOut]).toEqual([0, 0, false]);
    expect(sweep.silent).toBe(300 * 12 - answers.size);
    // Silence is asked twice, what answers once.
    for (const [key, count] of outcome.probes) expect([key, count]).toEqual([key, answers.has(key) ? 1 : 2]);
    expect(outcome.probes.size).toBe(300 * 12);
    expect(sweep.retransmitted).toBe(sweep.silent);
  });

  test('each host that answered ends once, whatever blocks it stands in', () => {
    for (const blockTasks of [5, 12, 17, 4096]) {
      const { done, answers, afterEnd } = simulateSweep({ ...plain, blockTasks });
      const heard = new Set([...answers.keys()].map((key) => Number(key.split('/')[0])));
      expect([...done].sort((a, b) => a - b)).toEqual([...heard].sort((a, b) => a - b));
      expect(afterEnd).toBe(0);
    }
    // The next block is asked long after this one was answered.
    const linkRate = { startPps: 100, minPps: 1, maxPps: 100 };
    const slow = { ...plain, hosts: 20, hostOf: () => open, limits: { linkRate }, blockTasks: 17 };
    expect(simulateSweep(slow)).toMatchObject({ afterEnd: 0, done: { length: 20 } });
  });

  test('shares ask everything once between them', () => {
    const asked = new Map<string, number>();
    for (const index of [0, 1, 2]) {
      const { probes } = simulateSweep({ ...plain, maxAttempts: 1, slice: { index, count: 3 } });
      for (const [key, count] of probes) asked.set(key, (asked.get(key) ?? 0) + count);
    }
    expect(asked.size).toBe(300 * 12);
    expect([...asked.values()].every((count) => count === 1)).toBe(true);
  });

  test('round trips are measured to the turn, for either transmission', () => {
    const { answers, sweep } = simulateSweep({ ...plain, path: { rttUs: 20_000, loss: 0.2 } });
    for (const { rttUs } of answers.values()) {
      expect(rttUs).toBeGreaterThanOrEqual(20_000);
      expect(rttUs).toBeLessThan(21_000);
    }
    expect([...answers.values()].some(({ attempts }) => attempts === 2)).toBe(true);
    expect(sweep.link.rtt.maxUs).toBeLessThan(21_000);
  });

  test('a retry finds what the first missed, and the stated loss is what was lost', () => {
    const hosts = 20_000;
    for (const seed of [1, 2, 3]) {
      const loss = 0.05;
      const truth = 1 - (1 - loss) ** 2;
      const one = { seed, path: { rttUs: 20_000, loss }, hosts, ports: 1, hostOf: () => open };
      const once = simulateSweep({ ...one, maxAttempts: 1 });
      const twice = simulateSweep(one);
      expect(Math.abs(hosts - once.answers.size - hosts * truth)).toBeLessThan(150);
      expect(Math.abs(hosts - twice.answers.size - hosts * truth ** 2)).toBeLessThan(60);
      expect(twice.sweep.loss.state(2)?.estimate).toBeCloseTo(truth, 2);
      expect(once.sweep.loss.state(1)).toBeUndefined();
    }
  });

  test('duplicates and overtaking change nothing', () => {
    const path = { rttUs: 20_000, jitterUs: 150_000, duplicates: 0.3 };
    for (const seed of [1, 2, 3, 4]) {
      const outcome = simulateSweep({ ...plain, seed, path, blockTasks: 200 });
      expect(wrong(outcome, plain), `seed ${seed}`).toEqual([]);
      expect([outcome.repeated, outcome.afterEnd]).toEqual([0, 0]);
    }
  });

  test.each([30_000, 2_000_000])('an answer that comes again %i µs later is told once', (echoUs) => {
    // So slow that most blocks are closed while others are still asked.
    const linkRate = { startPps: 1000, minPps: 1, maxPps: 1000 };
    const outcome = simulateSweep({ ...plain, limits: { linkRate }, blockTasks: 100, echoUs });
    expect(wrong(outcome, plain)).toEqual([]);
    expect([outcome.repeated, outcome.afterEnd]).toEqual([0, 0]);
    const { received, anomalies } = outcome.sweep.correlator;
    expect(received + anomalies).toBe(2 * outcome.answers.size);
    // To an open block a duplicate, to a closed one nothing that was asked.
    if (echoUs > 1_000_000) expect(anomalies).toBe(outcome.answers.size);
    else expect(received).toBeGreaterThan(1.9 * outcome.answers.size);
  });

  test('an answer after the end is not told, and its question counts as silent', () => {
    const path = { rttUs: 20_000, jitterUs: 900_000 };
    const outcome = simulateSweep({ ...plain, path, cooldownUs: 0, maxAttempts: 1 });
    const { sweep, answers } = outcome;
    expect(sweep.correlator.anomalies).toBeGreaterThan(0);
    expect(wrong(outcome, plain).length).toBeGreaterThan(0);
    expect(answers.size + sweep.silent).toBe(300 * 12);
  });

  test('listens as long as it is told after the last probe, else by the round trips', () => {
    const silent = { ...plain, hosts: 50, hostOf: () => undefined };
    const waited = (changes: Partial<SweepSimulation>) => {
      const { elapsedUs, lastProbeUs } = simulateSweep({ ...silent, ...changes });
      return (elapsedUs - lastProbeUs) / 1000;
    };
    expect(waited({ cooldownUs: 3_000_000 })).toBeCloseTo(3000, 0);
    expect(waited({ cooldownUs: 0 })).toBeLessThan(1);
    expect(waited({})).toBeCloseTo(1000, 0);
    expect(waited({ hostOf: mixed })).toBeCloseTo(200, 0);
    const far = { rttUs: 100_000 };
    expect(Math.abs(waited({ hostOf: mixed, path: far }) - 400)).toBeLessThan(2);
  });

  test('a short cooldown shortens only the end', () => {
    const outcome = simulateSweep({ ...plain, blockTasks: 50, cooldownUs: 0, maxAttempts: 1 });
    // All but what was sent in the last round trip.
    const late = wrong(outcome, plain).length;
    expect(late).toBeGreaterThan(0);
    expect(late).toBeLessThan(300);
  });

  test('nothing is left to do once everything has answered', () => {
    const outcome = simulateSweep({ ...plain, hostOf: () => open, cooldownUs: 60_000_000 });
    expect(outcome.answers.size).toBe(300 * 12);
    expect(outcome.elapsedUs - outcome.lastProbeUs).toBeLessThan(25_000);
  });

  test('a pause of the own link leaves no trace in the answers', () => {
    for (const seed of [1, 2, 3]) {
      const path = { rttUs: 20_000, outageUs: [60_000, 3_060_000] as const };
      const outcome = simulateSweep({ ...plain, seed, path, blockTasks: 400, maxAttempts: 1 });
      expect(wrong(outcome, plain), `seed ${seed}`).toEqual([]);
      const twice = simulateSweep({ ...plain, seed, path, blockTasks: 400 });
      expect(twice.sweep.loss.firstLost, 'what was lost meanwhile says nothing of the path').toBe(0);
    }
  });

  test('hosts that answer each at their own limit are still told right', () => {
    const limited = (host: number): HostModel => ({ port: mixed(host).port, rstPerSecond: 10 });
    const outcome = simulateSweep({ ...plain, hostOf: limited });
    for (const fault of wrong(outcome, plain)) expect(fault).toContain('wanted closed');
  });
});

describe('the rate of a sweep', () => {
  const few = (share: number) => (host: number) => ((host * 7919) % 1000 < share * 1000 ? open : undefined);
  const many = { hosts: 30_000, ports: 6 };

  test.each([
    { share: 1, bottleneckPps: 40_000, queue: 100, found: 0.98, mostUsed: 1.2 },
    { share: 0.1, bottleneckPps: 25_000, queue: 60, found: 0.98, mostUsed: 1.2 },
    // Of 1800 answers: what half a hundred of them say may be chance, and the sweep goes on too fast for a while.
    { share: 0.01, bottleneckPps: 25_000, queue: 60, found: 0.85, mostUsed: 1.6 },
    { share: 0.01, bottleneckPps: 10_000, queue: 200, found: 0.98, mostUsed: 1.2 },
  ])('a path of $bottleneckPps/s is found where $share answers', { timeout: 60_000 }, (path) => {
    const { share, found, mostUsed, ...bottleneck } = path;
    const sweep = { ...plain, ...many, path: { rttUs: 20_000, ...bottleneck }, hostOf: few(share) };
    const outcome = simulateSweep(sweep);
    expect(outcome.answers.size / (share * many.hosts * many.ports)).toBeGreaterThan(found);
    const ratePps = (outcome.sweep.sender.sentPackets / outcome.lastProbeUs) * 1e6;
    expect(ratePps / path.bottleneckPps).toBeGreaterThan(0.7);
    expect(ratePps / path.bottleneckPps).toBeLessThan(mostUsed);
  });

  test('grows while answers come, however few and however many are lost, and not by silence', () => {
    const rateOf = (share: number, loss: number, hosts = many.hosts) => {
      const sweep = { ...plain, ...many, hosts, path: { rttUs: 20_000, loss }, hostOf: few(share) };
      return simulateSweep(sweep).sweep.link.ratePps;
    };
    expect(rateOf(0.01, 0)).toBeGreaterThan(200_000);
    expect(rateOf(1, 0.1, 15_000)).toBeGreaterThan(200_000);
    expect(rateOf(0, 0, 5000)).toBe(10_000);
  });
});

describe('ways', () => {
  test('who is on the own link is asked when found, silent neighbours never', () => {
    const outcome = simulateSweep({
      ...plain,
      blockTasks: 500,
      wayOf: (host, asked) => (!asked ? 'asked' : host % 2 === 0 ? 'silent' : 'here'),
    });
    for (const key of outcome.probes.keys()) expect(Number(key.split('/')[0]) % 2).toBe(1);
    const there = (host: number) => host % 2 === 1;
    expect(wrong(outcome, plain).filter((fault) => there(Number(fault.split('/')[0])))).toEqual([]);
    expect(outcome.sweep.silent).toBe(300 * 12 - outcome.answers.size);
    // What waited left later than its place in the walk says.
    for (const { rttUs } of outcome.answers.values()) {
      expect(rttUs).toBeGreaterThanOrEqual(20_000);
      expect(rttUs).toBeLessThan(21_000);
    }
  });

  test('a block is not over while one of its questions waits for a neighbour', () => {
    const outcome = simulateSweep({
      ...plain,
      neighbourUs: 2_000_000,
      maxAttempts: 1,
      cooldownUs: 30_000,
      wayOf: (_, asked) => (asked ? 'here' : 'asked'),
    });
    expect(wrong(outcome, plain)).toEqual([]);
  });

  test('more may wait than there is room for', () => {
    const many = { ...plain, hosts: 9000, ports: 1, hostOf: () => open };
    const outcome = simulateSweep({ ...many, wayOf: (_, asked) => (asked ? 'here' : 'asked') });
    expect([outcome.answers.size, outcome.sweep.silent]).toEqual([9000, 0]);
  });

  test('what cannot be sent from here is no silence', () => {
    const outcome = simulateSweep({ ...plain, wayOf: (host) => (host < 100 ? 'unreachable' : 'here') });
    const { sweep, answers } = outcome;
    expect(sweep.unsent).toBe(1200);
    expect(sweep.silent + answers.size).toBe(2400);
  });
});
