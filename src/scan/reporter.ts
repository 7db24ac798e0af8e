/**
 * How a shard speaks: records in batches, open ports without delay, progress four times a second.
 *
 * @module
 */

import type { ShardMessage, ShardTotals } from './messages.ts';
import { Records } from './records.ts';

/** Sends a message to the main thread. */
export type Say = (message: ShardMessage, transfer?: ArrayBuffer[]) => void;

/** Batches what a shard has to say. Times are microseconds. */
export class Reporter {
  readonly records = new Records();
  readonly #say: Say;
  /** New senders of ICMP errors since the last batch, as text. */
  readonly #newSenders: () => readonly string[];
  readonly #totals: () => ShardTotals;
  readonly #read: () => number;
  #said = 0;
  #urgent = false;
  #nextBatchUs = 0;
  #nextProgressUs = progressUs;

  /** `read` tells how many batches the main thread has read. */
  constructor(say: Say, newSenders: () => readonly string[], totals: () => ShardTotals, read: () => number) {
    this.#read = read;
    this.#say = say;
    this.#newSenders = newSenders;
    this.#totals = totals;
  }

  /** Whether the main thread cannot keep up: what it has not read yet must not fill the memory. */
  get isAhead(): boolean {
    return this.#said - this.#read() > mostUnread;
  }

  /** Something was learned that a user waits for: the next batch goes out at once. */
  hurry(): void {
    this.#urgent = true;
  }

  warn(message: string, incomplete: boolean): void {
    this.flush();
    this.#say({ type: 'warning', message, incomplete });
  }

  trace(line: string): void {
    this.#say({ type: 'trace', line });
  }

  /** Sends what is due. */
  tick(nowUs: number, phase: () => string, hostsLeft: () => number): void {
    // At full speed open ports come by the thousand: a message each would cost more than the scan.
    if (this.records.length > 0 && nowUs >= this.#nextBatchUs - (this.#urgent ? batchUs - urgentUs : 0)) {
      this.#nextBatchUs = nowUs + batchUs;
      this.flush();
    }
    if (nowUs >= this.#nextProgressUs) {
      this.#nextProgressUs = nowUs + progressUs;
      this.#say({ type: 'progress', phase: phase(), totals: this.#totals(), hostsLeft: hostsLeft() });
    }
  }

  /** When {@link tick} will have something to send, Infinity when nothing waits. */
  dueUs(): number {
    return this.records.length === 0
      ? this.#nextProgressUs
      : this.#nextBatchUs - (this.#urgent ? batchUs - urgentUs : 0);
  }

  /** Sends everything recorded. */
  flush(): void {
    this.#urgent = false;
    if (this.records.length === 0) return;
    const records = this.records.take();
    this.#said++;
    this.#say({ type: 'batch', records, senders: this.#newSenders() }, [records.buffer]);
  }

  done(): void {
    this.flush();
    this.#say({ type: 'done', totals: this.#totals() });
  }
}

const batchUs = 100_000;
const urgentUs = 10_000;
const progressUs = 250_000;
const mostUnread = 8;
