/** What the summary states of open ports that loss may have hidden, held against how many were missed. @module */

import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../src/base/random.ts';
import type { FactBuilder } from '../../src/scan/records/fact-builder.ts';
import { summaryOf } from '../../src/scan/records/summary.ts';
import type { PathModel, PortBehaviour } from './network.ts';
import { normalLimits, type Outcome, simulate } from './run.ts';

/** The loss that a scan's summary states. */
function stated({ verdicts, totals }: Outcome, mostAttempts: number) {
  const silentByAttempts = new Float64Array(256);
  let [open, answered] = [0, 0];
  for (const { state, reason, attempts } of verdicts.values()) {
    if (state === 'open') open++;
    if (reason === 'no-response') silentByAttempts[attempts]!++;
    else if (state !== 'unknown') answered++;
  }
  const builder = { counts: {}, open, answered, silentByAttempts, hostsUp: 1, hostsDown: 0 };
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
