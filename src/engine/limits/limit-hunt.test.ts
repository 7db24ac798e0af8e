/** How a limit on answers is told from loss, measured, used, and given up. @module */

import { describe, expect, test } from 'vitest';
import { type HuntStep, LimitHunt } from './limit-hunt.ts';

const infinity = Number.POSITIVE_INFINITY;

/** What is answered of so many probes, asked at a rate for a while. */
type Host = (sent: number, seconds: number) => number;

/** A host that answers so many a second, having saved up some. */
function limiter(answersPps: number, saved = 0): Host {
  let left = saved;
  return (sent, seconds) => {
    left += answersPps * seconds;
    const answered = Math.min(sent, Math.floor(left));
    left = Math.min(left - answered, Math.max(saved, 1));
    return answered;
  };
}

/** A host that saves up no answer: each probe that comes too early is lost, however long the last one is ago. */
function savingNothing(answersPps: number, ratePps: () => number): Host {
  let [left, atSeconds, passed] = [1, 0, 0];
  return (sent, seconds) => {
    passed += seconds;
    let answered = 0;
    for (let i = 0; i < sent; i++) {
      const nextSeconds = Math.max(atSeconds + 1 / ratePps(), passed - seconds);
      left = Math.min(1, left + (nextSeconds - atSeconds) * answersPps);
      atSeconds = nextSeconds;
      if (left < 1) continue;
      left--;
      answered++;
    }
    return answered;
  };
}

/** A host, or a path, that answers this share at any rate. */
function sharing(share: number): Host {
  let owed = 0;
  return (sent) => {
    owed += sent * share;
    const answered = Math.floor(owed);
    owed -= answered;
    return answered;
  };
}

/** A hunt and the rate that it asks for. */
class Chase {
  readonly hunt = new LimitHunt();
  readonly ends: string[] = [];
  ratePps: number;
  seconds = 0;
  sent = 0;
  answered = 0;
  last: HuntStep | undefined;

  /** `usual` was answered before too little was. */
  constructor(beforePps: number, mostPps = infinity, usual = { sent: 16, answered: 16 }, ownUs = 1000) {
    this.ratePps = this.hunt.begin(beforePps, mostPps, usual, ownUs);
  }

  /** Asks in rounds of a fiftieth of a second, of first transmissions or of others. */
  run(
    seconds: number,
    host: Host,
    isEnough: () => boolean = () => false,
    kind: 'first' | 'again' = 'first',
  ): this {
    const endSeconds = this.seconds + seconds;
    let owed = 0;
    while (this.seconds < endSeconds && !isEnough()) {
      const roundSeconds = 0.02;
      owed += this.ratePps * roundSeconds;
      const sent = Math.floor(owed);
      owed -= sent;
      this.seconds += roundSeconds;
      this.take(sent, host(sent, roundSeconds), roundSeconds, kind);
    }
    return this;
  }

  /** One round. */
  take(
    sent: number,
    answered: number,
    seconds: number,
    kind: 'first' | 'again' = 'first',
    leastUs = 1000,
  ): HuntStep | undefined {
    this.sent += sent;
    this.answered += answered;
    const seen = { sent, answered };
    const rest = { sent: 0, answered: 0 };
    const [first, again] = kind === 'first' ? [seen, rest] : [rest, seen];
    const step = this.hunt.take({
      startUs: 0,
      seconds,
      errors: 0,
      first,
      again,
      samples: rest,
      leastUs,
    });
    this.last = step ?? this.last;
    if (step !== undefined) this.ratePps = step.ratePps;
    if (step?.end !== undefined) this.ends.push(step.end);
    return step;
  }
}

