/**
 * What hosts do on connections and with datagrams, in tests and in the simulator: scripts, and one run of each.
 *
 * @module
 */

import type { TlsSession } from './tls-session.ts';

/** What a port does with whoever connects, or with the first datagram that came. */
export interface Talk {
  readonly steps?: readonly Step[];
  /** What a hello for TLS gets; absent: the steps go on as if it were words. */
  readonly tls?: Omit<TlsSession, 'kind'> | { readonly alert: number } | undefined;
  /** What the kernel would tell of the other side. */
  readonly window?: number;
  readonly acknowledges?: boolean;
}

/** One step. A step without `hears` goes on at once. */
export interface Step {
  /** Waits until this was said. */
  readonly hears?: string;
  readonly delayUs?: number;
  readonly says?: string | Uint8Array;
  /** Says it again so often, each time after the delay. */
  readonly repeats?: number;
  readonly ends?: 'fin' | 'reset';
}

/** All of a clock that scripts need, virtual or not. */
export interface TalkClock {
  readonly nowUs: number;
  at(atUs: number, run: () => void): void;
}

/** What a talk tells the wire. Times are those at the host. */
export interface TalkEvents {
  say(bytes: Uint8Array): void;
  end(how: 'fin' | 'reset'): void;
}

/** A talk under way. */
export class TalkRun {
  readonly #talk: Talk;
  readonly #clock: TalkClock;
  readonly #events: TalkEvents;
  readonly #steps: Step[];
  #heard = '';
  #isWaiting = false;
  #isOver = false;

  constructor(talk: Talk, clock: TalkClock, events: TalkEvents) {
    this.#talk = talk;
    this.#clock = clock;
    this.#events = events;
    this.#steps = [...(talk.steps ?? [])];
    this.#next();
  }

  /** The other side says something. */
  hear(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const words = Buffer.from(bytes).toString('latin1');
    const { tls } = this.#talk;
    if (words.startsWith(helloMark) && tls !== undefined) {
      this.#events.say(Buffer.from(`${answerMark}${JSON.stringify(tls, bytesAsArrays)}\n`));
      return;
    }
    this.#heard += words;
    if (this.#isWaiting) this.#next();
  }

  /** The other side is gone. */
  stop(): void {
    this.#isOver = true;
  }

  #next(): void {
    const [step] = this.#steps;
    this.#isWaiting = step?.hears !== undefined && !this.#heard.includes(step.hears);
    if (step === undefined || this.#isWaiting || this.#isOver) return;
    this.#steps.shift();
    if (step.hears !== undefined)
      this.#heard = this.#heard.slice(this.#heard.indexOf(step.hears) + step.hears.length);
    this.#act(step, step.repeats ?? 1);
  }

  #act(step: Step, times: number): void {
    this.#clock.at(this.#clock.nowUs + (step.delayUs ?? 0), () => {
      if (this.#isOver) return;
      if (step.says !== undefined)
        this.#events.say(typeof step.says === 'string' ? Buffer.from(step.says, 'latin1') : step.says);
      if (times > 1) {
        this.#act(step, times - 1);
        return;
      }
      if (step.ends !== undefined) {
        this.#isOver = true;
        this.#events.end(step.ends);
      } else this.#next();
    });
  }
}

/** How simulated TLS begins on the wire: records as real ones, with words inside. */
export const helloMark = '\x16\x03\x01simulated hello ';
export const answerMark = '\x16\x03\x03simulated answer ';

function bytesAsArrays(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? [...value] : value;
}
