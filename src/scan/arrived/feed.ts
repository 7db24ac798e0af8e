/**
 * Reads what a listener tells while a scan goes on: waits for it to listen, then takes every line as it comes, and needs no
 * end of it.
 *
 * @module
 */

import { badRequest, PortolanError } from '../../base/errors.ts';
import { named } from '../../base/words.ts';
import { keyCheckOf, markRun } from '../mark-key.ts';
import { Arrivals } from './arrivals.ts';

/** What a listener writes: pieces of text or bytes, cut anywhere. */
export interface ArrivalSource extends AsyncIterable<string | Uint8Array> {
  /** How many bytes were written before the scan began, as in a file: no probe of the scan can be among these. */
  readonly heldBytes?: number;
}

/** A listener's lines as they come. */
export class ArrivalFeed {
  readonly arrivals: Arrivals = new Arrivals(markRun());
  /** It ended before the scan did: what has not arrived since proves nothing. */
  hasEnded = false;
  readonly #source: ArrivalSource;
  readonly #keyCheck: string;
  #listens: (() => void) | undefined;
  #fail: ((error: unknown) => void) | undefined;
  #isOver = false;
  #line = 0;
  #rest = '';
  /** Where the next line begins. */
  #atByte = 0;
  /** Of the first line that could not be read. */
  #problem: string | undefined;
  #problems = 0;

  constructor(source: ArrivalSource, key: string) {
    this.#source = source;
    this.#keyCheck = keyCheckOf(key);
  }

  /** Settles when the listener listens. Throws a PortolanError where it does not, or with another key. */
  async begin(signal: AbortSignal | undefined, timeoutMs: number = longestWaitMs): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let stop = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        this.#listens = resolve;
        this.#fail = reject;
        stop = () => reject(signal?.reason);
        signal?.addEventListener('abort', stop, { once: true });
        const seconds = timeoutMs / 1000;
        const late = () => reject(unheard(`said nothing of listening for ${seconds} seconds`));
        timer = setTimeout(late, timeoutMs);
        void this.#pump();
      });
    } catch (error) {
      this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Waits for what is still on its way once the last probe has left. */
  settle(): Promise<void> {
    return this.hasEnded ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, cooldownMs));
  }

  /** What the user should know of what was read. */
  get warnings(): readonly string[] {
    const { overflowing, held, isAnswered } = this.arrivals;
    return [
      ...(this.#problem === undefined
        ? []
        : [`${this.#problems} lines of the listener were left out: ${this.#problem}`]),
      ...(held === 0
        ? []
        : [
            `${held} lines of the listener tell of earlier scans, for they were there before this one began${isAnswered ? '' : '; none has come since, so what did not arrive proves nothing'}`,
          ]),
      ...(overflowing === 0
        ? []
        : [`The listener tells of more probes than can be kept: ${overflowing} were left out`]),
    ];
  }

  /** Reads no more. */
  stop(): void {
    this.#isOver = true;
  }

  async #pump(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const piece of this.#source) {
        if (this.#isOver) return;
        this.#take(typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true }));
      }
      this.hasEnded = !this.#isOver;
      if (this.#rest !== '') this.#take('\n');
      this.#fail?.(unheard('ended before it said that it listens'));
    } catch (error) {
      this.hasEnded = true;
      this.#fail?.(error);
    }
  }

  #take(text: string): void {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop() as string;
    for (const line of lines) {
      this.#atByte += Buffer.byteLength(line) + 1;
      if (line.trim() !== '') this.#read(line, this.#atByte <= (this.#source.heldBytes ?? 0));
    }
    if (this.#rest.length > longestLine) {
      this.#rest = '';
      this.#refuse('is too long');
    }
  }

  #read(line: string, isHeld: boolean): void {
    this.#line++;
    const problem = line.length > longestLine ? 'is too long' : this.arrivals.take(line, isHeld);
    if (problem !== undefined) {
      this.#refuse(problem);
      return;
    }
    const check = this.arrivals.listening?.keyCheck ?? '';
    if (check !== '' && check !== this.#keyCheck)
      this.#fail?.(badRequest(`${named('key')}: the listener has another one, wanted the same at both ends`));
    else if (this.arrivals.listening !== undefined) this.#listens?.();
  }

  /** Before the listener listens nothing else may come; later a line is left out. */
  #refuse(problem: string): void {
    this.#problems++;
    this.#problem ??= `line ${this.#line} ${problem}`;
    if (this.arrivals.listening === undefined)
      this.#fail?.(
        badRequest(`${named('arrived')}: line ${this.#line} ${problem}: wanted what portolan listen writes`),
      );
  }
}

function unheard(what: string): PortolanError {
  return new PortolanError('not-heard', `${named('arrived')}: the listener ${what}: nothing was sent`);
}

const longestWaitMs = 30_000;
/** The way of a line through ssh, and the last probes before it. */
const cooldownMs = 1000;
const longestLine = 65_536;