describe('a hunt', () => {
  test('that is off takes nothing', () => {
    const hunt = new LimitHunt();
    expect([hunt.isOn, hunt.isOpen, hunt.limitPps]).toEqual([false, false, 0]);
    const counts = { sent: 10, answered: 1 };
    expect(
      hunt.take({
        startUs: 0,
        seconds: 1,
        errors: 0,
        first: counts,
        again: counts,
        samples: counts,
        leastUs: 1000,
      }),
    ).toBeUndefined();
  });

  test.each([
    [1000, infinity, 1000],
    [1000, 50, 50],
    [100_000, infinity, 4000],
    [100_000, 5000, 4000],
    [1, 50, 1],
  ])('from %i probes a second, at most %d wanted, begins at %i', (beforePps, mostPps, expected) => {
    const { hunt, ratePps } = new Chase(beforePps, mostPps);
    expect(ratePps).toBe(expected);
    expect([hunt.isOn, hunt.isOpen]).toEqual([true, true]);
  });

  test('that is abandoned gives the rate before it back, and is over', () => {
    const { hunt } = new Chase(100_000);
    expect(hunt.abandon()).toBe(100_000);
    expect([hunt.isOn, hunt.isOpen]).toEqual([false, false]);
  });

  test('forgets the limit of the one before', () => {
    const chase = new Chase(2000).run(10, limiter(100));
    expect(chase.hunt.limitPps).toBeGreaterThan(90);
    chase.hunt.begin(2000, infinity);
    expect([chase.hunt.limitPps, chase.hunt.isOpen]).toEqual([0, true]);
  });
});

describe('draining and measuring', () => {
  test('take a tenth of a second, and then four times what came is asked for', () => {
    const chase = new Chase(4000);
    expect(chase.take(320, 40, 0.08)).toBeUndefined();
    expect(chase.take(80, 10, 0.02)?.ratePps).toBe(2000);
  });

  test('ask for fifty a second at least, though no more than before', () => {
    expect(new Chase(4000).take(400, 0, 0.1)?.ratePps).toBe(50);
    expect(new Chase(4000, 20).take(2, 0, 0.1)?.ratePps).toBe(20);
    expect(new Chase(30).take(3, 0, 0.1)?.ratePps).toBe(30);
    expect(new Chase(4000).take(400, 390, 0.1)?.ratePps).toBe(4000);
  });

  test('leave out the time in which there was nothing to ask', () => {
    const chase = new Chase(1000);
    expect(chase.take(20, 4, 2)).toBeUndefined();
    expect(chase.take(0, 0, 3600)).toBeUndefined();
    expect(chase.take(80, 16, 0.08)?.ratePps).toBe(800);
  });

  test('of few questions take two and a half seconds each, however fast might be asked', () => {
    const chase = new Chase(1000);
    const steps = Array.from({ length: 50 }, () => chase.take(1, 0, 0.1));
    expect(steps.findIndex((step) => step?.ratePps === 50)).toBe(24);
    expect(steps.findIndex((step) => step?.end === 'futile')).toBeGreaterThan(24);
  });

  test('try a tenth less than what came, once four answers have', () => {
    const chase = new Chase(1000);
    chase.take(100, 10, 0.1);
    expect(chase.ratePps).toBe(400);
    expect(chase.take(100, 3, 0.25)).toBeUndefined();
    expect(chase.take(100, 7, 0.25)?.ratePps).toBeCloseTo(0.9 * 20, 10);
    expect(chase.hunt.limitPps).toBe(20);
  });

  test.each([
    ['two and a half seconds without any answer', () => 0, 2.5],
    ['ten seconds with too few to tell a rate', limiter(0, 1), 10],
  ])('give up after %s', (_name, host, seconds) => {
    const chase = new Chase(1000);
    chase.run(
      0.1,
      () => 0,
      () => chase.ratePps !== 1000,
    );
    const from = chase.seconds;
    chase.run(60, host, () => chase.ends.length > 0);
    expect(chase.ends).toEqual(['futile']);
    expect(chase.ratePps).toBe(1000);
    expect(chase.seconds - from).toBeGreaterThan(seconds);
    expect(chase.seconds - from).toBeLessThan(seconds + 0.1);
  });
});

