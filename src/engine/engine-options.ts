/**
 * What the packet engine is made from, and what it tells.
 *
 * @module
 */

import type { SenderOf } from './answers/correlator.ts';
import type { OptionTable } from './answers/option-table.ts';
import type { ShrinkTo } from './answers/undelivered.ts';
import type { AnswerRun, Batch } from './batch/batch.ts';
import type { Host } from './hosts/host.ts';
import type { ListedQuestions } from './questions/listed-questions.ts';
import type { Limits, SchedulerEvents } from './scheduler-options.ts';
import type { ProbeLook } from './sender.ts';

/** What the engine tells; `phase` counts from 0 in the order of the options. */
export interface EngineEvents {
  observed: SchedulerEvents['observed'];
  /** Absent: one by one. */
  readonly observedRun?: (host: Host, run: AnswerRun) => void;
  hostDone: SchedulerEvents['hostDone'];
  blocked: SchedulerEvents['blocked'];
  readonly missed?: SchedulerEvents['missed'];
}

/** One phase: what is asked, of how many hosts at once. */
export type PhaseOptions = ListPhase | AdaptivePhase;

/** Every host is asked questions of one list. */
export interface ListPhase {
  readonly kind: 'list';
  readonly questions: ListedQuestions;
  readonly rows: number;
  readonly limits: Limits;
  readonly firstAnswerSettles: boolean;
  /** Absent: none of it is asked again. */
  readonly before?: AskedBefore;
}

/** Questions of a list, behind those that are asked, that hosts may have answered in the phase that looks for them. */
export interface AskedBefore {
  /** By question of that phase: the same one of this list, -1 where it has none. */
  readonly questions: Int32Array;
  /** The one that asks for an echo, which shows the way; -1: there is none. */
  readonly echo: number;
}

/** Every host is asked its own questions, which may come one after the other: at most `slots` of them. */
export interface AdaptivePhase {
  readonly kind: 'adaptive';
  readonly slots: number;
  readonly rows: number;
  readonly limits: Limits;
}

/** What an engine is made from. */
export interface EngineOptions extends ProbeLook {
  readonly phases: readonly PhaseOptions[];
  readonly inOrder: boolean;
  readonly key: readonly [number, number];
  /** UDP services that answer from a port of their own choosing (TFTP, RFC 1350, section 4). */
  readonly strayPorts: readonly number[];
  readonly senderOf: SenderOf;
  /** Where the TCP options of answers are numbered. */
  readonly optionTable: OptionTable;
  /** Absent: packets leave as they are. */
  readonly shrinkTo?: ShrinkTo;
  /** To ask many questions at once; absent: one after the other. */
  readonly batch?: Batch;
}
