/**
 * The tasks of a sweep: which host and question each is, and which one an answer is about.
 *
 * @module
 */

import type { Range } from '../../base/range-set.ts';
import type { Observation } from '../../model/observation.ts';
import type { ReplyTable } from '../../techniques/reply-table.ts';
import type { Asked } from '../answers/asked.ts';
import { type Cookies, saltOf } from '../answers/cookie.ts';
import type { ListedQuestions } from '../questions/listed-questions.ts';
import { AddressTable } from './address-table.ts';
import { Walk, type WalkOptions } from './walk.ts';

/** Hosts that are asked the same. */
export interface SweepGroup {
  readonly ranges: readonly Range[];
  /** Question numbers, ascending; absent: all. */
  readonly some?: Uint32Array;
}

/** What is asked of whom, and in which order. */
export interface TasksOptions extends WalkOptions {
  readonly groups: readonly SweepGroup[];
  readonly questions: ListedQuestions;
}

/** An answer to a task's transmission. */
export type Answered = (task: number, question: number, seen: Observation) => void;

/** Tasks by number, and by the packets that answer them. */
export class Tasks implements Asked {
  readonly walk: Walk;
  readonly table: AddressTable;
  readonly questions: ListedQuestions;
  /** The host that {@link select} turned to. */
  host = -1;
  readonly #groups: readonly SweepGroup[];
  readonly #cookies: Cookies;
  readonly #attemptsOf: (block: number) => number;
  readonly #answered: Answered;
  /** Its first task and its questions. */
  #first = 0;
  #some: Uint32Array | undefined;

  /** `attemptsOf` tells how often the tasks of a block have been asked, 0 for one that is not open. */
  constructor(
    options: TasksOptions,
    cookies: Cookies,
    attemptsOf: (block: number) => number,
    answered: Answered,
  ) {
    const { groups, questions } = options;
    this.#groups = groups;
    this.questions = questions;
    this.table = new AddressTable(groups.map(({ ranges }) => ranges));
    const sizes = groups.map(({ ranges, some }) => ({
      hosts: ranges.reduce((sum, { first, last }) => sum + Number(last - first + 1n), 0),
      questions: some?.length ?? questions.length,
    }));
    this.walk = new Walk(sizes, options);
    this.#cookies = cookies;
    this.#attemptsOf = attemptsOf;
    this.#answered = answered;
  }

  /** Finds a task: its host in `walk.host`, the address in `table.words`. Returns the question's number. */
  read(task: number): number {
    const { walk, table } = this;
    walk.locate(task);
    table.read(walk.host);
    return this.questionAt(walk.group, walk.question);
  }

  /** The number of a group's `index`th question. */
  questionAt(group: number, index: number): number {
    return this.#groups[group]?.some?.[index] ?? index;
  }

  /** The block after which nothing more can come of the selected host. */
  get lastBlock(): number {
    const count = this.#some?.length ?? this.questions.length;
    return Math.floor((this.#first + count - 1) / this.walk.blockTasks);
  }

  select(family: number, bytes: Uint8Array, at: number): boolean {
    this.host = this.table.numberOf(family, bytes, at);
    if (this.host < 0) return false;
    this.#first = this.walk.firstTaskOf(this.host);
    this.#some = this.#groups[this.walk.group]?.some;
    return this.#first >= 0;
  }

  /** An address is one host. */
  selectNext(): boolean {
    return false;
  }

  about(transport: number, port: number): readonly number[] {
    return this.questions.about(0, transport, port);
  }

  tableOf(question: number): ReplyTable {
    return this.questions.tableAt(0, question);
  }

  portOf(question: number): number {
    return this.questions.portOf[question] as number;
  }

  variantOf(question: number): number {
    return this.questions.variantOf[question] as number;
  }

  attempts(question: number): number {
    const task = this.#taskOf(question);
    return task < 0 ? 0 : this.#attemptsOf(Math.floor(task / this.walk.blockTasks));
  }

  attemptBefore(_: number, attempt: number): number {
    return attempt - 1;
  }

  recall(question: number, attempt: number): void {
    const { table } = this;
    table.read(this.host);
    const salt = saltOf(0, this.questions.tagAt(0, question), attempt);
    const port = this.portOf(question);
    this.#cookies.compute(table.words, 0, table.family === 4 ? 1 : 4, port, salt);
    this.#cookies.dress(this.questions.techniqueAt(0, question), this.variantOf(question), port);
  }

  answered(question: number, seen: Observation): void {
    this.#answered(this.#taskOf(question), question, seen);
  }

  /** Nothing is kept of it: it is asked again in its time, if at all. */
  askAgain(): void {}

  giveUp(): void {}

  /** The selected host's task of a question, -1 if it is not asked that. */
  #taskOf(question: number): number {
    const some = this.#some;
    if (some === undefined) return this.#first + question;
    let low = 0;
    let high = some.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((some[middle] as number) < question) low = middle + 1;
      else high = middle;
    }
    return some[low] === question ? this.#first + low : -1;
  }
}
