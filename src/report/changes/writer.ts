/**
 * The contract of a format for changes: they come one after the other, without a scan around them.
 *
 * @module
 */

import type { ChangeFact } from '../../model/change-facts.ts';
import type { Out } from '../writer.ts';

/** A format for changes. */
export interface ChangeWriter {
  readonly name: string;
  readonly mediaType: string;
  begin?(out: Out): void;
  change(change: ChangeFact, out: Out): void;
  end?(out: Out): void;
}
