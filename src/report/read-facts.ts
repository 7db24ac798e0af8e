/**
 * Reads a record again: lines of NDJSON become the facts that were written, each checked before it is given.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import type { RecordedFact } from '../model/fact.ts';
import { inShort, shapeFault } from './fact-shapes.ts';

/** Lines of a record, or pieces of its text or bytes wherever they end. */
export type RecordSource = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/**
 * The facts of a record (`-oJ`), in its order. The last line may lack its end. Throws a PortolanError that names the
 * line of what is wrong.
 */
export async function* readFacts(source: RecordSource): AsyncGenerator<RecordedFact> {
  const decoder = new TextDecoder('utf-8', { fatal: false });
  const reader = new LineReader();
  for await (const piece of source) {
    yield* reader.take(typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true }));
  }
  yield* reader.end();
}

/** Puts lines together and reads each. */
class LineReader {
  #rest = '';
  #line = 0;
  #lastN = 0;
  /** A line was read that may still have its end to come. */
  #isRead = false;

  *take(piece: string): Generator<RecordedFact> {
    let from = 0;
    if (this.#rest === '' && piece !== '' && !piece.startsWith('\n')) this.#isRead = false;
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', from)) {
      const text = this.#rest + piece.slice(from, at);
      // The end of a line that was read when the piece before it ended.
      if (text === '' && this.#isRead) this.#isRead = false;
      else yield* this.#read(text);
      this.#rest = '';
      from = at + 1;
    }
    this.#rest += piece.slice(from);
    if (this.#rest.length > mostCharacters) {
      this.#line++;
      this.#fail(`is longer than ${mostCharacters} characters`);
    }
    // A source of lines gives them without their ends: what is a whole object is a line.
    if (this.#rest.endsWith('}') && isWhole(this.#rest)) {
      yield* this.#read(this.#rest);
      this.#rest = '';
      this.#isRead = true;
    }
  }

  *end(): Generator<RecordedFact> {
    yield* this.#read(this.#rest);
  }

  *#read(text: string): Generator<RecordedFact> {
    this.#line++;
    if (text.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.#fail(`is no JSON: found ${inShort(text)}`);
    }
    const fault = shapeFault(value);
    if (fault !== undefined) this.#fail(fault);
    const fact = value as RecordedFact;
    if (fact.n <= this.#lastN)
      this.#fail(`has the ordinal ${fact.n} after ${this.#lastN}; wanted a greater one`);
    if (fact.type === 'finding') {
      const later = fact.facts.find((n) => n >= fact.n);
      if (later !== undefined) this.#fail(`rests on the fact ${later}, which comes after it`);
    }
    this.#lastN = fact.n;
    yield fact;
  }

  #fail(problem: string): never {
    throw badRequest(`Line ${this.#line} of the record ${problem}`);
  }
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The longest line is the plan's: a million scattered targets are 16 million characters. */
const mostCharacters = 2 ** 28;
