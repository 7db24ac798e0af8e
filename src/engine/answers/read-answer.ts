/**
 * One answer of a run, as an observation.
 *
 * @module
 */

import { fromTarget, type Observation, observationKind } from '../../model/observation.ts';
import type { AnswerRun } from '../batch/batch.ts';

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
