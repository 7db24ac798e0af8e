/** When a silence is suspicious, and what becomes of a host that is asked whether it is still there. @module */

import { describe, expect, test } from 'vitest';
import { syn } from '../../techniques/syn.ts';
import { Closing } from '../closing.ts';
import { ListedQuestions } from '../questions/listed-questions.ts';
import { LossEstimator } from '../rate/loss.ts';
import { PathFeedback } from '../rate/path-feedback.ts';
import { RateFinder } from '../rate/rate-finder.ts';
import { TaskPicker } from '../task-picker.ts';
import { TimerWheel } from '../timer-wheel.ts';
import type { Host } from './host.ts';
import { HostQueue } from './host-queue.ts';
import { Liveness } from './liveness.ts';
import { answer, hostOf, meetLimit } from './test-hosts.laws.ts';

const questions = ListedQuestions.of(
  Array.from({ length: 100 }, (_, i) => ({ technique: syn, port: i + 1, variant: 0 })),
);

const bounds = { startPps: 2000, minPps: 1, maxPps: Number.POSITIVE_INFINITY };

/** A host under watch, and what was said of it. */
function watch(host: Host, waitUs = 3_000_000) {
  const said: string[] = [];
  const events = {
    observed: () => undefined,
    hostDone: () => undefined,
    blocked: (_host: Host, isBlocked: boolean, nowUs: number) =>
      said.push(`${isBlocked ? 'blocked' : 'back'} ${nowUs}`),
  };
  const picker = new TaskPicker(new HostQueue(1, 0, () => host), false, Number.POSITIVE_INFINITY);
  const timers = new TimerWheel(100, 1000);
  const liveness = new Liveness({
    manners: undefined,
    waitUs,
    picker,
    timers,
    closing: new Closing(host.board, questions, events, 100_000),
    feedback: new PathFeedback(host.board, new RateFinder(bounds, 0), new LossEstimator(), () => undefined),
    suspicion: { doubt: (_host, lost) => said.push(`doubt ${lost}`) },
    endTrial: () => undefined,
    events,
    goOn: (_host, nowUs) => said.push(`go on ${nowUs}`),
    giveUp: (_host, nowUs) => said.push(`given up ${nowUs}`),
  });
  return { liveness, said, picker };
}

/** A host that has answered this many of so many questions and then fell silent. */
function fellSilent(
  answers: number,
  asked: number,
  streak: number,
  open: 'open' | 'closed' = 'closed',
): Host {
  const host = hostOf(100);
  for (let task = 0; task < answers; task++) host.countAnswer(task, open === 'open', answer(open));
  host.loss.answered = answers;
  host.cursor = asked;
  host.silentStreak = streak;
  host.lastAnswerUs = 1000;
  return host;
}

const isSuspicious = (host: Host, nowUs = 2000) => watch(host).liveness.isSuspicious(host, nowUs);

describe('a silence is suspicious', () => {
  test('never of a host that has answered nothing itself: there is nothing to ask', () => {
    expect(isSuspicious(fellSilent(0, 100, 1000))).toBe(false);
  });

  test('after twelve in a row from one that answered everything, not after eleven', () => {
    expect([11, 12].map((streak) => isSuspicious(fellSilent(50, 50, streak)))).toEqual([false, true]);
  });

  test('later from one that answers less', () => {
    expect([15, 16].map((streak) => isSuspicious(fellSilent(25, 50, streak)))).toEqual([false, true]);
    expect([39, 40].map((streak) => isSuspicious(fellSilent(10, 50, streak)))).toEqual([false, true]);
  });

  test('after 64 however rarely it answers', () => {
    expect([63, 64].map((streak) => isSuspicious(fellSilent(1, 100, streak)))).toEqual([false, true]);
  });

  test('not at the moment in which it has answered', () => {
    expect(isSuspicious(fellSilent(50, 50, 20), 1000)).toBe(false);
    expect(isSuspicious(fellSilent(50, 50, 20), 1001)).toBe(true);
  });

  test('only after three seconds where it limits its answers', () => {
    const host = hostOf(100, 'own');
    host.countAnswer(0, false, answer('closed'));
    host.silentStreak = 1000;
    meetLimit(host);
    expect(host.finder?.hunt.limitPps).toBe(100);
    expect([2_999_999, 3_000_000].map((nowUs) => isSuspicious(host, nowUs))).toEqual([false, true]);
  });
});

