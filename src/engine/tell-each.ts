/**
 * Answers that came together, told one by one.
 *
 * @module
 */

import type { AnswerRun } from './batch/batch.ts';
import { fromTarget } from './closing.ts';
import type { Host } from './host.ts';
import type { SchedulerEvents } from './scheduler-options.ts';

/** Tells the verdicts of a run. */
export function tellEach(host: Host, run: AnswerRun, tell: SchedulerEvents['verdict']): void {
  const { count, questions, codes, ttls, atUs, sentUs } = run;
  for (let i = 0; i < count; i++) {
    const rttUs = (atUs[i] as number) - (sentUs[i] as number);
    tell(host, questions[i] as number, codes[i] as number, 1, ttls[i] as number, rttUs, fromTarget);
  }
}
