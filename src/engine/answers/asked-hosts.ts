/**
 * What the correlator has to know of hosts that are asked by schedulers.
 *
 * @module
 */

import type { Observation, Trouble } from '../../model/observation.ts';
import type { ReplyTable } from '../../techniques/reply-table.ts';
import type { Host } from '../hosts/host.ts';
import type { HostTable } from '../hosts/host-table.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Asked } from './asked.ts';
import { type Cookies, saltOf } from './cookie.ts';

/** The hosts of a table, each in one of the phases; an address that several phases ask is several hosts. */
export class AskedHosts implements Asked {
  readonly #table: HostTable;
  readonly #phases: readonly Scheduler[];
  readonly #cookies: Cookies;
  #host: Host | undefined;

  constructor(table: HostTable, phases: readonly Scheduler[], cookies: Cookies) {
    this.#table = table;
    this.#phases = phases;
    this.#cookies = cookies;
  }

  select(family: number, bytes: Uint8Array, at: number): boolean {
    this.#host = this.#table.find(family, bytes, at);
    return this.#host !== undefined;
  }

  selectNext(): boolean {
    this.#host = this.#table.findNext();
    return this.#host !== undefined;
  }

  about(transport: number, port: number): readonly number[] {
    return this.#scheduler.questions.about((this.#host as Host).row, transport, port);
  }

  tableOf(question: number): ReplyTable {
    return this.#scheduler.questions.tableAt((this.#host as Host).row, question);
  }

  portOf(question: number): number {
    return this.#scheduler.questions.portAt((this.#host as Host).row, question);
  }

  variantOf(question: number): number {
    return this.#scheduler.questions.variantAt((this.#host as Host).row, question);
  }

  attempts(question: number): number {
    const { board } = this.#scheduler;
    return board.attempts[(this.#host as Host).row * board.questions + question] as number;
  }

  attemptBefore(question: number, attempt: number): number {
    const { board } = this.#scheduler;
    return board.attemptBefore((this.#host as Host).row * board.questions + question, attempt);
  }

  recall(question: number, attempt: number): void {
    const { phase, row, wordsAt, family } = this.#host as Host;
    const { questions } = this.#scheduler;
    const salt = saltOf(phase, questions.tagAt(row, question), attempt);
    const count = family === 4 ? 1 : 4;
    this.#cookies.compute(this.#table.words, wordsAt, count, questions.portAt(row, question), salt);
  }

  answered(question: number, seen: Observation): void {
    this.#scheduler.answered(this.#host as Host, question, seen);
  }

  askAgain(question: number): void {
    this.#scheduler.takeBack(this.#host as Host, question);
  }

  giveUp(question: number, trouble: Trouble): void {
    this.#scheduler.failedLocally(this.#host as Host, question, trouble);
  }

  get #scheduler(): Scheduler {
    return this.#phases[(this.#host as Host).phase] as Scheduler;
  }
}
