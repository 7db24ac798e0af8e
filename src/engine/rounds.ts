/**
 * What was sent and what came back of it, round by round. Answers are booked to the round in which their probe
 * left. First transmissions and retransmissions are kept apart, because the latter go to those that were
 * silent before and are answered less.
 *
 * @module
 */

/** A ring of the last rounds. Times are microseconds. */
export class Rounds {
  readonly #startUs = new Float64Array(size);
  readonly #endUs = new Float64Array(size);
  /** Two counters a round: first transmissions, retransmissions. */
  readonly #sent = new Float64Array(2 * size);
  readonly #answered = new Float64Array(2 * size);
  #current = 0;
  #judged = 0;

  constructor(nowUs: number) {
    this.#startUs[0] = Math.floor(nowUs);
  }

  /** Transmissions of the current round. */
  get sentNow(): number {
    const at = 2 * (this.#current % size);
    return (this.#sent[at] as number) + (this.#sent[at + 1] as number);
  }

  /** How long the current round has lasted. */
  ageUs(nowUs: number): number {
    return nowUs - (this.#startUs[this.#current % size] as number);
  }

  send(first: boolean): void {
    this.#sent[2 * (this.#current % size) + (first ? 0 : 1)]!++;
  }

  /** Books an answer to the round in which its probe left, if that is remembered. */
  answer(sentUs: number, first: boolean): void {
    const oldest = Math.max(0, this.#current - size + 1);
    for (let round = this.#current; round >= oldest; round--) {
      if (sentUs < (this.#startUs[round % size] as number)) continue;
      this.#answered[2 * (round % size) + (first ? 0 : 1)]!++;
      return;
    }
  }

  /** Ends the current round and begins the next. */
  close(nowUs: number): void {
    this.#endUs[this.#current % size] = nowUs;
    this.#current++;
    if (this.#current - this.#judged >= size) this.#judged = this.#current - size + 1;
    const next = this.#current % size;
    // Times of sending come back in whole microseconds: a probe that left with the round must not precede it.
    this.#startUs[next] = Math.floor(nowUs);
    this.#sent.fill(0, 2 * next, 2 * next + 2);
    this.#answered.fill(0, 2 * next, 2 * next + 2);
  }

  /** The oldest closed round that ended before `untilUs` and was not taken yet. */
  take(untilUs: number): Round | undefined {
    if (this.#judged >= this.#current) return undefined;
    const at = this.#judged % size;
    if ((this.#endUs[at] as number) > untilUs) return undefined;
    this.#judged++;
    return {
      startUs: this.#startUs[at] as number,
      seconds: ((this.#endUs[at] as number) - (this.#startUs[at] as number)) / 1e6,
      first: { sent: this.#sent[2 * at] as number, answered: this.#answered[2 * at] as number },
      again: { sent: this.#sent[2 * at + 1] as number, answered: this.#answered[2 * at + 1] as number },
    };
  }
}

/** A finished round. */
export interface Round {
  readonly startUs: number;
  readonly seconds: number;
  readonly first: RoundCount;
  readonly again: RoundCount;
}

/** Transmissions of one kind in one round, and how many of them were answered. */
export interface RoundCount {
  readonly sent: number;
  readonly answered: number;
}

/** The usual share of transmissions that is answered while nothing is wrong. */
export class AnswerShare {
  value = 0;
  #rounds = 0;

  get isKnown(): boolean {
    return this.#rounds > 0;
  }

  /** Moves towards what a calm round showed: quickly at first, then over about eight rounds. */
  learn({ sent, answered }: RoundCount): void {
    if (sent === 0) return;
    this.#rounds++;
    this.value += (answered / sent - this.value) / Math.min(this.#rounds, 8);
  }

  /** Forgets the past: other targets are being asked now. */
  restart(count: RoundCount): void {
    this.#rounds = 0;
    this.value = 0;
    this.learn(count);
  }
}

/** Answers to older rounds no longer count. */
const size = 16;
