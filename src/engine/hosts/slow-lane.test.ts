/** Questions that wait for limited errors: their order, and which transmission was their first here. @module */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RttEstimator } from '../rate/rtt.ts';
import { SlowLane } from './slow-lane.ts';
import { hostRate } from './test-hosts.laws.ts';

function laneOf(questions = 4000): SlowLane {
  return new SlowLane(questions, new RttEstimator(), hostRate, 2_000_000, 500);
}

describe('a slow lane', () => {
  test('begins empty, with a hunt at no more than fifty probes a second', () => {
    const lane = laneOf();
    expect([lane.isEmpty, lane.length, lane.take(), lane.has(0)]).toEqual([true, 0, -1, false]);
    expect([lane.finder.ratePps, lane.finder.hunt.isOpen]).toEqual([50, true]);
    expect([lane.nextAtUs, lane.untilUs]).toEqual([500, 2_000_000]);
  });

  test('begins slower where hosts are asked slower', () => {
    const bounds = { ...hostRate, startPps: 5, maxPps: 10 };
    expect(new SlowLane(1, new RttEstimator(), bounds, 0, 0).finder.ratePps).toBe(5);
  });

  test('shares the round trips of its host', () => {
    const rtt = new RttEstimator();
    expect(new SlowLane(1, rtt, hostRate, 0, 0).finder.rtt).toBe(rtt);
  });

  test('holds a question from when it enters on, whether it waits or not', () => {
    const lane = laneOf();
    lane.enter(3);
    expect([lane.has(3), lane.has(2), lane.isEmpty]).toEqual([true, false, true]);
    lane.push(3);
    lane.take();
    expect(lane.has(3)).toBe(true);
  });

  test('tells the first transmission of a question here from others, of here and of before', () => {
    const lane = laneOf();
    lane.enter(3);
    expect([lane.isFirst(3, 1), lane.isFirst(3, 2)]).toEqual([false, false]);
    expect([lane.sent(3, 3), lane.sent(3, 4), lane.sent(3, 5)]).toEqual([true, false, false]);
    expect([2, 3, 4].map((attempt) => lane.isFirst(3, attempt))).toEqual([false, true, false]);
    expect(lane.sent(2, 2)).toBe(true);
  });

  test('law: whoever has waited longest is taken, whatever comes and goes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: -3000, max: -1 }))),
        (changes) => {
          const lane = laneOf();
          let [pushed, taken] = [0, 0];
          for (const change of changes) {
            for (let i = 0; i < change; i++) lane.push(pushed++);
            for (let i = 0; i < -change; i++) expect(lane.take()).toBe(taken < pushed ? taken++ : -1);
            expect([lane.length, lane.isEmpty]).toEqual([pushed - taken, pushed === taken]);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
