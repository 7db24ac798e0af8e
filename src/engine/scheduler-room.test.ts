/** When another host may come. @module */

import { describe, expect, test } from 'vitest';
import { SchedulerBed } from './scheduler-bed.laws.ts';
import { mostReady } from './tables/rate-constants.ts';

const infinity = Number.POSITIVE_INFINITY;

describe('a scheduler without hosts', () => {
  test('has nothing to send and nothing due, ever', () => {
    const { scheduler } = new SchedulerBed(1);
    expect([scheduler.next(0), scheduler.nextDueUs(), scheduler.hasRoom]).toEqual([-1, infinity, true]);
    scheduler.handleTimeout(1e15);
    expect([scheduler.next(1e15), scheduler.nextDueUs()]).toEqual([-1, infinity]);
  });

  test('has room for as many hosts as rows, and again when one is aborted, of whom nothing is said', () => {
    const bed = new SchedulerBed(1, {}, { rows: 2 });
    bed.admit(0);
    expect(bed.scheduler.hasRoom).toBe(true);
    const second = bed.admit(1);
    expect(bed.scheduler.hasRoom).toBe(false);
    bed.scheduler.abort([second]);
    expect(bed.scheduler.hasRoom).toBe(true);
    expect([bed.ends, bed.said]).toEqual([[], []]);
  });

  test('has no room while many wait for their turn, and again when they have sent', () => {
    const bed = new SchedulerBed(1, {}, { rows: 2 * mostReady });
    for (let id = 0; id < mostReady; id++) {
      expect(bed.scheduler.hasRoom).toBe(true);
      bed.admit(id);
    }
    expect(bed.scheduler.hasRoom).toBe(false);
    bed.send();
    expect(bed.scheduler.hasRoom).toBe(true);
  });
});
