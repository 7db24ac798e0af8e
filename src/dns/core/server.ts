/**
 * What is known of one server: how fast it is asked, what it does with letters, whether it is there at all.
 *
 * @module
 */

import { Pace } from './pace.ts';
import type { Question } from './question.ts';

/** What a server does with the letters of a question. */
export type CaseHabit = 'unknown' | 'keeps' | 'folds';

/** How it looks whether anybody is there. */
export type Presence =
  /** Nothing speaks against it. */
  | 'here'
  /** It has been silent, and is asked what every server answers. */
  | 'suspect'
  /** It answers nothing; from time to time a question tries it. */
  | 'dead';

/** What is asked. */
export type Words = Pick<Question, 'name' | 'type' | 'isRecursive' | 'wantsSignatures'>;

/** One server. */
export class Server {
  /** As it was named. */
  readonly text: string;
  readonly pace: Pace;
  habit: CaseHabit = 'unknown';
  /** It does not know EDNS (RFC 6891, 7). */
  lacksEdns = false;
  presence: Presence = 'here';
  /** When a dead one is tried again, or a check of a suspect one ends. */
  untilMs = 0;
  /** How often it was checked in vain, and how often it may be. */
  checks = 0;
  mostChecks = 0;
  everAnswered = false;
  /** A question that it has answered. */
  control: Words | undefined;
  /** Since when nothing came; undefined: the last thing that happened was an answer. */
  #silentSinceMs: number | undefined;
  #silences = 0;
  /** By a hash of the name above and the type: whether such a question was ever answered, or how often it was refused. */
  readonly #answeredAlike = new Map<number, number>();

  constructor(text: string, mostPerSecond: number | undefined, asksOthers: boolean) {
    this.text = text;
    this.pace = new Pace(mostPerSecond, asksOthers);
  }

  /** Anything came that it alone can have sent. */
  heard(): void {
    this.presence = 'here';
    this.everAnswered = true;
    this.#silentSinceMs = undefined;
    this.#silences = 0;
  }

  /** A question was in vain; whether that makes it suspect. `sentMs`: when it was asked. */
  silent(sentMs: number, nowMs: number): boolean {
    this.#silentSinceMs = Math.min(this.#silentSinceMs ?? sentMs, sentMs);
    this.#silences++;
    return (
      this.presence === 'here' &&
      this.#silences >= (this.everAnswered ? suspiciousSilences : suspiciousAtFirst) &&
      nowMs - this.#silentSinceMs >= suspiciousMs
    );
  }

  /** A question of this kind was answered. */
  answered(kind: number): void {
    if (this.#answeredAlike.get(kind) === always) return;
    if (this.#answeredAlike.size >= mostKinds) this.#answeredAlike.clear();
    this.#answeredAlike.set(kind, always);
  }

  /** A question of this kind was refused; how often now, or Infinity where it is answered else. */
  refused(kind: number): number {
    const before = this.#answeredAlike.get(kind) ?? 0;
    if (before === always) return always;
    if (this.#answeredAlike.size >= mostKinds) this.#answeredAlike.clear();
    this.#answeredAlike.set(kind, before + 1);
    return before + 1;
  }
}

const always = Number.POSITIVE_INFINITY;
const suspiciousSilences = 4;
const suspiciousAtFirst = 2;
const suspiciousMs = 1000;
const mostKinds = 8192;
