/** What the reports of an audit are told. @module */

/** The policy, and how much of what was found is wanted. */
export interface CheckShow {
  /** The policy's file, as it was named. */
  readonly file: string;
  readonly verbosity: number;
}
