/**
 * Who carries out the slices of a plan: threads of this process today, other machines later.
 *
 * @module
 */

import type { ShardReport } from '../shard/messages.ts';
import type { Slice } from '../shard/slice.ts';

/** Runs slices of one plan. */
export interface ShardRunner {
  /** Says that so many slices will run at once, so that what takes time to get ready begins. */
  reserve(count: number): void;
  /**
   * Runs a slice to its end; what it says goes to the sink, in order. Rejects with what went wrong where it did not
   * end by itself. Aborted, a slice ends early, and still says what it knows.
   */
  run(slice: Slice, sink: ShardSink, signal: AbortSignal): Promise<void>;
  /** No more slices: lets go of whoever carries them out. */
  close(): void;
}

/** Hears what shards say. */
export interface ShardSink {
  /**
   * Takes a report; never throws. Settles when the facts that it makes have been read: a shard that is too far ahead
   * of its reader waits with its questions, so that what nobody reads does not fill the memory.
   */
  take(report: ShardReport): Promise<void>;
}
