/** Which of the questions that a host has answered it is asked again. @module */

import { describe, expect, test } from 'vitest';
import { observationKind } from '../../model/observation.ts';
import { Sentinels } from './sentinels.ts';
import { answer } from './test-hosts.laws.ts';

/** The first so many turns, all silent. */
function turns(sentinels: Sentinels, count: number): number[] {
  return Array.from({ length: count }, (_, i) => sentinels.next(i + 1));
}

function sentinelsOf(closed: readonly number[], open: readonly number[]): Sentinels {
  const sentinels = new Sentinels();
  for (const task of closed) sentinels.note(task, false, undefined);
  for (const task of open) sentinels.note(task, true, undefined);
  return sentinels;
}

describe('sentinels', () => {
  test('are none before the first answer', () => {
    const none = new Sentinels();
    expect([none.isEmpty, none.onlyRefuse, none.has(0), none.seenOf(0)]).toEqual([
      true,
      true,
      false,
      undefined,
    ]);
    expect([none.mayTake(true), none.mayTake(false)]).toEqual([true, true]);
  });

  test('are three of a kind at most', () => {
    const sentinels = sentinelsOf([1, 2], [7]);
    expect([sentinels.mayTake(false), sentinels.mayTake(true)]).toEqual([true, true]);
    sentinels.note(3, false, undefined);
    expect([sentinels.mayTake(false), sentinels.mayTake(true)]).toEqual([false, true]);
  });

  test('are known again, with what was seen of them then', () => {
    const seen = answer('closed', 2, 700);
    const sentinels = sentinelsOf([], [5]);
    sentinels.note(9, false, seen);
    seen.atUs = 0;
    expect([sentinels.has(9), sentinels.has(5), sentinels.has(4)]).toEqual([true, true, false]);
    expect([sentinels.seenOf(9)?.atUs, sentinels.seenOf(9)?.attempt, sentinels.seenOf(5)]).toEqual([
      700,
      2,
      undefined,
    ]);
  });

  test('only refuse until an open port is among them', () => {
    expect(sentinelsOf([1], []).onlyRefuse).toBe(true);
    expect(sentinelsOf([1], [2]).onlyRefuse).toBe(false);
  });

  test('take turns, closed ports first, an open one at the third silence and each second after it', () => {
    const asked = turns(sentinelsOf([1, 2, 3], [11, 12, 13]), 9);
    expect(asked.map((task) => task > 10)).toEqual([
      false,
      false,
      true,
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(new Set(asked).size).toBeGreaterThanOrEqual(5);
  });

  test('are what was found when the host was looked for, where of that kind nothing else is known', () => {
    const sentinels = new Sentinels();
    const found = [{ question: 4, isOpen: true, seen: answer('open', 1, 300) }];
    sentinels.find(found, 100);
    expect([sentinels.isEmpty, sentinels.canTell, sentinels.onlyRefuse]).toEqual([true, true, false]);
    expect(turns(sentinels, 3)).toEqual([104, 104, 104]);
    expect([sentinels.has(104), sentinels.seenOf(104)?.atUs, sentinels.has(4)]).toEqual([true, 300, false]);
    // Another answer comes late.
    found.push({ question: 5, isOpen: false, seen: answer('closed') });
    expect(turns(sentinels, 3)).toEqual([105, 105, 104]);
    sentinels.note(7, false, undefined);
    expect(turns(sentinels, 3)).toEqual([7, 7, 104]);
  });

  test('begin with a closed port again after an answer, another one than before', () => {
    const sentinels = sentinelsOf([1, 2, 3], [11]);
    expect([sentinels.next(1), sentinels.next(1), sentinels.next(1), sentinels.next(1)]).toEqual([
      1, 2, 3, 1,
    ]);
  });

  test.each([
    [[4], [], [4, 4, 4, 4]],
    [[], [6], [6, 6, 6, 6]],
    [[1, 2], [], [1, 2, 1, 2]],
  ] as const)('of one kind alone (closed %j, open %j) are asked in all turns', (closed, open, expected) => {
    expect(turns(sentinelsOf(closed, open), 4)).toEqual(expected);
  });

  describe('that are UDP applications', () => {
    const said = (attempt: number) => {
      const seen = answer('open', attempt);
      seen.kind = observationKind.udp;
      return seen;
    };
    const applications = (...tasks: readonly number[]) => {
      const sentinels = new Sentinels();
      for (const task of tasks) sentinels.note(task, true, said(2));
      return sentinels;
    };

    test('are forgotten where one or two have answered once, a copy of that answer aside', () => {
      const [one, two] = [applications(1), applications(1, 2)];
      one.answeredAgain(1, 2);
      one.answeredAgain(9, 3);
      expect([one.forgetThoseOfOneAnswer(), two.forgetThoseOfOneAnswer()]).toEqual([true, true]);
      expect([one.canTell, two.canTell, one.forgetThoseOfOneAnswer()]).toEqual([false, false, false]);
    });

    test('are kept once one of them has answered another transmission, where there are three, or one that refuses', () => {
      const again = applications(1, 2);
      again.answeredAgain(2, 1);
      const beside = applications(1);
      beside.note(3, false, undefined);
      for (const sentinels of [again, beside, applications(1, 2, 3), sentinelsOf([], [1]), new Sentinels()])
        expect(sentinels.forgetThoseOfOneAnswer()).toBe(false);
      expect([again.open, beside.open]).toEqual([2, 1]);
    });
  });
});
