/** Timers come up once, in the order of their ticks, and never early. @module */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wheelSlots } from './tables/rate-constants.ts';
import { TimerWheel } from './timer-wheel.ts';

const tickUs = 1000;
const horizonUs = (wheelSlots - 1) * tickUs;

function wheelOf(capacity: number, startUs = 0): TimerWheel {
  const wheel = new TimerWheel(capacity, tickUs);
  wheel.start(startUs);
  return wheel;
}

/** What comes up until a time. */
function until(wheel: TimerWheel, nowUs: number): number[] {
  const ids: number[] = [];
  wheel.advance(nowUs, (id) => ids.push(id));
  return ids;
}

describe('an empty wheel', () => {
  test('has nothing due, ever', () => {
    const wheel = wheelOf(4);
    expect(wheel.nextDueUs(100_000)).toBe(Number.POSITIVE_INFINITY);
    expect(until(wheel, 1e12)).toEqual([]);
    expect(wheel.count).toBe(0);
  });

  test('goes along with the clock, so that what is scheduled after a long rest is not late', () => {
    const wheel = wheelOf(1);
    until(wheel, 1e12);
    wheel.schedule(0, 1e12 + 5000);
    expect(until(wheel, 1e12 + 4999)).toEqual([]);
    expect(until(wheel, 1e12 + 5000)).toEqual([0]);
  });
});

describe('a timer', () => {
  test('comes up at its time and not a microsecond before', () => {
    const wheel = wheelOf(1);
    wheel.schedule(0, 7000);
    expect(until(wheel, 6999)).toEqual([]);
    expect(wheel.count).toBe(1);
    expect(until(wheel, 7000)).toEqual([0]);
    expect(wheel.count).toBe(0);
  });

  test('between two ticks comes up at the later one', () => {
    const wheel = wheelOf(1);
    wheel.schedule(0, 6001);
    expect(until(wheel, 6999)).toEqual([]);
    expect(until(wheel, 7000)).toEqual([0]);
  });

  test.each([3_000_000, 3_000_000 - 1, 0, -5])(
    'for now or for the past (%i) comes up at the next tick',
    (dueUs) => {
      const wheel = wheelOf(1, 3_000_000);
      wheel.schedule(0, dueUs);
      expect(until(wheel, 3_000_999)).toEqual([]);
      expect(until(wheel, 3_001_000)).toEqual([0]);
    },
  );

  test('beyond the horizon comes up at the horizon', () => {
    const wheel = wheelOf(1, 5_000_000);
    wheel.schedule(0, Number.POSITIVE_INFINITY);
    expect(until(wheel, 5_000_000 + horizonUs - 1)).toEqual([]);
    expect(until(wheel, 5_000_000 + horizonUs)).toEqual([0]);
  });

  test('that stands in the wheel keeps its time when it is scheduled again', () => {
    const wheel = wheelOf(1);
    wheel.schedule(0, 5000);
    wheel.schedule(0, 2000);
    expect(wheel.count).toBe(1);
    expect(until(wheel, 4000)).toEqual([]);
    expect(until(wheel, 9000)).toEqual([0]);
  });

  test('that came up is free, also while it comes up', () => {
    const wheel = wheelOf(1);
    const times: number[] = [];
    wheel.schedule(0, 1000);
    const again = (nowUs: number) =>
      wheel.advance(nowUs, (id) => {
        times.push(nowUs);
        wheel.schedule(id, nowUs + 2000);
      });
    for (let nowUs = 0; nowUs <= 7000; nowUs += 500) again(nowUs);
    expect(times).toEqual([1000, 3000, 5000, 7000]);
    expect(wheel.count).toBe(1);
  });
});

