/**
 * Sees to it that no two questions to one host are open whose packets or answers would be taken for one another, and
 * that a question's variant fits it. What does not is refused, never asked.
 *
 * @module
 */

import { badRequest } from '../../base/errors.ts';
import { taskState } from '../board.ts';
import type { Host } from '../hosts/host.ts';
import type { HostTable } from '../hosts/host-table.ts';
import { type Clash, clashError, clashOf, type Put } from '../probes/clash.ts';
import { misfitOf } from '../probes/misfit.ts';
import type { Variant } from '../probes/variant.ts';
import type { Scheduler } from '../scheduler.ts';
import type { ProbeLook } from '../sender.ts';
import type { ListedQuestions } from './listed-questions.ts';
import { type Question, transportOf } from './questions.ts';

/** The questions of all hosts, compared where an address has several. */
export class DistinctQuestions {
  readonly #table: HostTable;
  readonly #phases: readonly Scheduler[];
  readonly #look: ProbeLook;

  constructor(table: HostTable, phases: readonly Scheduler[], look: ProbeLook) {
    this.#table = table;
    this.#phases = phases;
    this.#look = look;
  }

  /** Refuses a list that asks the same in several variants which cannot be told apart. */
  checkList(questions: ListedQuestions): void {
    const { length, variantOf } = questions;
    if (!questions.hasVariants) return;
    for (let question = 0; question < length; question++) {
      const put = this.#listed(questions, question);
      for (const other of [...questions.about(0, transportOf(put.technique), put.port)]) {
        if (other >= question || variantOf[other] === variantOf[question]) continue;
        const clash = clashOf(put, this.#listed(questions, other), this.#look.payloadsFor);
        if (clash !== 'none') throw clashError(put, clash);
      }
    }
  }

  /** Refuses a question to a host that cannot be put, or not as long as another one is open. */
  check(host: Host, question: Question): void {
    if (!this.isFree(host, question)) throw clashError(this.#put(question), 'while-open');
  }

  /** Whether a question to a host can be put now; refuses one that never can. */
  isFree(host: Host, question: Question): boolean {
    const put = this.#put(question);
    const plain = this.#look.variants[0] as Variant;
    const misfit =
      question.variant > 0 ? misfitOf(put.technique, put.variant, plain, host.family) : undefined;
    if (misfit !== undefined) {
      throw badRequest(`${put.technique.name} over IPv${host.family} has no place for ${misfit}`);
    }
    let isFree = true;
    let other = this.#table.findAlike(host);
    for (; other !== undefined; other = this.#table.findNext()) {
      const clash = this.#clashWith(other, put);
      if (clash === 'ever') throw clashError(put, clash);
      if (clash === 'while-open') isFree = false;
    }
    return isFree;
  }

  #clashWith(host: Host, put: Put): Clash {
    const { questions, board } = this.#phases[host.phase] as Scheduler;
    const { row } = host;
    for (const number of questions.about(row, transportOf(put.technique), put.port)) {
      const state = board.state[row * board.questions + number];
      if (state === taskState.unasked && !host.isToBeAsked(number)) continue;
      const technique = questions.techniqueAt(row, number);
      const other = this.#put({ technique, port: put.port, variant: questions.variantAt(row, number) });
      const clash = clashOf(put, other, this.#look.payloadsFor);
      if (clash === 'ever' || (clash === 'while-open' && state !== taskState.settled)) return clash;
    }
    return 'none';
  }

  #listed(questions: ListedQuestions, question: number): Put {
    const technique = questions.techniqueAt(0, question);
    return this.#put({
      technique,
      port: questions.portAt(0, question),
      variant: questions.variantAt(0, question),
    });
  }

  #put({ technique, port, variant }: Question): Put {
    const look = this.#look.variants[variant];
    if (look === undefined) throw new Error(`there is no variant ${variant}`);
    return { technique, port, variant: look };
  }
}