describe('a host that is held', () => {
  test('is not called blocked while the kernel may look for its neighbour, after an outage', () => {
    const host = fellSilent(50, 50, 64, 'open');
    const { liveness, said } = watch(host);
    liveness.backUs = 1_000_000;
    for (let nowUs = 1_100_000; nowUs < 4_000_000; nowUs += 100_000) liveness.silent(host, nowUs);
    expect(said).toEqual([]);
    liveness.silent(host, 4_000_000);
    expect(said).toEqual(['blocked 4000000']);
  });

  test('is not called blocked before a service that thinks could have answered, where nothing else is known of it', () => {
    const host = hostOf(100);
    const late = answer('open');
    late.rttUs = -1;
    host.countAnswer(0, true, late);
    const { liveness, said } = watch(host);
    liveness.ask(host, 0);
    for (let nowUs = 100_000; nowUs < 6_000_000; nowUs += 100_000) liveness.silent(host, nowUs);
    expect(said).toEqual([]);
    liveness.silent(host, 6_000_000);
    expect(said).toEqual(['blocked 6000000']);
  });

  test('is asked its sentinel before anything else', () => {
    const host = fellSilent(1, 5, 64);
    const { liveness, picker } = watch(host);
    liveness.ask(host, 5000);
    expect([host.held, host.heldSinceUs, host.sentinel, host.sentinelTries]).toEqual([true, 5000, 0, 1]);
    expect([picker.next(5000), picker.next(5000)]).toEqual([0, -1]);
  });

  test('goes on with its first answer, and nothing was blocked', () => {
    const host = fellSilent(1, 5, 64);
    const { liveness, said } = watch(host);
    liveness.ask(host, 5000);
    liveness.answered(host, 6000);
    expect([host.held, host.sentinelTries, said]).toEqual([false, 0, ['go on 6000']]);
  });

  /** Lets its sentinels go unanswered, one each hundred milliseconds, until something is said. */
  function untilSaid(host: Host, { liveness, said }: ReturnType<typeof watch>, fromUs = 0): number {
    const before = said.length;
    for (let silences = 1; ; silences++) {
      liveness.silent(host, fromUs + silences * 100_000);
      if (said.length > before) return silences;
    }
  }

  test('that has open ports is blocked after the sentinels that loss leaves: five where little is known', () => {
    const host = fellSilent(9, 9, 64, 'open');
    const watched = watch(host);
    watched.liveness.ask(host, 0);
    expect(untilSaid(host, watched)).toBe(5);
    expect(watched.said).toEqual(['blocked 500000']);
  });

  test.each([
    [1_000_000, 0, 3],
    [1_000_000, 10_200, 4],
    [1_000_000, 111_111, 6],
    [1_000_000, 250_000, 9],
  ])(
    'with %i answers and %i losses is blocked after %i sentinels, so that loss alone never does it',
    (answered, lost, tries) => {
      const host = fellSilent(1, 1, 64, 'open');
      host.loss.answered = answered;
      host.loss.lost = lost;
      const watched = watch(host);
      watched.liveness.ask(host, 0);
      expect(untilSaid(host, watched)).toBe(tries);
      expect(host.loss.careful() ** tries).toBeLessThan(1.02e-6);
    },
  );

  test('that only refuses is given more than a second: refusals are counted by the second', () => {
    const host = fellSilent(9, 9, 64, 'closed');
    const watched = watch(host);
    watched.liveness.ask(host, 0);
    expect(untilSaid(host, watched)).toBe(11);
  });

  test('that limits its answers is given three seconds', () => {
    const host = hostOf(100, 'own');
    host.countAnswer(0, true, answer('open'));
    meetLimit(host);
    expect(host.finder?.hunt.limitPps).toBe(100);
    const watched = watch(host);
    watched.liveness.ask(host, 0);
    expect(untilSaid(host, watched)).toBe(30);
  });

  test('that is blocked is asked on, and given up when the time for that is over', () => {
    const host = fellSilent(100, 100, 64, 'open');
    const watched = watch(host, 1_000_000);
    watched.liveness.ask(host, 0);
    const tries = untilSaid(host, watched);
    const fromUs = tries * 100_000;
    expect(untilSaid(host, watched, fromUs)).toBe(10);
    expect(watched.said).toEqual([`blocked ${fromUs}`, `given up ${fromUs + 1_000_000}`]);
  });

  test('that is blocked is given up with the next silence where nobody waits', () => {
    const host = fellSilent(100, 100, 64, 'open');
    const watched = watch(host, 0);
    watched.liveness.ask(host, 0);
    untilSaid(host, watched);
    expect(untilSaid(host, watched, 900_000)).toBe(1);
  });

  test('that comes back is told of, asks its silences again, and may be blocked once more', () => {
    const host = fellSilent(100, 100, 64, 'open');
    host.heard(1000, 900);
    const watched = watch(host);
    watched.liveness.ask(host, 2000);
    untilSaid(host, watched);
    host.board.state[7] = 3;
    host.board.silences[7] = 3;
    host.board.sentAt[7] = 100_950;
    host.silent++;
    host.pending--;
    watched.liveness.answered(host, 700_000);
    expect(watched.said.slice(1)).toEqual(['back 700000', 'go on 700000']);
    // The last two may have left since the last sign of life, a tenth of a second apart; the first did not.
    expect([host.held, host.blockedAtUs, host.board.silences[7], host.takeRetry()]).toEqual([false, 0, 1, 7]);
    watched.liveness.ask(host, 800_000);
    untilSaid(host, watched, 800_000);
    expect(watched.said.at(-1)).toMatch(/^blocked/);
  });
});
