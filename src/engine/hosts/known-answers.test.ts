/** What hosts answered when they were looked for. @module */

import { describe, expect, test } from 'vitest';
import { Observation, observationKind } from '../../model/observation.ts';
import { hostTechniques, portTechniques } from '../../techniques/index.ts';
import { pathEcho } from '../../techniques/path-echo.ts';
import { judge } from '../../techniques/reply-table.ts';
import type { Technique } from '../../techniques/technique.ts';
import { ListedQuestions } from '../questions/listed-questions.ts';
import { replyTableOf } from '../questions/questions.ts';
import type { Limits } from '../scheduler-options.ts';
import { KnownAnswers } from './known-answers.ts';
import { hostOf } from './test-hosts.laws.ts';

const { syn, ack } = portTechniques;
const looking = [
  [hostTechniques['ping-echo'], 0],
  [hostTechniques['ping-syn'], 443],
  [hostTechniques['ping-ack'], 80],
] as const;

function phase(asked: readonly (readonly [Technique, number])[], firstAnswerSettles: boolean) {
  return {
    kind: 'list' as const,
    questions: ListedQuestions.of(asked.map(([technique, port]) => ({ technique, port, variant: 0 }))),
    rows: 1,
    limits: {} as Limits,
    firstAnswerSettles,
  };
}

/** Two ports are asked by a technique, and behind them stands what looked for the host: 2, 3 and the echo, 4. */
function knownOf(technique: Technique) {
  const behind = [
    [syn, 443],
    [ack, 80],
    [pathEcho, 0],
  ] as const;
  const known = new KnownAnswers([
    phase(looking, true),
    {
      ...phase([[technique, 443], [technique, 80], ...behind], false),
      before: { questions: Int32Array.of(-1, 2, 3), echo: 4 },
    },
  ]);
  const found = hostOf(3);
  const asked = hostOf(5);
  asked.phase = 1;
  const hear = (question: number, kind: keyof typeof observationKind, flags = 0) => {
    const seen = new Observation();
    seen.begin(observationKind[kind]);
    seen.flags = flags;
    seen.code = judge(replyTableOf(looking[question]?.[0] as Technique), seen);
    known.note(found, question, seen);
  };
  return { known, found, asked, hear };
}

const synAck = 0x12;
const reset = 0x04;

describe('what a host answered when it was looked for', () => {
  test('is asked again by the question behind the list, and shows how it was answered', () => {
    const { known, asked, hear } = knownOf(syn);
    hear(1, 'tcp', synAck);
    known.admit(asked);
    expect([asked.sentinels.isEmpty, asked.sentinels.canTell, asked.sentinels.onlyRefuse]).toEqual([
      true,
      true,
      false,
    ]);
    expect([asked.sentinels.next(1), asked.sentinels.echo]).toEqual([2, -1]);
  });

  test('counts when it comes after the host began to be asked', () => {
    const { known, asked, hear } = knownOf(syn);
    hear(0, 'echo-reply');
    known.admit(asked);
    expect([asked.sentinels.echo, asked.sentinels.canTell]).toEqual([4, false]);
    hear(1, 'tcp', reset);
    expect([asked.sentinels.next(1), asked.sentinels.onlyRefuse]).toEqual([2, true]);
  });

  test.each([
    [syn, 2],
    [ack, 3],
  ] as const)('counts for most where it answered the very probe of the list: %o', (technique, question) => {
    for (const order of [
      [1, 2],
      [2, 1],
    ]) {
      const { known, asked, hear } = knownOf(technique);
      for (const one of order) hear(one, 'tcp', one === 1 ? synAck : reset);
      known.admit(asked);
      expect([1, 2, 3].map((attempt) => asked.sentinels.next(attempt))).toEqual(Array(3).fill(question));
    }
  });

  test('is no error, and nothing of a host that is done', () => {
    const { known, asked, hear } = knownOf(syn);
    hear(1, 'icmp');
    known.admit(asked);
    expect(asked.sentinels.canTell).toBe(false);
    hear(1, 'tcp', synAck);
    known.forget(asked);
    const again = hostOf(5);
    again.phase = 1;
    known.admit(again);
    expect(again.sentinels.canTell).toBe(false);
  });

  test('is worth listening for as long as something it was asked is open', () => {
    const { known, found, asked } = knownOf(syn);
    expect([known.mayHearMore(found), known.mayHearMore(asked)]).toEqual([true, false]);
    found.pending = 0;
    expect(known.mayHearMore(found)).toBe(false);
  });

  test('is worth it where nothing is asked of hosts that are found, too: it is an answer, and no anomaly', () => {
    const known = new KnownAnswers([phase(looking, true)]);
    expect(known.mayHearMore(hostOf(3))).toBe(true);
  });
});
