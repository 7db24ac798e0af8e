/**
 * Answers that came together, told one by one.
 *
 * @module
 */

import { Observation } from '../../model/observation.ts';
import type { AnswerRun } from '../batch/batch.ts';
import type { Host } from '../hosts/host.ts';
import type { SchedulerEvents } from '../scheduler-options.ts';
import { readAnswer } from './read-answer.ts';

/** Tells what was seen in a run. */
export function tellEach(host: Host, run: AnswerRun, tell: SchedulerEvents['observed']): void {
  for (let i = 0; i < run.count; i++) {
    readAnswer(run, i, seen);
    tell(host, run.questions[i] as number, seen);
  }
}

const seen = new Observation();
