/** What the summary states of open ports that loss may have hidden, held against how many were missed. @module */

import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../src/base/random.ts';
import { icmpErrors } from '../../src/model/reply.ts';
import type { FactBuilder } from '../../src/scan/records/fact-builder.ts';
import { summaryOf } from '../../src/scan/records/summary.ts';
import { runsOf } from '../runs.ts';
import type { PathModel, PortBehaviour } from './network.ts';
import { normalLimits, type Outcome, simulate } from './run.ts';

/** The loss that a scan's summary states. */
function stated({ verdicts, totals }: Outcome, mostAttempts: number) {
  const silentByAttempts = new Float64Array(256);
  const refusedByAttempts = new Float64Array(256);
  let [open, answered, heard] = [0, 0, 0];
  for (const { state, reason, attempts } of verdicts.values()) {
    if (state === 'open') open++;
    if (reason === 'no-response') silentByAttempts[attempts]!++;
    else if (state !== 'unknown') {
      answered++;
      if ((icmpErrors as readonly string[]).includes(reason)) refusedByAttempts[attempts]!++;
      else heard++;
    }
  }
  const answers = { answered, heard, silentByAttempts, refusedByAttempts };
  const builder = { counts: {}, open, answers, hostsUp: 1, hostsDown: 0 };
  return summaryOf({
    totals: [totals],
    builder: builder as unknown as FactBuilder,
    hosts: 1,
    elapsedMs: 0,
    mostAttempts,
    isSweep: false,
    exit: 'done',
  }).loss;
}

/** A scan by chance: how much is lost, what is limited, which ports there are, how often each is asked. */
function scanOf(seed: number) {
  const random = new SeededRandom(seed);
  const one = <T>(...values: readonly T[]): T => values[Math.floor(random.nextFloat() * values.length)] as T;
  const [openShare, closedShare] = [one(0.01, 0.05, 0.3), one(0, 0.01, 0.1, 0.6)];
  const behaviours = Array.from({ length: one(20, 60, 100, 400) }, (): PortBehaviour => {
    const at = random.nextFloat();
    return at < openShare ? 'open' : at < openShare + closedShare ? 'closed' : 'drop';
  });
  const path: PathModel = { rttUs: one(300, 20_000), loss: one(0, 0.01, 0.05, 0.1, 0.2) };
  const limit = one({}, {}, { rstPerSecond: 50 }, { synsPerSecond: 100 });
  const hosts = [{ port: (port: number) => behaviours[port - 1] as PortBehaviour, ...limit }];
  const mostAttempts = one(2, 2, 3, 8);
  const limits = { ...normalLimits, maxAttempts: mostAttempts };
  const outcome = simulate({ seed, path, hosts, ports: behaviours.length, limits, mostSeconds: 300 });
  const missed = behaviours.filter((behaviour, i) => {
    const state = outcome.verdicts.get(`0/${i + 1}`)?.state;
    return behaviour === 'open' && state !== 'open' && state !== 'unknown';
  });
  const words = { loss: path.loss, ports: behaviours.length, openShare, closedShare, mostAttempts, ...limit };
  return {
    missed: missed.length,
    loss: stated(outcome, mostAttempts),
    isLimited: Object.keys(limit).length > 0,
    words,
  };
}

const echoAlone = { techniques: ['ping-echo'], techniqueOf: new Uint8Array(1), portOf: new Uint16Array(1) };

/** Two ports of a hundred are open, the others are as told. */
const two =
  (others: PortBehaviour) =>
  (port: number): PortBehaviour =>
    port === 30 || port === 70 ? 'open' : others;

const refusing = { synsPerSecond: 5, synsBeyond: 'admin-prohibited' } as const;

test.each([
  ['is known by its echo alone', { port: two('drop'), synsPerSecond: 5, echoesPerSecond: 1000 }, echoAlone],
  ['says nothing but errors', { port: two('router-prohibited'), synsPerSecond: 5 }, undefined],
  ['says nothing but errors, and bans', { port: two('router-prohibited'), bannedFromUs: 1000 }, undefined],
  ['refuses by errors, each time', { port: two('admin-prohibited'), ...refusing }, undefined],
])('a host that %s may serve where nothing was found', (_, host, discovery) => {
  let missed = 0;
  for (let seed = 1; seed <= runsOf(20); seed++) {
    const path = { rttUs: 400, routerIcmpPerSecond: 1 };
    const outcome = simulate({ seed, path, hosts: [host], ports: 100, ...(discovery && { discovery }) });
    if ([...outcome.verdicts.values()].some(({ state }) => state === 'open' || state === 'unknown')) continue;
    missed++;
    expect(stated(outcome, 8)?.missedOpenExpected, `seed ${seed}`).toBeGreaterThan(0.05);
  }
  expect(missed).toBeGreaterThan(0);
});

describe('the open ports that a summary expects to have been missed', () => {
  const scans = Array.from({ length: 160 }, (_, i) => ({ seed: i + 1, ...scanOf(i + 1) }));

  test('are never none where the loss may be anything', () => {
    const unknown = scans.filter(({ loss }) => (loss?.high ?? 0) > 0.99);
    expect(unknown.length).toBeGreaterThan(0);
    for (const { seed, loss } of unknown) expect(loss?.missedOpenExpected, `seed ${seed}`).toBeGreaterThan(0);
  });

  test('are not fewer than were missed, by more than chance', () => {
    const told = scans.filter(({ loss }) => loss !== undefined);
    const expected = told.reduce((sum, { loss }) => sum + (loss?.missedOpenExpected ?? 0), 0);
    const missed = told.reduce((sum, scan) => sum + scan.missed, 0);
    expect(told.length).toBeGreaterThan(100);
    expect(missed, `${expected} expected`).toBeLessThan(expected + 3 * Math.sqrt(expected));
  });
});
