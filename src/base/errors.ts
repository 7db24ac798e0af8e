/**
 * What goes wrong on the user's or the system's side. What the network does is a value, never one of these.
 *
 * @module
 */

import { fieldWords, spoken, type Words } from './words.ts';

/** Exit codes of every command. */
export const exitCode = {
  done: 0,
  no: 1,
  badRequest: 2,
  incomplete: 3,
  notPermitted: 4,
  failed: 5,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** One of the exit codes a command may end with. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** A stable name for each kind of trouble, and the exit code it leads to. */
const exitOf = {
  'bad-request': exitCode.badRequest,
  'not-permitted': exitCode.notPermitted,
  'not-available': exitCode.notPermitted,
  'write-failed': exitCode.incomplete,
  'not-heard': exitCode.incomplete,
  'system-failed': exitCode.failed,
} as const;

/** The stable code of a {@link PortolanError}. */
export type ErrorCode = keyof typeof exitOf;

/** Trouble that a person can act on: one line that says what failed, what was found and what was wanted. */
export class PortolanError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** As it was told, with marks for the fields of a request: see `named`. */
  readonly told: { readonly message: string; readonly hint: string | undefined };

  constructor(code: ErrorCode, message: string, hint?: string) {
    super(spoken(message, fieldWords));
    this.name = 'PortolanError';
    this.code = code;
    this.hint = hint === undefined ? undefined : spoken(hint, fieldWords);
    this.told = { message, hint };
  }

  /** The exit code this trouble leads to. */
  get exit(): ExitCode {
    return exitOf[this.code];
  }

  /** The one line a user sees, which names fields of the request. */
  get line(): string {
    return this.lineIn(fieldWords);
  }

  /** The same line in other words. */
  lineIn(words: Words): string {
    const { message, hint } = this.told;
    return spoken(hint === undefined ? message : `${message}; try: ${hint}`, words);
  }
}

/** A request that cannot be carried out as it was put (exit 2). */
export function badRequest(message: string, hint?: string): PortolanError {
  return new PortolanError('bad-request', message, hint);
}
