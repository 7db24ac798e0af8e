/**
 * What goes wrong on the user's or the system's side. What the network does is a value, never one of these.
 *
 * @module
 */

/** Exit codes of every command. */
export const exitCode = {
  done: 0,
  no: 1,
  badRequest: 2,
  incomplete: 3,
  notPermitted: 4,
  failed: 5,
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
  'system-failed': exitCode.failed,
} as const;

/** The stable code of a {@link PortolanError}. */
export type ErrorCode = keyof typeof exitOf;

/** Trouble that a person can act on: one line that says what failed, what was found and what was wanted. */
export class PortolanError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, hint?: string) {
    super(message);
    this.name = 'PortolanError';
    this.code = code;
    this.hint = hint;
  }

  /** The exit code this trouble leads to. */
  get exit(): ExitCode {
    return exitOf[this.code];
  }

  /** The one line a user sees. */
  get line(): string {
    return this.hint === undefined ? this.message : `${this.message}; try: ${this.hint}`;
  }
}

/** A request that cannot be carried out as it was put (exit 2). */
export function badRequest(message: string, hint?: string): PortolanError {
  return new PortolanError('bad-request', message, hint);
}
