/**
 * What the correlator has to know of hosts that are asked by schedulers.
 *
 * @module
 */

import type { Observation } from '../model/observation.ts';
import { type Cookies, saltOf } from './cookie.ts';
import type { Asked } from './correlator.ts';
import type { Host } from './host.ts';
import type { HostTable } from './host-table.ts';
import type { Questions } from './questions.ts';
import type { Scheduler } from './scheduler.ts';

/** The hosts of a table, each in one of the phases. */
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

  get questions(): Questions {
    return this.#scheduler.questions;
  }

  attempts(question: number): number {
    const { board } = this.#scheduler;
    return board.attempts[(this.#host as Host).row * board.questions + question] as number;
  }

  recall(question: number, attempt: number): void {
    const { phase, wordsAt, family } = this.#host as Host;
    const { techniqueOf, portOf } = this.questions;
    const salt = saltOf(phase, techniqueOf[question] as number, attempt);
    const count = family === 4 ? 1 : 4;
    this.#cookies.compute(this.#table.words, wordsAt, count, portOf[question] as number, salt);
  }

  answered(question: number, seen: Observation): void {
    this.#scheduler.answered(this.#host as Host, question, seen);
  }

  get #scheduler(): Scheduler {
    return this.#phases[(this.#host as Host).phase] as Scheduler;
  }
}
