/**
 * Verdicts that are held back until it is known whether they may be told.
 *
 * @module
 */

/** Takes a verdict: numbers as the engine tells them. */
export type TellVerdict = (
  question: number,
  code: number,
  attempts: number,
  ttl: number,
  rttUs: number,
  sender: number,
) => void;

/** Verdicts in their order; a host with all ports open has 65,535 of them. */
export class HeldVerdicts {
  #numbers: number[] = [];

  readonly hold: TellVerdict = (question, code, attempts, ttl, rttUs, sender) => {
    this.#numbers.push(question, code, attempts, ttl, rttUs, sender);
  };

  /** Tells all of them and forgets them. */
  release(tell: TellVerdict): void {
    const held = this.#numbers;
    this.#numbers = [];
    for (let i = 0; i < held.length; i += 6) {
      const [question, code, attempts] = [held[i], held[i + 1], held[i + 2]] as [number, number, number];
      tell(question, code, attempts, held[i + 3] as number, held[i + 4] as number, held[i + 5] as number);
    }
  }
}
