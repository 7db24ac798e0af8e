/**
 * Questions of their own for every host, as they come: a few slots a row. What was asked before stays where it is
 * until the row is given to another host, so that late answers still find it.
 *
 * @module
 */

import type { ReplyTable } from '../../techniques/reply-table.ts';
import type { Technique } from '../../techniques/technique.ts';
import { type Question, type Questions, replyTableOf, transportOf } from './questions.ts';

/** Slots for the questions of hosts that are asked what their answers suggest. */
export class AdaptiveQuestions implements Questions {
  readonly length: number;
  readonly techniques: Technique[] = [];
  readonly #tables: ReplyTable[] = [];
  readonly #transports: number[] = [];
  /** How many questions a row has. */
  readonly #counts: Uint16Array;
  readonly #techniqueOf: Uint8Array;
  readonly #portOf: Uint16Array;
  readonly #variantOf: Uint8Array;
  readonly #isOnce: Uint8Array;
  /**
   * Numbers the questions of all rows: one that is asked again, also after its host came back, has cookies of its
   * own, and an answer to the former is not taken for one to the latter.
   */
  readonly #tagOf: Uint16Array;
  #tag = 0;
  readonly #found: number[] = [];

  constructor(rows: number, slots: number) {
    const size = rows * slots;
    this.length = slots;
    this.#counts = new Uint16Array(rows);
    this.#techniqueOf = new Uint8Array(size);
    this.#portOf = new Uint16Array(size);
    this.#variantOf = new Uint8Array(size);
    this.#isOnce = new Uint8Array(size);
    this.#tagOf = new Uint16Array(size);
  }

  /** Forgets the questions of a row. */
  clear(row: number): void {
    this.#counts[row] = 0;
  }

  /** How many questions a row may still be asked. */
  roomOf(row: number): number {
    return this.length - (this.#counts[row] as number);
  }

  /** Adds a question to a row that has room, and returns its number. */
  add(row: number, { technique, port, variant, isOnce }: Question): number {
    const question = this.#counts[row] as number;
    if (question >= this.length) throw new Error(`a host has no room for more than ${this.length} questions`);
    this.#counts[row] = question + 1;
    const at = row * this.length + question;
    this.#techniqueOf[at] = this.#numberOf(technique);
    this.#portOf[at] = port;
    this.#variantOf[at] = variant;
    this.#isOnce[at] = isOnce === true ? 1 : 0;
    this.#tagOf[at] = this.#tag++;
    return question;
  }

  techniqueAt(row: number, question: number): Technique {
    return this.techniques[this.#techniqueOf[row * this.length + question] as number] as Technique;
  }

  tableAt(row: number, question: number): ReplyTable {
    return this.#tables[this.#techniqueOf[row * this.length + question] as number] as ReplyTable;
  }

  portAt(row: number, question: number): number {
    return this.#portOf[row * this.length + question] as number;
  }

  variantAt(row: number, question: number): number {
    return this.#variantOf[row * this.length + question] as number;
  }

  isOnceAt(row: number, question: number): boolean {
    return this.#isOnce[row * this.length + question] === 1;
  }

  tagAt(row: number, question: number): number {
    return this.#tagOf[row * this.length + question] as number;
  }

  about(row: number, transport: number, port: number): readonly number[] {
    const found = this.#found;
    const first = row * this.length;
    found.length = 0;
    for (let question = 0; question < (this.#counts[row] as number); question++) {
      const at = first + question;
      if (this.#portOf[at] !== port) continue;
      if (this.#transports[this.#techniqueOf[at] as number] === transport) found.push(question);
    }
    return found;
  }

  #numberOf(technique: Technique): number {
    const known = this.techniques.indexOf(technique);
    if (known >= 0) return known;
    if (this.techniques.length >= mostTechniques) {
      throw new Error(`a phase asks more than ${mostTechniques} techniques`);
    }
    this.#tables.push(replyTableOf(technique));
    this.#transports.push(transportOf(technique));
    return this.techniques.push(technique) - 1;
  }
}

/** The number of a technique has eight bits. */
const mostTechniques = 256;
