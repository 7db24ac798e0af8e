/**
 * What a host is asked from a list, and in which order.
 *
 * @module
 */

import type { Permutation } from '../../base/permutation.ts';
import type { Batch } from '../batch/batch.ts';
import type { HeadStart } from './head-start.ts';

/** What a host is asked from a list: all its questions, or some of them, in an order of its own. */
export interface Agenda {
  /** Question numbers, in the order in which a scan in order asks them; absent: all, ascending. */
  readonly some?: Uint32Array;
  readonly order: Permutation;
  /** What comes first in that order; absent: nothing. */
  readonly head?: HeadStart;
}

/** The number of the `index`th question of an agenda; without one they are numbered as they come. */
export function questionAt(agenda: Agenda | undefined, index: number): number {
  return agenda?.some === undefined ? index : (agenda.some[index] as number);
}

/** Which one stands at a place of its order, for a host that begins at place `first`. */
export function shuffledAt(agenda: Agenda | undefined, index: number, first: number): number {
  if (agenda === undefined) return index;
  const { order, head } = agenda;
  return head?.at(index, first) ?? order.at((index + first) % order.size);
}

/**
 * Puts the numbers of the `most` questions from place `cursor` on into a batch, or fewer: in the order of the list where there is
 * no `first` place. Returns how many.
 */
export function lookAhead(
  agenda: Agenda,
  cursor: number,
  most: number,
  batch: Batch,
  first: number | undefined,
): number {
  const { some } = agenda;
  const count = fill(agenda, cursor, most, batch, first);
  const { elements } = batch;
  if (some === undefined) return count;
  for (let i = 0; i < count; i++) elements[i] = some[elements[i] as number] as number;
  return count;
}

function fill(
  { order, head }: Agenda,
  cursor: number,
  most: number,
  batch: Batch,
  first: number | undefined,
): number {
  if (first !== undefined && head !== undefined) return head.fill(cursor, most, first, batch);
  batch.number(most, (cursor + (first ?? 0)) % order.size, order.size);
  if (first !== undefined) batch.permute(most, order);
  return most;
}