describe('loss and silent ports', () => {
  test.each([0.5, 0.2, 0.05])('of which %d answer are no limit: the rate comes back', (share) => {
    const chase = new Chase(2000);
    chase.run(60, sharing(share), () => !chase.hunt.isOn);
    expect(chase.ends).toEqual(['futile']);
    expect([chase.ratePps, chase.hunt.limitPps]).toEqual([2000, 0]);
    expect(chase.seconds).toBeLessThan(11);
  });
});

describe('a limit', () => {
  test.each([
    [1, 6],
    [20, 20],
    [200, 0],
    [200, 200],
    [1000, 5],
  ])('of %i a second, %i saved up, is found and kept used', (limitPps, saved) => {
    const host = limiter(limitPps, saved);
    const chase = new Chase(4000);
    chase.run(120, host, () => chase.ends.length > 0);
    expect(chase.ends).toEqual(['limited']);
    expect(chase.hunt.isOn && !chase.hunt.isOpen).toBe(true);
    chase.run(60, host);
    const before = { sent: chase.sent, answered: chase.answered };
    chase.run(120, host);
    expect(chase.hunt.limitPps).toBeGreaterThan(0.9 * limitPps);
    expect(chase.hunt.limitPps).toBeLessThan(1.1 * limitPps);
    expect((chase.answered - before.answered) / 120).toBeGreaterThan(0.93 * limitPps);
    expect((chase.sent - before.sent) / 120).toBeLessThan(1.3 * limitPps);
  });

  test('is used, too, where half of the ports are silent', () => {
    const limited = limiter(200);
    const half = sharing(0.5);
    const host: Host = (sent, seconds) => limited(half(sent, seconds), seconds);
    const chase = new Chase(4000, infinity, { sent: 16, answered: 8 }).run(30, host);
    expect(chase.ends).toEqual(['limited']);
    const before = chase.answered;
    chase.run(60, host);
    expect((chase.answered - before) / 60).toBeGreaterThan(0.85 * 200);
    expect(chase.ratePps).toBeLessThan(2 * 1.5 * 200);
  });

  test('that is no more ends the hunt once twice as many come, and is remembered for the report', () => {
    const chase = new Chase(4000).run(20, limiter(200));
    expect(chase.ratePps).toBeLessThan(1.1 * 200);
    expect(chase.hunt.metPps).toBe(chase.hunt.limitPps);
    chase.run(10, sharing(1), () => !chase.hunt.isOn);
    expect(chase.ends).toEqual(['limited', 'gone']);
    expect(chase.ratePps).toBeGreaterThan(2 * 200);
    expect(chase.hunt.limitPps).toBe(0);
    expect(chase.hunt.metPps).toBeGreaterThan(0.9 * 200);
    expect(chase.seconds).toBeLessThan(23);
  });

  test('that becomes a little lower is followed down', () => {
    const chase = new Chase(4000).run(20, limiter(200));
    chase.run(30, limiter(170));
    expect(chase.hunt.limitPps).toBeLessThan(1.03 * 170);
    expect(chase.ratePps).toBeLessThan(1.15 * 170);
  });

  test('that swallows much more than is aimed at makes silence prove nothing', () => {
    const chase = new Chase(4000).run(20, limiter(400));
    expect(chase.last?.isOver).toBe(false);
    chase.run(2, limiter(100), () => chase.last?.isOver === true);
    expect(chase.last?.isOver).toBe(true);
  });

  test.each([
    [200, 100],
    [200, 20],
    [1000, 50],
  ])('of %i a second that falls to %i is followed within two seconds', (beforePps, afterPps) => {
    const chase = new Chase(4000).run(20, limiter(beforePps, 5));
    chase.run(2, limiter(afterPps, 5));
    expect(chase.hunt.limitPps).toBeGreaterThan(0.75 * afterPps);
    expect(chase.hunt.limitPps).toBeLessThan(1.25 * afterPps);
    expect(chase.ratePps).toBeLessThan(1.6 * afterPps);
  });

  test.each([
    [20, 20],
    [20, 100],
    [50, 100],
    [200, 100],
  ])('of %i a second with %i saved up is named within a quarter eight seconds later', (limitPps, saved) => {
    const chase = new Chase(4000).run(8, limiter(limitPps, saved));
    expect(chase.hunt.metPps).toBeGreaterThan(0.75 * limitPps);
    expect(chase.hunt.metPps).toBeLessThan(1.25 * limitPps);
  });

  test.each([
    ['first', 100],
    ['again', 100],
  ] as const)('that was measured half too high, by what was asked %s, is put right', (kind, limitPps) => {
    const chase = new Chase(4000);
    // It had saved up some more while it was measured, and a few were left for the trial.
    chase.take(400, 400, 0.1, kind);
    chase.take(400, 15, 0.1, kind);
    chase.take(54, 49, 0.4, kind);
    expect(chase.ends).toEqual(['limited']);
    expect(chase.hunt.limitPps).toBeCloseTo(150, 6);
    chase.run(4, limiter(limitPps, 5), () => false, kind);
    expect(chase.hunt.limitPps).toBeGreaterThan(0.9 * limitPps);
    expect(chase.hunt.limitPps).toBeLessThan(1.1 * limitPps);
  });

  test.each([20, 200, 1000])('of %i a second that saves nothing up is used to 95 %%', (limitPps) => {
    const chase = new Chase(4000);
    const host = savingNothing(limitPps, () => chase.ratePps);
    chase.run(40, host);
    expect(chase.ends).toEqual(['limited']);
    const before = chase.answered;
    chase.run(60, host);
    expect((chase.answered - before) / 60).toBeGreaterThan(0.95 * limitPps);
    expect(chase.hunt.metPps).toBeGreaterThan(0.9 * limitPps);
    expect(chase.hunt.metPps).toBeLessThan(1.1 * limitPps);
  });

  test('above four times the fastest drain is found as well, where all are answered in the trial', () => {
    const chase = new Chase(100_000);
    chase.run(5, limiter(10_000, 50), () => chase.ends.length > 0);
    expect(chase.ends).toEqual(['limited']);
    chase.run(5, limiter(10_000, 50));
    expect(chase.hunt.limitPps).toBeGreaterThan(9000);
    expect(chase.hunt.limitPps).toBeLessThan(11_000);
  });

  describe('that is a path with a short queue', () => {
    /** Found at 500 a second, by answers that took so long in the flood. */
    const found = (floodUs: number, ownUs?: number): Chase => {
      const chase = new Chase(4000, infinity, { sent: 16, answered: 16 }, ownUs);
      chase.take(400, 50, 0.1);
      chase.take(200, 50, 0.1, 'first', floodUs);
      chase.take(90, 90, 0.2, 'first', 20_000);
      expect([chase.ends, chase.hunt.limitPps]).toEqual([['limited'], 500]);
      return chase;
    };

    test('is kept to, and not named: answers waited for those before them', () => {
      expect(found(22_100, 20_000).hunt.metPps).toBe(0);
      expect(found(21_900, 20_000).hunt.metPps).toBe(500);
    });

    test('is told by the round trip before the hunt, for the trial may fill the queue as well', () => {
      expect(found(20_000, 17_900).hunt.metPps).toBe(0);
      expect(found(20_000, 18_100).hunt.metPps).toBe(500);
    });
  });

  test('does not make those that are left wait, who were silent before and exhaust nobody', () => {
    const chase = new Chase(4000).run(20, limiter(200));
    const beforePps = chase.ratePps;
    chase.run(30, sharing(0.02), () => false, 'again');
    expect(chase.ratePps).toBeGreaterThan(4 * beforePps);
    expect(chase.ratePps).toBeLessThanOrEqual(4000);
    expect(chase.hunt.limitPps).toBeGreaterThan(0.9 * 200);
  });
});
