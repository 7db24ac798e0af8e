/**
 * ICMP errors that are not told yet: they say "filtered" or "closed" of questions, and may be about something else. Whoever
 * bans an address often does so by them, and who lets few connections a second through refuses the rest by them: then they say
 * nothing of the port. They are told when there are many, or when the host ends and nothing has spoken against them.
 *
 * @module
 */

import { Observation } from '../../model/observation.ts';
import {
  errorsToTry,
  mostKeptErrors,
  orderedDeviations,
  triedErrors,
  triedOfFew,
} from '../tables/rate-constants.ts';

/** An error about a question that was sent at `sentUs`, in microseconds. */
interface Kept {
  sentUs: number;
  readonly seen: Observation;
  /** Its question is asked again: it has no verdict. */
  isOpen: boolean;
}

/** Takes one and its question. */
type Take = (question: number, seen: Observation) => void;

/** Those of one host, oldest first. */
export class KeptErrors {
  /** They depend on how fast the host is asked: they are silence with a reason, and their questions stay open. */
  areDoubted = false;
  /** When a question was sent that met one though the host had answered it before; infinite: none did. */
  contradictedUs = Number.POSITIVE_INFINITY;
  /** Some are being asked again to see whether they depend on it. */
  isTrying = false;
  readonly #byQuestion = new Map<number, Kept>();
  /** How often the host has answered itself at once, and how many errors had come before those answers, in all. */
  #answers: number;
  #errorsBefore = 0;
  /** Those of the trial, and how many of them have not left yet. */
  #trial: readonly number[] = [];
  #trialLeft = 0;
  /** How many questions met one, and how many must have for another look before the end; whether that of the end has been. */
  #met = 0;
  #nextLook = errorsToTry;
  #isTried = false;

  constructor(answersBefore: number) {
    this.#answers = answersBefore;
  }

  /** Keeps one. Where there are too many the oldest is told, or, where all of them are open, this one forgotten. */
  keep(question: number, seen: Observation, sentUs: number, isOpen: boolean, tell: Take): void {
    const before = this.#byQuestion.get(question);
    if (before === undefined) this.#met++;
    const spare = before === undefined && this.#byQuestion.size >= mostKeptErrors ? this.#oldest() : question;
    if (spare === undefined) return;
    const copy = this.#byQuestion.get(spare)?.seen ?? new Observation();
    this.#byQuestion.delete(spare);
    if (spare !== question) tell(spare, copy);
    copy.copy(seen);
    this.#byQuestion.set(question, { sentUs, seen: copy, isOpen });
  }

  /** The question of the oldest that is not asked again. */
  #oldest(): number | undefined {
    for (const [question, { isOpen }] of this.#byQuestion) if (!isOpen) return question;
    return undefined;
  }

  /** What a question met that has no verdict. */
  ofOpen(question: number): Observation | undefined {
    return this.#byQuestion.get(question)?.seen;
  }

  has(question: number): boolean {
    return this.#byQuestion.has(question);
  }

  /** A question has another verdict. Whether it had met an error. */
  forget(question: number): boolean {
    return this.#byQuestion.delete(question);
  }

  /** Tells those about questions sent before `beforeUs` that are not asked again. */
  vouch(beforeUs: number, tell: Take): void {
    const told = this.settled.filter((question) => (this.#byQuestion.get(question)?.sentUs ?? 0) < beforeUs);
    this.#take(told, tell);
  }

  /** Gives up those that are not asked again. */
  drop(each: Take): void {
    this.#take(this.settled, each);
  }

  /** Questions that had their verdict by one are asked again by `ask`. */
  reopen(questions: readonly number[], ask: (question: number) => void): void {
    for (const question of questions) {
      (this.#byQuestion.get(question) as Kept).isOpen = true;
      ask(question);
    }
  }

  /**
   * Whether some are to be tried: at the end, or because there are many by now. Many may depend on the rate where the host's own
   * answers came before them, as what a limiter had saved up does, or after them, as what a ban keeps back does: ports are asked in
   * random order (the sum of ranks tells, after Mann and Whitney). Of few the order tells nothing, nor where all that the host has
   * answered was asked before.
   */
  isTrialDue(isEnd: boolean): boolean {
    if (this.areDoubted || this.isTrying || this.#byQuestion.size === 0) return false;
    if (isEnd ? this.#isTried : this.#met < this.#nextLook) return false;
    this.#nextLook = 2 * this.#met;
    const [answers, errors] = [this.#answers, this.#met];
    if (this.#areFew || answers === 0) return isEnd;
    const deviation = Math.sqrt((answers * errors * (answers + errors + 1)) / 12);
    return Math.abs(this.#errorsBefore - (answers * errors) / 2) > orderedDeviations * deviation;
  }

  /** Whether it is too few to tell anything by when they came. */
  get #areFew(): boolean {
    return this.#met < errorsToTry;
  }

  /** Some of these questions, spread over the time in which their errors came, are asked again by `ask`. */
  beginTrial(all: readonly number[], isEnd: boolean, ask: (question: number) => void): void {
    const count = Math.min(this.#areFew ? triedOfFew : triedErrors, all.length);
    this.#trial = Array.from(
      { length: count },
      (_, i) => all[Math.floor((i * all.length) / count)] as number,
    );
    this.#trialLeft = count;
    this.isTrying = count > 0;
    this.#isTried ||= isEnd;
    this.reopen(this.#trial, ask);
  }

  /** A question was sent. Whether the trial has left with it. */
  isTrialOut(question: number): boolean {
    return this.#trialLeft > 0 && this.#trial.includes(question) && --this.#trialLeft === 0;
  }

  /** The trial is over. Calls `settle` for what it asked and nobody answered: the error stands. */
  endTrial(settle: (question: number) => void): void {
    this.contradictedUs = Number.POSITIVE_INFINITY;
    if (this.areDoubted) return;
    for (const question of this.#trial) {
      const kept = this.#byQuestion.get(question);
      if (kept?.isOpen !== true) continue;
      kept.isOpen = false;
      settle(question);
    }
  }

  /** The host has answered so many questions itself when they were asked first. */
  heard(answers: number): void {
    this.#answers += answers;
    this.#errorsBefore += answers * this.#met;
  }

  /** The questions that have their verdict by one, oldest first. */
  get settled(): number[] {
    return [...this.#byQuestion].flatMap(([question, { isOpen }]) => (isOpen ? [] : [question]));
  }

  /** Takes these out, and only then tells of them: what is told may lead to others. */
  #take(questions: readonly number[], tell: Take): void {
    const taken = questions.map((question) => this.#byQuestion.get(question)?.seen as Observation);
    for (const question of questions) this.#byQuestion.delete(question);
    for (const [i, question] of questions.entries()) tell(question, taken[i] as Observation);
  }
}
