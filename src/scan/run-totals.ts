/**
 * What a run has done so far, in numbers: its progress, and in the end its summary.
 *
 * @module
 */

import type { ProgressFact, SummaryFact } from '../model/fact.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunJournal } from './journal/run-journal.ts';
import type { FactBuilder } from './records/fact-builder.ts';
import { summaryOf, unsentOf } from './records/summary.ts';
import { attemptsOf } from './shard/config-of-plan.ts';
import type { ShardTotals } from './shard/messages.ts';

/** What the numbers of a run come from. */
export interface RunTotalsOptions {
  readonly plan: Plan;
  /** Questions to each host; 0: hosts are only looked for. */
  readonly questions: number;
  readonly runJournal: RunJournal;
  readonly builder: FactBuilder;
  readonly shards: number;
  /** What was sent and received before there were shards. */
  readonly before: readonly (Spent | undefined)[];
}

/** The totals of one run. */
export class RunTotals {
  readonly #options: RunTotalsOptions;
  /** What each shard counted, as far as it has said. */
  readonly #ofShards: (ShardTotals | undefined)[];

  constructor(options: RunTotalsOptions) {
    this.#options = options;
    this.#ofShards = Array.from({ length: options.shards }, () => undefined);
  }

  /** Takes what a shard has counted by now. */
  take(shard: number, totals: ShardTotals): void {
    this.#ofShards[shard] = totals;
  }

  /** How far the run is in a phase. */
  progress(phase: string): ProgressFact {
    const { questions, builder, runJournal } = this.#options;
    const { settled, hostsUp, hostsDown, open } = builder;
    const { elapsedMs, hosts } = runJournal;
    const total = questions === 0 ? hosts : hosts * questions;
    const unanswered = this.#ofShards.reduce((sum, one) => sum + (one?.swept?.silent ?? 0), 0);
    const done = questions === 0 ? hostsUp + hostsDown : settled + unanswered + hostsDown * questions;
    const ratePps = this.#ofShards.reduce((sum, totals) => sum + (totals?.ratePps ?? 0), 0);
    const etaMs = done > 0 ? (elapsedMs * (total - done)) / done : undefined;
    return {
      type: 'progress',
      phase,
      done,
      total,
      elapsedMs,
      ...(etaMs !== undefined && { etaMs }),
      ratePps,
      hostsUp,
      open,
    };
  }

  /** The last fact, after a failure or an interruption too. */
  summary({ failed, interrupted }: { readonly failed: boolean; readonly interrupted: boolean }): SummaryFact {
    const { plan, builder, runJournal, before } = this.#options;
    const isPart = builder.incomplete || plan.incomplete || unsentOf(this.#ofShards) > 0;
    const summary = summaryOf({
      totals: [...runJournal.totals, ...this.#ofShards.filter((total) => total !== undefined)],
      before: {
        sentPackets: sumOf(before, 'sentPackets'),
        sentBytes: sumOf(before, 'sentBytes'),
        receivedPackets: sumOf(before, 'receivedPackets'),
      },
      builder,
      hosts: runJournal.hosts,
      elapsedMs: runJournal.elapsedMs,
      mostAttempts: attemptsOf(plan.timing),
      isSweep: plan.sweep,
      exit: failed ? 'failed' : interrupted ? 'interrupted' : isPart ? 'incomplete' : 'done',
    });
    const { type, ...rest } = summary;
    return { type, n: ++builder.ordinal, ...rest };
  }
}

/** What finding the targets took, or a question to whole links. */
type Spent = Pick<ShardTotals, 'sentPackets' | 'sentBytes' | 'receivedPackets'>;

function sumOf(all: readonly (Spent | undefined)[], field: keyof Spent): number {
  return all.reduce((sum, one) => sum + (one?.[field] ?? 0), 0);
}
