/** What is asked when, when it is asked again, and what is said in the end. @module */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer, hostRate } from './hosts/test-hosts.laws.ts';
import { PathSamples } from './rate/path-samples.ts';
import { type Answers, SchedulerBed } from './scheduler-bed.laws.ts';

const infinity = Number.POSITIVE_INFINITY;
const silence: Answers = () => undefined;
const allAfter =
  (rttUs: number): Answers =>
  () => ({ rttUs });

/** The times at which a question was sent to a host. */
function timesOf(bed: SchedulerBed, question: number, id = 0): number[] {
  return bed.sent.filter(([, host, asked]) => host === id && asked === question).map(([atUs]) => atUs);
}

describe('questions that are answered', () => {
  test('are asked once each, in order where that is wanted, and told with their round trip', () => {
    const bed = new SchedulerBed(3);
    bed.admit(7);
    bed.run(allAfter(5000));
    expect(bed.sent.map(([, id, question]) => [id, question])).toEqual(
      [0, 1, 2].map((question) => [7, question]),
    );
    expect(
      bed.said.map(({ question, state, attempts, rttUs }) => [question, state, attempts, rttUs]),
    ).toEqual([0, 1, 2].map((question) => [question, 'closed', 1, 5000]));
    expect(bed.ends).toEqual([[7, 'done']]);
    expect([bed.scheduler.next(bed.nowUs), bed.scheduler.nextDueUs()]).toEqual([-1, infinity]);
  });

  test('are asked in the order of the permutation otherwise, each once', () => {
    const bed = new SchedulerBed(50, {}, { inOrder: false });
    bed.admit(0);
    bed.run(allAfter(5000));
    const asked = bed.sent.map(([, , question]) => question);
    expect(asked).not.toEqual(asked.toSorted((a, b) => a - b));
    expect(new Set(asked).size).toBe(50);
    expect(asked).toHaveLength(50);
  });

  test('are told once, however often the answer comes', () => {
    const bed = new SchedulerBed(2);
    const host = bed.admit(0);
    bed.send();
    expect(bed.scheduler.answered(host, 0, answer('closed', 1, 4000))).toBe(true);
    expect(bed.scheduler.answered(host, 0, answer('closed', 1, 4001))).toBe(false);
    expect(bed.said).toHaveLength(1);
  });

  test('have round trips also where the board’s clock of 32 bits wraps', () => {
    for (const startUs of [2 ** 32 - 100, 2 ** 32, 5 * 2 ** 32 - 1]) {
      const bed = new SchedulerBed(1, {}, {}, startUs);
      bed.admit(0);
      bed.run(allAfter(7000));
      expect(bed.said.map(({ rttUs }) => rttUs)).toEqual([7000]);
    }
  });

  test('settle their host with the first where that is wanted', () => {
    const bed = new SchedulerBed(5, {}, { firstAnswerSettles: true });
    bed.admit(0);
    bed.run((_id, question) => (question === 3 ? { rttUs: 2000 } : undefined));
    expect(bed.said.map(({ question }) => question)).toEqual([3]);
    expect(bed.ends).toEqual([[0, 'done']]);
  });
});