describe('the clock', () => {
  test('that stands still lets nothing come up twice', () => {
    const wheel = wheelOf(2);
    wheel.schedule(0, 1000);
    wheel.schedule(1, 2000);
    expect(until(wheel, 1000)).toEqual([0]);
    expect(until(wheel, 1000)).toEqual([]);
    expect(until(wheel, 1000)).toEqual([]);
  });

  test('that is read a little earlier than before does no harm', () => {
    const wheel = wheelOf(1, 10_000);
    wheel.schedule(0, 12_000);
    expect(until(wheel, 9000)).toEqual([]);
    expect(until(wheel, 11_999)).toEqual([]);
    expect(until(wheel, 12_000)).toEqual([0]);
  });

  test.each([1, 2, 3])('may turn the wheel %i times: each slot is used again', (turns) => {
    const wheel = wheelOf(1);
    const startUs = turns * wheelSlots * tickUs - 2000;
    until(wheel, startUs);
    wheel.schedule(0, startUs + 5000);
    expect(until(wheel, startUs + 4000)).toEqual([]);
    expect(until(wheel, startUs + 5000)).toEqual([0]);
  });

  test('that jumps far ahead lets all come up, once and in their order', () => {
    const wheel = wheelOf(3);
    wheel.schedule(0, 4_000_000);
    wheel.schedule(1, 5000);
    wheel.schedule(2, 2_000_000);
    expect(until(wheel, 3600e6)).toEqual([1, 2, 0]);
    expect(until(wheel, 7200e6)).toEqual([]);
  });

  test('that jumps by a turn and a tick lets all come up in their order', () => {
    const wheel = wheelOf(2);
    wheel.schedule(0, 2_000_000);
    wheel.schedule(1, 1000);
    expect(until(wheel, (wheelSlots + 1) * tickUs)).toEqual([1, 0]);
  });

  test('that jumps far ahead makes nothing early that is scheduled meanwhile', () => {
    const wheel = wheelOf(2);
    wheel.schedule(0, 5000);
    wheel.schedule(1, 4_000_000);
    const nowUs = 10_000_000;
    const ids: number[] = [];
    wheel.advance(nowUs, (id) => {
      ids.push(id);
      wheel.schedule(id, nowUs + 3_000_000);
    });
    expect(ids).toEqual([0, 1]);
    expect(until(wheel, nowUs + 2_999_000)).toEqual([]);
    expect(until(wheel, nowUs + 3_000_000).sort()).toEqual([0, 1]);
  });
});

describe('the time of the next', () => {
  test('is the tick of the earliest', () => {
    const wheel = wheelOf(2);
    wheel.schedule(0, 30_000);
    wheel.schedule(1, 20_500);
    expect(wheel.nextDueUs(100_000)).toBe(21_000);
  });

  test('is looked for no further ahead than asked, and no further than a turn', () => {
    const wheel = wheelOf(1);
    wheel.schedule(0, 1_000_000);
    expect(wheel.nextDueUs(100_000)).toBe(100_000);
    expect(wheel.nextDueUs(1_000_000)).toBe(1_000_000);
    expect(wheel.nextDueUs(1e12)).toBe(1_000_000);
  });
});

test('ids hooked in front of a slot come up with those that stood there', () => {
  const wheel = wheelOf(4);
  wheel.schedule(0, 3000);
  const slot = wheel.slotOf(3000);
  wheel.links[1] = wheel.headOf(slot);
  wheel.links[2] = 1;
  wheel.hook(slot, 2, 2);
  expect(wheel.count).toBe(3);
  expect(until(wheel, 2999)).toEqual([]);
  expect(until(wheel, 3000).sort()).toEqual([0, 1, 2]);
  expect(wheel.count).toBe(0);
});

/** One step of a caller: schedule, lose interest in an id, or let time pass. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ id: fc.nat(19), afterUs: fc.integer({ min: -3000, max: horizonUs - tickUs }) }),
  },
  { weight: 1, arbitrary: fc.record({ cancelled: fc.nat(19) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      passUs: fc.oneof(fc.nat(5000), fc.nat(horizonUs), fc.constant(0), fc.nat(100 * horizonUs)),
    }),
  },
);

test('law: each comes up once, in the order of its tick, never early and at most a tick late', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.nat(1e10), (steps, startUs) => {
      const wheel = wheelOf(20, startUs);
      let nowUs = startUs;
      /** By id: when it is to come up; those nobody is interested in any more come up, and are ignored. */
      const due = new Map<number, number>();
      const ignored = new Set<number>();
      for (const each of steps) {
        if ('id' in each) {
          wheel.schedule(each.id, nowUs + each.afterUs);
          const nextTickUs = (Math.floor(nowUs / tickUs) + 1) * tickUs;
          const dueUs = Math.max(Math.ceil((nowUs + each.afterUs) / tickUs) * tickUs, nextTickUs);
          if (!due.has(each.id)) due.set(each.id, dueUs);
          ignored.delete(each.id);
        } else if ('cancelled' in each) {
          ignored.add(each.cancelled);
        } else {
          nowUs += each.passUs;
          const expected = [...due].filter(([, at]) => at <= nowUs);
          const came = until(wheel, nowUs);
          const times = came.map((id) => due.get(id) ?? Number.NaN);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          expect(came.toSorted()).toEqual(expected.map(([id]) => id).toSorted());
          for (const id of came) due.delete(id);
        }
        expect(wheel.count).toBe(due.size);
        const next = Math.min(...due.values());
        if (due.size > 0) expect(wheel.nextDueUs(2 * horizonUs)).toBe(next);
      }
    }),
    { numRuns: 500 },
  );
});
