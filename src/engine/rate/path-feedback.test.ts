/** What answers teach of the path, and which teach nothing. @module */

import { describe, expect, test } from 'vitest';
import { Observation, observationKind } from '../../model/observation.ts';
import { icmpErrors } from '../../model/reply.ts';
import { verdictCode } from '../../model/verdict.ts';
import { connect } from '../../techniques/connect.ts';
import { syn } from '../../techniques/syn.ts';
import { ListedQuestions } from '../questions/listed-questions.ts';
import { SchedulerBed } from '../scheduler-bed.laws.ts';
import { kernelRepeatsUs } from '../tables/rate-constants.ts';

describe('what comes a second after the question', () => {
  const late = kernelRepeatsUs + 5000;
  const error = verdictCode('filtered', 'admin-prohibited');
  const connected = verdictCode('open', 'connected');
  test.each([
    [
      'an error says nothing of the round trip of a connection',
      connect,
      'unreachable',
      error,
      [5000, late],
      1,
    ],
    [
      'an error is a round trip of a probe, which nobody else sends again',
      syn,
      'icmp',
      error,
      [5000, late],
      2,
    ],
    [
      'nor does a connection, whose SYN the kernel sends again',
      connect,
      'connected',
      connected,
      [5000, late],
      1,
    ],
    ['nor where no other is known', connect, 'connected', connected, [late, late], 0],
  ] as const)('%s', (_, technique, kind, code, times, samples) => {
    const list = [0, 1].map((i) => ({ technique, port: i + 1, variant: 0 }));
    const bed = new SchedulerBed(2, {}, { questions: ListedQuestions.of(list) });
    const host = bed.admit(0);
    bed.send();
    for (const [question, atUs] of times.entries()) {
      const seen = new Observation();
      seen.begin(observationKind[kind]);
      if (code === error) seen.meaning = icmpErrors.indexOf('admin-prohibited');
      seen.code = code;
      seen.attempt = 1;
      seen.atUs = atUs;
      expect(bed.scheduler.answered(host, question, seen)).toBe(true);
    }
    expect(host.rtt.samples).toBe(samples);
    expect(bed.said).toHaveLength(2);
  });

  test('what is answered again at once shows how long the path is', () => {
    const bed = new SchedulerBed(
      2,
      {},
      {
        questions: ListedQuestions.of([
          { technique: connect, port: 1, variant: 0 },
          { technique: connect, port: 2, variant: 0 },
        ]),
      },
    );
    const host = bed.admit(0);
    bed.send();
    const seen = new Observation();
    for (const atUs of [late, 5000]) {
      seen.begin(observationKind.connected);
      seen.code = connected;
      seen.attempt = 1;
      seen.atUs = atUs;
      bed.scheduler.answered(host, 0, seen);
    }
    expect([host.rtt.samples, host.rtt.smoothedUs]).toEqual([1, 5000]);
  });
});