describe('a question that stays silent', () => {
  test('is asked three times where nothing is known, the time-out apart, and is then filtered', () => {
    const bed = new SchedulerBed(1);
    bed.admit(0);
    bed.run(silence);
    expect(timesOf(bed, 0)).toEqual([0, 1_000_000, 1_650_000]);
    expect(bed.said.map(({ state, kind, attempts }) => [state, kind, attempts])).toEqual([
      ['filtered', 'silence', 3],
    ]);
    expect(bed.nowUs).toBe(3_000_000);
  });

  test('is asked as often as the user allows, if that is less', () => {
    for (const maxAttempts of [1, 2]) {
      const bed = new SchedulerBed(1, { maxAttempts });
      bed.admit(0);
      bed.run(silence);
      expect(bed.said.map(({ attempts }) => attempts)).toEqual([maxAttempts]);
    }
  });

  test('of a host that answers others is asked again sooner, and waited for twice as long', () => {
    const bed = new SchedulerBed(40, { scanDelayUs: 5000 });
    bed.admit(0);
    bed.run((_id, question) => (question === 20 ? undefined : { rttUs: 1000 }));
    const [first = 0, second = 0, third = 0] = timesOf(bed, 20);
    expect(second - first).toBeGreaterThanOrEqual(100_000);
    expect(second - first).toBeLessThan(107_000);
    expect(bed.said.at(-1)).toMatchObject({ question: 20, state: 'filtered', attempts: 3 });
    expect(third - second).toBeGreaterThanOrEqual(200_000);
    expect(third - second).toBeLessThan(202_000);
  });

  test('and is answered at last has lost those before, which is seen in the loss', () => {
    const bed = new SchedulerBed(1);
    const host = bed.admit(0);
    bed.run((_id, _question, attempt) => (attempt === 3 ? { rttUs: 3000 } : undefined));
    expect(bed.said.map(({ state, attempts, rttUs }) => [state, attempts, rttUs])).toEqual([
      ['closed', 3, 3000],
    ]);
    expect([host.loss.answered, host.loss.lost, host.loss.firstLost]).toEqual([1, 2, 1]);
    expect([bed.linkLoss.answered, bed.linkLoss.lost]).toEqual([1, 2]);
  });

  test('met by an outage is asked again as if it never had been', () => {
    const bed = new SchedulerBed(1);
    const host = bed.admit(0);
    bed.run(silence, 2_500_000);
    bed.scheduler.voidSince(0, bed.nowUs);
    const atUs = bed.nowUs;
    bed.run(silence);
    expect(timesOf(bed, 0).filter((sentUs) => sentUs >= atUs)).toHaveLength(3);
    expect([host.startedUs, host.loss.lost]).toEqual([atUs, 0]);
    expect(bed.said.map(({ attempts }) => attempts)).toEqual([6]);
  });

  test('because the kernel still looks for its neighbour after an outage is no loss', () => {
    const bed = new SchedulerBed(60, { scanDelayUs: 10_000 });
    const host = bed.admit(0);
    const isAnswered = () => bed.nowUs < 100_000 || bed.nowUs > 450_000;
    const answers: Answers = () => (isAnswered() ? { rttUs: 3000 } : undefined);
    bed.run(answers, 150_000);
    bed.scheduler.voidSince(100_000, bed.nowUs);
    bed.run(answers);
    expect(bed.said.filter(({ state }) => state === 'closed')).toHaveLength(60);
    expect([host.loss.judged > 0, host.loss.firstLost]).toEqual([true, 0]);
  });
});

