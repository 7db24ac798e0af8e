/**
 * Answers that came together, told one by one.
 *
 * @module
 */

import { fromTarget, Observation, observationKind } from '../model/observation.ts';
import type { AnswerRun } from './batch/batch.ts';
import type { Host } from './host.ts';
import type { SchedulerEvents } from './scheduler-options.ts';

/** Tells what was seen in a run. */
export function tellEach(host: Host, run: AnswerRun, tell: SchedulerEvents['observed']): void {
  for (let i = 0; i < run.count; i++) {
    readAnswer(run, i, seen);
    tell(host, run.questions[i] as number, seen);
  }
}

/** Reads one answer of a run. */
export function readAnswer(run: AnswerRun, i: number, seen: Observation): void {
  seen.begin(observationKind.tcp);
  seen.code = run.codes[i] as number;
  seen.flags = run.flags[i] as number;
  seen.window = run.windows[i] as number;
  seen.dontFragment = run.dontFragment[i] as number;
  seen.ipId = run.ipIds[i] as number;
  seen.ttl = run.ttls[i] as number;
  seen.sender = fromTarget;
  seen.attempt = 1;
  seen.attempts = 1;
  seen.atUs = run.atUs[i] as number;
  seen.rttUs = seen.atUs - (run.sentUs[i] as number);
}

const seen = new Observation();
