/**
 * Some questions before all others of an agenda: where nearly everything is dropped, those that are likeliest to be
 * answered, because until one is, nothing is known of the path.
 *
 * @module
 */

import type { Permutation } from '../../base/permutation.ts';
import type { Batch } from '../batch/batch.ts';

/** An order that begins with chosen elements and is a permutation's otherwise, but for where those were. */
export class HeadStart {
  readonly #order: Permutation;
  readonly #first: Uint32Array;
  /** What stands at these places instead of what the permutation has there, ascending. */
  readonly #places: number[];
  readonly #moved = new Map<number, number>();

  /** `first` are distinct elements of the permutation, at least one fewer than it has. */
  constructor(order: Permutation, first: Uint32Array) {
    this.#order = order;
    this.#first = first;
    const placeOf = new Map<number, number>();
    for (const [place, element] of first.entries()) {
      const from = placeOf.get(element) ?? order.indexOf(element);
      const displaced = this.#moved.get(place) ?? order.at(place);
      this.#moved.set(place, element);
      this.#moved.set(from, displaced);
      placeOf.set(displaced, from);
    }
    this.#places = [...this.#moved.keys()].filter((place) => place >= first.length).sort((a, b) => a - b);
  }

  /** How many come first. */
  get size(): number {
    return this.#first.length;
  }

  /** The element at `index` for someone who begins both parts `shift` elements later. */
  at(index: number, shift: number): number {
    if (index < this.size) return this.#first[(index + shift) % this.size] as number;
    const place = this.#placeOf(index, shift);
    return this.#moved.get(place) ?? this.#order.at(place);
  }

  /** Puts the next elements from `index` on into a batch, `count` at most. Returns how many. */
  fill(index: number, count: number, shift: number, batch: Batch): number {
    const { elements } = batch;
    if (index < this.size) {
      const fitting = Math.min(count, this.size - index);
      for (let i = 0; i < fitting; i++) elements[i] = this.at(index + i, shift);
      return fitting;
    }
    const place = this.#placeOf(index, shift);
    const end = Math.min(place + count, this.#order.size);
    batch.number(end - place, place, this.#order.size);
    batch.permute(end - place, this.#order);
    for (const moved of this.#places) {
      if (moved >= end) break;
      if (moved >= place) elements[moved - place] = this.#moved.get(moved) as number;
    }
    return end - place;
  }

  #placeOf(index: number, shift: number): number {
    return this.size + ((index - this.size + shift) % (this.#order.size - this.size));
  }
}
