/**
 * What hosts are asked, as engine and correlator look at it; with the techniques' tables compiled to lookups.
 *
 * @module
 */

import { compile, type ReplyTable } from '../../techniques/reply-table.ts';
import type { Technique } from '../../techniques/technique.ts';

/** One question. */
export interface Question {
  readonly technique: Technique;
  readonly port: number;
  /** The number of the variant it is asked in. */
  readonly variant: number;
  /** One silence will do, as long as nothing is seen to be lost. */
  readonly isOnce?: boolean;
}

/** The questions of a board: those of a row are numbered from 0. */
export interface Questions {
  /** How many a row has room for. */
  readonly length: number;
  /** Every technique among them, so far. */
  readonly techniques: readonly Technique[];
  techniqueAt(row: number, question: number): Technique;
  tableAt(row: number, question: number): ReplyTable;
  portAt(row: number, question: number): number;
  variantAt(row: number, question: number): number;
  /** 16 bits that tell its cookies from those of the row's other questions about the same port. */
  tagAt(row: number, question: number): number;
  /** Whether one silence will do, see {@link Question}; absent: nowhere. */
  isOnceAt?(row: number, question: number): boolean;
  /** The questions about this port of this transport. The list is used again. */
  about(row: number, transport: number, port: number): readonly number[];
}

/** IP protocol numbers, and 0 for probes that are told apart without ports. */
export const transportNumber = {
  tcp: 6,
  udp: 17,
  sctp: 132,
  icmp: 1,
  ip: 256,
  link: 257,
  socket: 6,
} as const;

/** A technique's table, compiled once. */
export function replyTableOf(technique: Technique): ReplyTable {
  let table = tables.get(technique);
  if (table === undefined) {
    table = compile(technique);
    tables.set(technique, table);
  }
  return table;
}

/** The transport a technique's answers are told apart by. */
export function transportOf(technique: Technique): number {
  return transportNumber[technique.probe.transport];
}

const tables = new WeakMap<Technique, ReplyTable>();