describe('hosts', () => {
  test('are left alone as long as the user wants between two probes', () => {
    const bed = new SchedulerBed(4, { scanDelayUs: 50_000 });
    bed.admit(0);
    bed.run(allAfter(1000));
    const times = bed.sent.map(([atUs]) => atUs);
    expect(times.slice(1).map((atUs, i) => atUs - (times[i] as number) >= 50_000)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('have no more probes under way than allowed', () => {
    const bed = new SchedulerBed(6, { maxParallelism: 2 });
    const host = bed.admit(0);
    bed.send();
    expect([bed.sent.length, host.inFlight]).toEqual([2, 2]);
    bed.scheduler.answered(host, 0, answer('closed', 1, 10));
    bed.send();
    expect([bed.sent.length, host.inFlight]).toEqual([3, 2]);
  });

  test('take turns of eight probes, and 64 where no other waits', () => {
    const bed = new SchedulerBed(40, { hostRate: { ...hostRate, maxPps: infinity } });
    for (const id of [0, 1, 2]) bed.admit(id);
    bed.send();
    const turns = bed.sent.map(([, id]) => id);
    expect(turns.slice(0, 24)).toEqual([0, 1, 2].flatMap((id) => Array(8).fill(id)));
    expect(turns).toHaveLength(120);
  });

  test('have their time, and not a moment less; what is open then is unknown', () => {
    const bed = new SchedulerBed(2, { hostTimeoutUs: 500_000 });
    bed.admit(0);
    bed.send();
    bed.scheduler.handleTimeout(500_000);
    expect(bed.ends).toEqual([]);
    bed.scheduler.handleTimeout(500_001);
    expect(bed.ends).toEqual([[0, 'timeout']]);
    expect(bed.said.map(({ state, kind }) => [state, kind])).toEqual(Array(2).fill(['unknown', 'local']));
  });

  test('that are not there end in silence, whatever has been asked', () => {
    const bed = new SchedulerBed(3);
    const host = bed.admit(0);
    bed.scheduler.sent(bed.scheduler.next(0), 0);
    bed.scheduler.giveUp(host, 'done', undefined, 10_000);
    expect(bed.ends).toEqual([[0, 'done']]);
    expect(bed.said.map(({ state, kind, attempts }) => [state, kind, attempts]).sort()).toEqual([
      ['filtered', 'silence', 0],
      ['filtered', 'silence', 0],
      ['filtered', 'silence', 1],
    ]);
  });

  test('without an agenda are asked what is added, and done when there is no more', () => {
    const bed = new SchedulerBed(3);
    const host = bed.scheduler.admit(4, 4, { path: 0, hop: { neighbour: 0 } }, undefined, 0);
    expect(bed.scheduler.next(0)).toBe(-1);
    bed.scheduler.extend(host);
    bed.send(silence);
    expect(bed.sent.map(([, id, question]) => [id, question])).toEqual([[4, 0]]);
    bed.scheduler.answered(host, 0, answer('open', 1, 900));
    expect(bed.ends).toEqual([[4, 'done']]);
  });

  test('that fall silent are blocked, and what they were asked since is unknown', () => {
    const bed = new SchedulerBed(60);
    bed.admit(0);
    bed.run((_id, question) => (question < 30 && bed.nowUs < 10_000 ? { rttUs: 2000 } : undefined));
    expect(bed.blocked).toEqual([true]);
    expect(bed.ends).toEqual([[0, 'blocked']]);
    const late = bed.said.filter(({ question }) => question >= 30);
    expect(late.map(({ state }) => state)).toEqual(Array(30).fill('unknown'));
  });

  test('whose only service thinks before each answer, longer than it is waited for, are not', () => {
    const bed = new SchedulerBed(3, { rtt: { initialUs: 100_000, minUs: 100_000, maxUs: 100_000 } });
    bed.admit(0);
    bed.run((_id, question) => (question === 0 ? { rttUs: 250_000, state: 'open' } : undefined));
    expect([bed.blocked, bed.ends]).toEqual([[], [[0, 'done']]]);
    expect(bed.said.map(({ state }) => state).sort()).toEqual(['filtered', 'filtered', 'open']);
  });

  test('whose silent ports end with a sentinel that answers are not', () => {
    const bed = new SchedulerBed(60);
    bed.admit(0);
    bed.run((_id, question) => (question < 30 ? { rttUs: 2000 } : undefined));
    expect([bed.blocked, bed.ends]).toEqual([[], [[0, 'done']]]);
    const late = bed.said.filter(({ question }) => question >= 30);
    expect(late.map(({ state }) => state)).toEqual(Array(30).fill('filtered'));
  });

  test('that leave at the very end are noticed: the last silences are vouched for', () => {
    const bed = new SchedulerBed(20, { scanDelayUs: 5000, blockedWaitUs: 0 });
    bed.admit(0);
    bed.run((_id, question) => (question < 15 && bed.nowUs < 75_000 ? { rttUs: 1000 } : undefined));
    expect(bed.ends).toEqual([[0, 'blocked']]);
    const late = bed.said.filter(({ question }) => question >= 15);
    expect(late.map(({ state }) => state)).toEqual(Array(5).fill('unknown'));
  });
});

describe('a question more', () => {
  test('is asked beside the agenda, once, and may be withdrawn', () => {
    const bed = new SchedulerBed(3);
    const agenda = { some: Uint32Array.of(0), order: new SchedulerBed(1).admit(0).agenda!.order };
    const host = bed.scheduler.admit(0, 4, { path: 0, hop: { neighbour: 0 } }, agenda, 0);
    bed.scheduler.asides.ask(host, 2);
    bed.scheduler.asides.ask(host, 2);
    bed.send();
    expect(bed.sent.map(([, , question]) => question)).toEqual([2, 0]);
    expect([bed.scheduler.asides.isSent(host, 2), bed.scheduler.asides.isSent(host, 1)]).toEqual([
      true,
      false,
    ]);
    bed.scheduler.answered(host, 0, answer('closed', 1, 800));
    expect(bed.ends).toEqual([]);
    bed.scheduler.asides.withdraw(host, 2);
    expect(bed.ends).toEqual([[0, 'done']]);
    expect(bed.said.map(({ question }) => question)).toEqual([0]);
  });
});

describe('an attempt on a socket', () => {
  test('is waited for as long as its answer may count: the latest, open, or one that shows the host or its path', () => {
    const bed = new SchedulerBed(3);
    const host = bed.admit(0);
    const awaits = (question: number, attempt: number) => bed.scheduler.awaits(host, question, attempt);
    bed.send();
    expect([awaits(0, 1), awaits(0, 2)]).toEqual([true, false]);
    bed.scheduler.answered(host, 0, answer('open', 1, 800));
    expect(awaits(0, 1)).toBe(false);
    // An outage has the others asked again.
    bed.scheduler.voidSince(0, 900);
    expect(awaits(1, 1)).toBe(false);
    bed.nowUs = 1000;
    bed.send();
    expect([awaits(1, 1), awaits(1, 2)]).toEqual([false, true]);
    host.sentinel = host.row * 3;
    expect(awaits(0, 1)).toBe(false);
    host.sentinelTries = 1;
    expect([awaits(0, 1), awaits(0, 2)]).toEqual([true, false]);
    host.sentinelTries = 0;
    host.samples = new PathSamples(host.sentinels);
    expect([awaits(0, 1), awaits(0, 2)]).toEqual([true, false]);
  });
});

describe('trouble on this machine', () => {
  test('that kept a probe back counts for nothing', () => {
    const bed = new SchedulerBed(1);
    const host = bed.admit(0);
    bed.send();
    bed.scheduler.takeBack(host, 0);
    expect([host.inFlight, bed.scheduler.asides.isSent(host, 0)]).toEqual([0, false]);
    bed.run(allAfter(1000));
    expect(bed.said.map(({ state, attempts }) => [state, attempts])).toEqual([['closed', 1]]);
  });

  test('that will not pass makes a question unknown, once', () => {
    const bed = new SchedulerBed(1);
    const host = bed.admit(0);
    bed.send();
    bed.scheduler.failedLocally(host, 0);
    bed.scheduler.failedLocally(host, 0);
    expect(bed.said.map(({ state, kind }) => [state, kind])).toEqual([['unknown', 'local']]);
    expect(bed.ends).toEqual([[0, 'done']]);
  });
});

describe('a question that is put again and cannot leave', () => {
  const isSilent = (question: number) => question >= 30;
  const some = (_id: number, question: number) => (isSilent(question) ? undefined : { rttUs: 2000 });

  test('is no silent sentinel: the host is asked when there is room, and is not blocked', () => {
    const bed = new SchedulerBed(60);
    const host = bed.admit(0);
    bed.isKeptBack = () => host.held && bed.nowUs < host.heldSinceUs + 2e6;
    bed.run(some);
    expect(bed.keptBack).toBeGreaterThan(100);
    expect([bed.blocked, bed.ends]).toEqual([[], [[0, 'done']]]);
    const late = bed.said.filter(({ question }) => isSilent(question));
    expect(late.map(({ state }) => state)).toEqual(Array(30).fill('filtered'));
  });

  test('never, so that nobody knows whether the host lives: what was silent is unknown for trouble here', () => {
    const bed = new SchedulerBed(60);
    const host = bed.admit(0);
    bed.isKeptBack = (question) => {
      if (!host.held || host.done) return false;
      bed.scheduler.failedLocally(host, question);
      return true;
    };
    bed.run(some);
    expect([bed.blocked, bed.ends]).toEqual([[], [[0, 'local']]]);
    const late = bed.said.filter(({ question }) => isSilent(question));
    expect(late.map(({ state, kind }) => [state, kind])).toEqual(Array(30).fill(['unknown', 'local']));
  });

  test('is no sample that was lost, and none that was sent', () => {
    const bed = new SchedulerBed(2000);
    const host = bed.admit(0);
    bed.isKeptBack = (_question, attempt) =>
      attempt > 1 && host.samples !== undefined && bed.nowUs % 50_000 < 25_000;
    bed.run((_id, question) => (question % 100 === 5 ? { rttUs: 2000 } : undefined));
    expect(bed.keptBack).toBeGreaterThan(10);
    expect(host.loss.sampled).toBeGreaterThan(10);
    expect([host.loss.sampleLost, bed.blocked]).toEqual([0, []]);
  });
});

test('law: each question has one verdict, each host one end, and nothing is asked too often', () => {
  const path = fc.record({
    answered: fc.array(fc.nat(9), { minLength: 12, maxLength: 12 }),
    // Where others answer at once, nobody whose round trip is unknown is waited for longer than 200 ms.
    rttUs: fc.integer({ min: 1, max: 190_000 }),
  });
  fc.assert(
    fc.property(
      fc.array(path, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      (paths, maxAttempts) => {
        const bed = new SchedulerBed(12, { maxAttempts, blockedWaitUs: 0 });
        for (const id of paths.keys()) bed.admit(id);
        // By question: the first transmission that is answered, 0 for none.
        bed.run((id, question, attempt) => {
          const { answered, rttUs } = paths[id] as (typeof paths)[number];
          const first = answered[question] as number;
          return first > 0 && attempt >= first ? { rttUs } : undefined;
        });
        expect(bed.ends.map(([id]) => id).toSorted()).toEqual([...paths.keys()]);
        const told = bed.said.map(({ id, question }) => 12 * id + question);
        expect(told.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: 12 * paths.length }, (_, i) => i),
        );
        for (const { id, question, state, attempts } of bed.said) {
          const first = paths[id]?.answered[question] as number;
          if (state === 'filtered') expect(attempts).toBeLessThanOrEqual(maxAttempts);
          if (state === 'closed') expect(first).toBeGreaterThan(0);
          if (first === 1) expect(state).toBe('closed');
        }
      },
    ),
    { numRuns: 100 },
  );
});
