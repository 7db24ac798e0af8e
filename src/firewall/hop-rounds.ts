/**
 * Several searches for hops at the same time, each written as if it were alone: what they ask together is asked once, and
 * when all that go on want to wait, the host is left alone for a while. Routers send few ICMP errors: Linux six at once to
 * an address, then one a second.
 *
 * @module
 */

import type { PortTechniqueName } from '../model/technique-name.ts';
import type { FilteredProtocol, FirewallQuestion, Seen } from './contract.ts';
import { pauseVariant } from './variants.ts';

/** A port that probes are sent to, whatever their TTL. */
export interface Aim {
  readonly protocol: FilteredProtocol;
  readonly technique: PortTechniqueName;
  readonly port: number;
}

/** What a search wants to know next: these ports by probes that go so far, perhaps not before a pause. */
export interface Wish {
  readonly asks: readonly (Aim & { readonly ttl: number })[];
  readonly afterPause?: boolean;
}

/** What came of one of them, and its place in the order of folds. */
export interface HopAnswer {
  readonly seen: Seen;
  readonly index: number;
}

/** A search: says what it wants, is given the answers in that order, and ends. */
export type Search<Result = void> = Generator<Wish, Result, readonly HopAnswer[]>;

/** Carries out searches. */
export class HopRounds {
  readonly #pauseAim: Aim;
  readonly #running = new Set<Running>();
  readonly #stages: (() => readonly Search[])[];
  readonly #open = new Map<string, Waiting[]>();
  #toAsk: FirewallQuestion[] = [];
  #isPausing = false;

  /** The searches of a stage begin when those before it have ended; a pause comes after a plain probe to `pauseAim`. */
  constructor(stages: readonly (() => readonly Search[])[], pauseAim: Aim) {
    this.#stages = [...stages];
    this.#pauseAim = pauseAim;
    this.#goOn();
  }

  /** What is to be asked now, beyond what was given before. */
  agenda(): readonly FirewallQuestion[] {
    const questions = this.#toAsk;
    this.#toAsk = [];
    return questions;
  }

  /** Takes an answer; false: nobody here waits for it. */
  fold(question: FirewallQuestion, seen: Seen, index: number): boolean {
    const key = keyOf(question);
    const waiting = this.#open.get(key);
    if (waiting === undefined) return false;
    this.#open.delete(key);
    if (question.variant === pauseVariant) {
      this.#isPausing = false;
      for (const running of this.#running) this.#post(running);
    }
    for (const { running, at } of waiting) {
      running.answers[at] = { seen, index };
      if (--running.missing === 0) this.#step(running, running.answers);
    }
    this.#goOn();
    return true;
  }

  /** Begins the next stage where the last has ended, and the pause that all wait for. */
  #goOn(): void {
    while (this.#running.size === 0) {
      const stage = this.#stages.shift();
      if (stage === undefined) return;
      for (const search of stage()) {
        const running: Running = { search, wish: noWish, answers: [], missing: 0 };
        this.#running.add(running);
        this.#step(running, []);
      }
    }
    if (this.#isPausing || [...this.#running].some(({ missing }) => missing > 0)) return;
    this.#isPausing = true;
    this.#ask({ ...this.#pauseAim, variant: pauseVariant });
  }

  #step(running: Running, answers: readonly HopAnswer[]): void {
    const next = running.search.next(answers);
    if (next.done === true) {
      this.#running.delete(running);
      return;
    }
    running.wish = next.value;
    if (next.value.afterPause !== true) this.#post(running);
  }

  #post(running: Running): void {
    const { asks } = running.wish;
    if (running.missing > 0) return;
    running.answers = [];
    running.missing = asks.length;
    for (const [at, { ttl, protocol, technique, port }] of asks.entries())
      this.#ask({ protocol, technique, port, variant: `ttl ${ttl}` }, { running, at });
  }

  #ask(question: FirewallQuestion, waiting?: Waiting): void {
    const key = keyOf(question);
    const open = this.#open.get(key);
    if (open === undefined) this.#toAsk.push(question);
    this.#open.set(key, [...(open ?? []), ...(waiting === undefined ? [] : [waiting])]);
  }
}

interface Running {
  readonly search: Search;
  wish: Wish;
  answers: HopAnswer[];
  missing: number;
}

/** Who waits for an answer, and for which of its own. */
interface Waiting {
  readonly running: Running;
  readonly at: number;
}

function keyOf({ protocol, technique, port, variant }: FirewallQuestion): string {
  return `${protocol} ${technique} ${port} ${variant}`;
}

const noWish: Wish = { asks: [] };
