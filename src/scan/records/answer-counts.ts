/**
 * How questions about ports were answered, as far as it tells what may have been missed.
 *
 * @module
 */

import { isError, mayBeAboutElse } from '../../engine/answers/answer-kind.ts';
import type { Observation } from '../../model/observation.ts';
import type { Verdict } from '../../model/verdict.ts';

/** The answers of a scan in numbers. */
export class AnswerCounts {
  /** Silent questions by the number of transmissions that went unanswered. */
  readonly silentByAttempts: Float64Array = new Float64Array(256);
  /** The same of those that met an error which may be about something else than their port. */
  readonly refusedByAttempts: Float64Array = new Float64Array(256);
  /** Questions that were answered, and those of them that hosts answered themselves: no errors. */
  answered = 0;
  heard = 0;

  /** Takes what was seen of a question. Whether that was silence. */
  take({ state, reason }: Verdict, seen: Observation): boolean {
    const isSilence = reason === 'no-response';
    if (isSilence) this.silentByAttempts[seen.attempts]!++;
    else if (state !== 'unknown') {
      this.answered++;
      if (!isError(seen)) this.heard++;
      else if (mayBeAboutElse(seen)) this.refusedByAttempts[seen.attempts]!++;
    }
    return isSilence;
  }
}
