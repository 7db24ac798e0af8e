/**
 * The questions that are under way: what each looked like on the wire, in arrays of numbers, found by the id.
 *
 * @module
 */

import type { Question } from './question.ts';

/** Room for the questions under way. */
export class Slots {
  readonly capacity: number;
  readonly questions: (Question | undefined)[];
  readonly server: Uint32Array;
  /** The socket that it went out by. */
  readonly socket: Uint32Array;
  readonly id: Uint16Array;
  readonly caseBits: Uint32Array;
  readonly sentMs: Float64Array;
  readonly dueMs: Float64Array;
  /** How often it was sent with this id. */
  readonly sendings: Uint8Array;
  /** What is under way by TCP, counted up so that a late one is known. */
  readonly stream: Uint32Array;
  /** Answers with folded letters that were not believed. */
  readonly folded: Uint8Array;
  used = 0;
  /** No slot from here on is used. */
  high = 0;
  readonly #free: number[] = [];
  readonly #slotOf = new Int32Array(0x1_0000).fill(-1);

  constructor(capacity: number) {
    this.capacity = capacity;
    this.questions = [];
    this.server = new Uint32Array(capacity);
    this.socket = new Uint32Array(capacity);
    this.id = new Uint16Array(capacity);
    this.caseBits = new Uint32Array(capacity);
    this.sentMs = new Float64Array(capacity);
    this.dueMs = new Float64Array(capacity);
    this.sendings = new Uint8Array(capacity);
    this.stream = new Uint32Array(capacity);
    this.folded = new Uint8Array(capacity);
  }

  /** A slot for a question, with the first id from `id` on that nobody has; there must be room. */
  open(question: Question, id: number): number {
    const slot = this.#free.pop() ?? this.high++;
    this.used++;
    let own = id & 0xffff;
    while (this.#slotOf[own] !== -1) own = (own + 0x9e37) & 0xffff;
    this.#slotOf[own] = slot;
    this.questions[slot] = question;
    this.id[slot] = own;
    this.sendings[slot] = 0;
    this.folded[slot] = 0;
    return slot;
  }

  /** The slot with this id; -1: none. */
  find(id: number): number {
    return this.#slotOf[id] as number;
  }

  close(slot: number): void {
    this.#slotOf[this.id[slot] as number] = -1;
    this.questions[slot] = undefined;
    this.stream[slot] = 0;
    this.#free.push(slot);
    if (--this.used > 0) return;
    this.#free.length = 0;
    this.high = 0;
  }
}
