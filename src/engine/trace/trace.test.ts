import { describe, expect, test } from 'vitest';
import { fromTarget, noSender } from '../../model/observation.ts';
import { Trace } from './trace.ts';

const bounds = {
  mostHops: 30,
  maxAttempts: 2,
  scanDelayUs: 0,
  rtt: { initialUs: 1_000_000, minUs: 100_000, maxUs: 10_000_000 },
};

/** Sends everything that is due. */
function flush(trace: Trace, nowUs: number): readonly number[] {
  const sent: number[] = [];
  for (let ttl = trace.next(nowUs); ttl > 0; ttl = trace.next(nowUs)) {
    trace.sent(ttl, nowUs);
    sent.push(ttl);
  }
  return sent;
}

/** Lets time pass until nothing is left to be asked; returns every TTL that was sent. */
function exhaust(trace: Trace, nowUs: number): readonly number[] {
  const sent: number[] = [];
  for (let now = nowUs; ; now = trace.dueUs()) {
    sent.push(...flush(trace, now));
    if (trace.isDone) return sent;
  }
}

describe('a trace', () => {
  test('asks all hops at once as far as the target is likely to be', () => {
    expect(flush(new Trace(bounds, 3), 0)).toEqual([1, 2, 3]);
    expect(flush(new Trace(bounds, 0), 0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('ends at the target, and forgets what was asked beyond it', () => {
    const trace = new Trace(bounds, 4);
    flush(trace, 0);
    trace.heard(1, 1, 7, 'expired', 1000);
    trace.heard(3, 1, fromTarget, 'arrived', 3000);
    trace.heard(2, 1, fromTarget, 'arrived', 2000);
    expect(flush(trace, 3000)).toEqual([]);
    expect(trace.isDone).toBe(true);
    expect(trace.reached).toBe(true);
    expect(trace.hops().map(({ sender, rttUs }) => [sender, rttUs])).toEqual([
      [7, 1000],
      [fromTarget, 2000],
    ]);
  });

  test('asks no hop that is known but the last one, and that once', () => {
    const known = [1, 2, 3].map((sender) => ({ sender, rttUs: -1 }));
    const trace = new Trace(bounds, 4, known);
    expect(flush(trace, 0)).toEqual([3, 4]);
    trace.heard(4, 1, fromTarget, 'arrived', 1000);
    expect(exhaust(trace, 1000)).toEqual([]);
    expect(trace.hops().map(({ sender }) => sender)).toEqual([1, 2, noSender, fromTarget]);
    const other = new Trace(bounds, 4, known);
    flush(other, 0);
    other.heard(3, 1, 9, 'expired', 1000);
    other.heard(4, 1, fromTarget, 'arrived', 1000);
    expect(other.hops().map(({ sender }) => sender)).toEqual([1, 2, 9, fromTarget]);
  });

  test('goes on where the guess was too near', () => {
    const trace = new Trace(bounds, 1);
    flush(trace, 0);
    trace.heard(1, 1, 7, 'expired', 1000);
    expect(flush(trace, 1000)).toEqual([2, 3, 4, 5]);
    expect(trace.isDone).toBe(false);
  });

  test('asks a silent hop again, keeps its place, and takes no round trip from an old answer', () => {
    const trace = new Trace(bounds, 2);
    flush(trace, 0);
    trace.heard(2, 1, fromTarget, 'arrived', 2000);
    expect(flush(trace, 2000)).toEqual([]);
    expect(flush(trace, trace.dueUs())).toEqual([1]);
    trace.heard(1, 1, 7, 'expired', 1_500_000);
    expect(trace.isDone).toBe(true);
    expect(trace.hops()[0]).toMatchObject({ sender: 7, rttUs: -1 });
  });

  test('gives up after eight silent hops, and does not tell of those that never answered', () => {
    const trace = new Trace(bounds, 0);
    flush(trace, 0);
    trace.heard(1, 1, 7, 'expired', 1000);
    trace.heard(3, 1, 9, 'expired', 1000);
    const sent = exhaust(trace, 1000);
    expect(Math.max(...sent)).toBeLessThanOrEqual(12);
    expect(trace.reached).toBe(false);
    expect(trace.hops().map(({ sender }) => sender)).toEqual([7, noSender, 9]);
  });

  test('ends where somebody refuses, who is named once', () => {
    const trace = new Trace(bounds, 3);
    flush(trace, 0);
    trace.heard(1, 1, 7, 'expired', 1000);
    trace.heard(2, 1, 7, 'refused', 1000);
    exhaust(trace, 1000);
    expect(trace.reached).toBe(false);
    expect(trace.hops().map(({ sender }) => sender)).toEqual([7]);
  });

  test('never asks beyond its bound', () => {
    expect(Math.max(...exhaust(new Trace({ ...bounds, mostHops: 2 }, 9), 0))).toBe(2);
  });

  /** Lets a way of five hops answer to the transmissions that leave when `answers` says so. */
  function walk(answers: (ttl: number, nowUs: number) => 'arrived' | 'refused' | 'expired' | undefined) {
    const trace = new Trace({ ...bounds, maxAttempts: 3 }, 0);
    for (let now = 0; !trace.isDone; now = trace.dueUs()) {
      for (let ttl = trace.next(now); ttl > 0; ttl = trace.next(now)) {
        const attempt = trace.sent(ttl, now);
        const answer = answers(ttl, now);
        const sender = answer === 'arrived' ? fromTarget : answer === 'refused' ? 2 : ttl;
        if (answer !== undefined) trace.heard(ttl, attempt, sender, answer, now + 1000);
      }
    }
    return { reached: trace.reached, hops: trace.hops().map(({ sender }) => sender) };
  }

  /** What Linux lets through of errors: `burst` at once, then one a second. */
  function limit(burst: number): (nowUs: number) => boolean {
    let [tokens, at] = [burst, 0];
    return (nowUs) => {
      tokens = Math.min(burst, tokens + (nowUs - at) / 1e6);
      at = nowUs;
      if (tokens < 1) return false;
      tokens--;
      return true;
    };
  }

  test.each([1, 2, 6])('a limit of %d errors invents no hop before the target', (burst) => {
    for (const spent of [0, burst]) {
      const mayAnswer = limit(burst);
      for (let i = 0; i < spent; i++) mayAnswer(0);
      // Probes from 3 on reach the target; the first to be answered is any of them.
      const found = walk((ttl, now) =>
        ttl < 3 ? 'expired' : ttl < 6 && now === 0 ? undefined : mayAnswer(now) ? 'arrived' : undefined,
      );
      expect(found).toEqual({ reached: true, hops: [1, 2, fromTarget] });
    }
  });

  test('a refusal that was let through for a later probe alone is of the router that was seen before', () => {
    const found = walk((ttl) => (ttl < 3 ? 'expired' : ttl === 6 ? 'refused' : undefined));
    expect(found).toEqual({ reached: false, hops: [1, 2] });
  });

  test('a router that never answers keeps its place before the target', () => {
    const found = walk((ttl) => (ttl < 4 ? 'expired' : ttl === 4 ? undefined : 'arrived'));
    expect(found).toEqual({ reached: true, hops: [1, 2, 3, noSender, fromTarget] });
  });

  test('keeps a pause between its probes where one is wanted', () => {
    const trace = new Trace({ ...bounds, scanDelayUs: 5000 }, 3);
    expect(flush(trace, 0)).toEqual([1]);
    expect(trace.dueUs()).toBe(5000);
    expect(flush(trace, 5000)).toEqual([2]);
  });
});
