/**
 * How a shard speaks: records in batches, progress four times a second.
 *
 * @module
 */

import { type Numbered, Records } from '../records/records.ts';
import type { ShardMessage, ShardTotals } from './messages.ts';

/** Sends a message to the main thread. */
export type Say = (message: ShardMessage, transfer?: ArrayBuffer[]) => void;

/** Batches what a shard has to say. Times are microseconds. */
export class Reporter {
  readonly records: Records;
  readonly #say: Say;
  readonly #totals: () => ShardTotals;
  readonly #read: () => number;
  #said = 0;
  #nextBatchUs = 0;
  #nextProgressUs = 0;

  /**
   * `read` tells how many batches and pieces of evidence the main thread has read, `wallOffsetMs` what to add to the
   * shard's clock to have the time since 1970.
   */
  constructor(
    say: Say,
    numbered: Numbered,
    totals: () => ShardTotals,
    read: () => number,
    wallOffsetMs: number,
  ) {
    this.records = new Records(numbered, wallOffsetMs);
    this.#read = read;
    this.#say = say;
    this.#totals = totals;
  }

  /** Whether the main thread cannot keep up: what it has not read yet must not fill the memory. */
  get isAhead(): boolean {
    return this.#said - this.#read() > mostUnread;
  }

  warn(message: string, incomplete: boolean): void {
    this.flush();
    this.#say({ type: 'warning', message, incomplete });
  }

  /** Sends packets for the evidence. */
  evidence(blocks: Uint8Array<ArrayBuffer>): void {
    this.#said++;
    this.#say({ type: 'evidence', blocks }, [blocks.buffer]);
  }

  trace(line: string): void {
    this.#say({ type: 'trace', line });
  }

  /** Sends what is due. */
  tick(nowUs: number, phase: () => string): void {
    const { length } = this.records;
    if ((length > 0 && nowUs >= this.#nextBatchUs) || length >= fullBytes) {
      this.#nextBatchUs = nowUs + batchUs;
      this.flush();
    }
    if (nowUs >= this.#nextProgressUs) {
      this.#nextProgressUs = nowUs + progressUs;
      this.#say({ type: 'progress', phase: phase(), totals: this.#totals() });
    }
  }

  /** When {@link tick} will have something to send, Infinity when nothing waits. */
  dueUs(): number {
    return this.records.length === 0 ? this.#nextProgressUs : this.#nextBatchUs;
  }

  /** Sends everything recorded. */
  flush(): void {
    if (this.records.length === 0) return;
    const records = this.records.take();
    this.#said++;
    this.#say({ type: 'batch', records }, [records.buffer]);
  }
}

/**
 * An open port is shown within a tenth of a second; the first after a pause goes out at once. Each message wakes
 * the main thread, which takes its time from a shard where processors are few: batches every 10 ms made the scan
 * of a near host 50 ms longer.
 */
const batchUs = 50_000;
const progressUs = 250_000;
/** Batches that wait to be read. */
const mostUnread = 8;
/** What makes a batch full before its time: a sweep learns 10 MB and more a second. */
export const fullBytes = 1 << 20;
