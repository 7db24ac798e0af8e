/**
 * Ties plain answers to their probes in batches: TCP segments over IPv4 that say "closed" or the like to the first
 * transmission of a question that waits for one. Everything else is left to the correlator, packet by packet; what
 * this believes the correlator would believe as well.
 *
 * @module
 */

import type { Batch } from '../batch/batch.ts';
import type { HostTable } from '../hosts/host-table.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Correlator } from './correlator.ts';

/** Whose answers. */
export interface BatchedAnswersOptions {
  readonly batch: Batch;
  readonly table: HostTable;
  readonly phases: readonly Scheduler[];
  /** Counts what was taken. */
  readonly correlator: Correlator;
}

/** Takes answers from a batch that has been read. */
export class BatchedAnswers {
  readonly #options: BatchedAnswersOptions;

  constructor(options: BatchedAnswersOptions) {
    this.#options = options;
  }

  /**
   * Takes those of the first `count` packets that are plain answers, and marks the others as not plain. The wall clock
   * is `offsetUs` ahead of the scan's, which says `nowUs`. Microseconds.
   */
  take(count: number, offsetUs: number, nowUs: number): void {
    const { batch, table, phases, correlator } = this.#options;
    const { plain, addresses } = batch;
    for (let i = 0; i < count; ) {
      if (plain[i] === 0) {
        i++;
        continue;
      }
      let host = table.findV4(addresses[i] as number);
      while (host !== undefined && !takesRuns(phases[host.phase] as Scheduler)) host = table.findNext();
      if (host === undefined || host.held) {
        i = batch.dismiss(i, count);
        continue;
      }
      const scheduler = phases[host.phase] as Scheduler;
      const tables = scheduler.runs?.tables as number;
      i = batch.settle(tables, i, count, host.row * scheduler.board.questions, offsetUs, nowUs);
      correlator.count(batch.taken, batch.takenBytes);
      if (batch.answers.count > 0) scheduler.answeredRun(host, batch.answers);
    }
  }
}

function takesRuns({ takesRuns, runs }: Scheduler): boolean {
  return takesRuns && runs?.tables !== undefined;
}
