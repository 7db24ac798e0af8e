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
import type { LateHosts } from './late-hosts.ts';

/** Whose hosts they are. */
export interface AskedHostsOptions {
  readonly table: HostTable;
  readonly late: LateHosts;
  readonly phases: readonly Scheduler[];
  readonly cookies: Cookies;
  /** A host that has been found answers another of the questions that looked for it. */
  readonly heardLate: (host: Host, question: number, seen: Observation) => void;
}

/**
 * The hosts of a table, each in one of the phases; an address that several phases ask is several hosts. Those that have been
 * found come last, so that they cost the others nothing.
 */
export class AskedHosts implements Asked {
  readonly #options: AskedHostsOptions;
  #host: Host | undefined;
  #isLate = false;
  /** The address that was selected last. */
  #family = 4;
  #bytes: Uint8Array = new Uint8Array(4);
  #at = 0;

  constructor(options: AskedHostsOptions) {
    this.#options = options;
  }

  select(family: number, bytes: Uint8Array, at: number): boolean {
    this.#family = family;
    this.#bytes = bytes;
    this.#at = at;
    this.#isLate = false;
    this.#host = this.#options.table.find(family, bytes, at);
    return this.#host !== undefined || this.#selectLate();
  }

  selectNext(): boolean {
    const { table, late } = this.#options;
    this.#host = (this.#isLate ? late.table : table).findNext();
    return this.#host !== undefined || (!this.#isLate && this.#selectLate());
  }

  #selectLate(): boolean {
    this.#isLate = true;
    this.#host = this.#options.late.table.find(this.#family, this.#bytes, this.#at);
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
    const host = this.#host as Host;
    if (this.#isLate) return this.#options.late.attempts(host, question);
    const { board } = this.#scheduler;
    return board.attempts[host.row * board.questions + question] as number;
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
    const { table, late, cookies } = this.#options;
    const { words } = this.#isLate ? late.table : table;
    const port = questions.portAt(row, question);
    cookies.compute(words, wordsAt, count, port, salt);
    cookies.dress(questions.techniqueAt(row, question), questions.variantAt(row, question), port);
  }

  answered(question: number, seen: Observation): void {
    const host = this.#host as Host;
    if (this.#isLate) this.#options.heardLate(host, question, seen);
    else this.#scheduler.answered(host, question, seen);
  }

  askAgain(question: number): void {
    if (!this.#isLate) this.#scheduler.takeBack(this.#host as Host, question);
  }

  giveUp(question: number, trouble: Trouble): void {
    if (!this.#isLate) this.#scheduler.failedLocally(this.#host as Host, question, trouble);
  }

  get #scheduler(): Scheduler {
    return this.#options.phases[(this.#host as Host).phase] as Scheduler;
  }
}
