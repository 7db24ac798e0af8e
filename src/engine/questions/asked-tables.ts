/**
 * What a batch has to know of the questions of a phase and of their tasks.
 *
 * @module
 */

import { verdictCode } from '../../model/verdict.ts';
import { saltOf, sequenceLength } from '../answers/cookie.ts';
import { type AskedTables, arrayOf, type Batch } from '../batch/batch.ts';
import { type Board, taskState } from '../board.ts';
import { tcpFlagsOf } from '../probes/make-writer.ts';
import { sourcePortsOf, type Variant } from '../probes/variant.ts';
import { ListedQuestions } from './listed-questions.ts';
import { type Questions, transportOf } from './questions.ts';

/** A batch, and how the probes look that it makes. */
export interface Batching {
  readonly batch: Batch;
  readonly key: readonly [number, number];
  readonly variants: readonly Variant[];
  /** The number of the phase. */
  readonly phase: number;
}

/** Room that the tables of a phase take, bytes. */
export function roomForTables(rows: number, questions: number): number {
  const tasks = rows * questions;
  return 4 * 65_536 + 2 * questions + 2 * 512 + (1 + 1 + 4 + 4) * tasks + 16 * 64;
}

/** Puts a phase's tables into the batch's memory; returns where, undefined where it cannot be asked in batches. */
export function makeTables(
  { batch, key, variants, phase }: Batching,
  questions: Questions,
  board: Board,
  links: Int32Array,
): number | undefined {
  if (!(questions instanceof ListedQuestions)) return undefined;
  const [technique] = questions.techniques;
  const [replies] = questions.tables;
  if (technique?.probe.transport !== 'tcp' || replies === undefined) return undefined;
  const variant = variants[questions.variantAt(0, 0)] as Variant;
  if (variant.spacingUs > 0) return undefined;
  const byPort = questions.soleByPort(transportOf(technique));
  const tables: AskedTables = {
    byPort: copy(byPort, arrayOf(Int32Array, byPort.length, batch)),
    ports: copy(questions.portOf, arrayOf(Uint16Array, questions.length, batch)),
    codes: copy(replies.tcp, arrayOf(Uint16Array, replies.tcp.length, batch)),
    states: board.state,
    attempts: board.attempts,
    times: board.sentAt,
    links,
    alike: questions.alike,
    outstanding: taskState.outstanding,
    settled: taskState.settled,
    open: verdictCode('open', 'syn-ack') >> 8,
    key,
    salt: saltOf(phase, questions.tagAt(0, 0), 1),
    ...sourcePortsOf(variant),
    sequenceLength: sequenceLength(tcpFlagsOf(technique, variant), variant.data.length),
  };
  return batch.table(tables);
}

function copy<Numbers extends { set(from: Numbers): void }>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
