/** What a request is refused with, in the words of a program and in those of the command line. @module */

import { PortolanError } from '../src/base/errors.ts';
import { optionWords } from '../src/cli/option-words.ts';

/** A refusal. */
export interface Refusal {
  readonly error: PortolanError;
  readonly code: PortolanError['code'];
  readonly exit: PortolanError['exit'];
  readonly message: string;
  readonly hint: string | undefined;
  /** The line that the command line shows. */
  readonly line: string;
  /** The line that a program reads. */
  readonly lineInFields: string;
}

/** The PortolanError that this ends with. */
export async function refusal(attempt: () => unknown): Promise<Refusal> {
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    const { code, exit, message, hint } = error;
    const [line, lineInFields] = [error.lineIn(optionWords), error.line];
    // One line of printable text, whatever went in.
    for (const each of [line, lineInFields]) {
      if (!/^[\p{L}\p{N}\p{P}\p{S} ]{1,600}$/u.test(each))
        throw new Error(`not one clear line: ${JSON.stringify(each)}`);
    }
    return { error, code, exit, message, hint, line, lineInFields };
  }
  throw new Error('nothing was refused');
}
