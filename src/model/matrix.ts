/**
 * Checks of several vantage points side by side.
 *
 * @module
 */

import type { CheckResult, Expected } from './fact.ts';
import type { PortState, Protocol } from './verdict.ts';

/** A port of a host, as each vantage point sees it. */
export interface MatrixRow {
  readonly host: string;
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly sourcePort?: number;
  /** One for each vantage point, in their order. */
  readonly cells: readonly MatrixCell[];
}

/** What one vantage point says: its check, or that it did not look. */
export type MatrixCell =
  | { readonly result: 'not-looked' }
  | {
      readonly result: CheckResult;
      readonly expected: Expected;
      readonly found: PortState;
      readonly rule: string;
      readonly line: number;
    };
