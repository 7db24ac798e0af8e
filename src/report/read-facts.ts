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

/** How a record is read. */
export interface ReadOptions {
  /**
   * Called where the last line has no end and is no whole object, with what is wrong with it: its writer was killed, or
   * the disk was full. The facts before it are the record then; without this it is an error like any other.
   */
  readonly onCutOff?: (problem: string) => void;
}

/**
 * The facts of a record (`-oJ`), in its order. The last line may lack its end. Throws a PortolanError that names the
 * line of what is wrong.
 */
export async function* readFacts(
  source: RecordSource,
  { onCutOff }: ReadOptions = {},
): AsyncGenerator<RecordedFact> {
  const decoder = new TextDecoder('utf-8', { fatal: false });
  const reader = new LineReader();
  for await (const piece of source) {
    yield* reader.take(typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true }));
  }
  yield* reader.take(decoder.decode());
  yield* reader.end(onCutOff);
}

/** Puts lines together and reads each. Every character is looked at a bounded number of times, however lines are cut. */
class LineReader {
  /** The line that has not ended yet, and its length: joined once, when it ends. */
  #pieces: string[] = [];
  #length = 0;
  #line = 0;
  #lastN = 0;
  /** A line was read that may still have its end to come. */
  #isRead = false;

  *take(piece: string): Generator<RecordedFact> {
    let from = 0;
    if (this.#length === 0 && piece !== '' && !piece.startsWith('\n')) this.#isRead = false;
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', from)) {
      this.#keep(piece.slice(from, at));
      // The end of a line that was read when the piece before it ended.
      if (this.#length === 0 && this.#isRead) this.#isRead = false;
      else yield* this.#read(this.#ended());
      from = at + 1;
    }
    this.#keep(piece.slice(from));
    this.#refuseHopeless();
    // A source of lines gives them without their ends: a piece that is a whole object is a line.
    const only = this.#pieces.length === 1 ? (this.#pieces[0] as string) : '';
    if (from < piece.length && only.endsWith('}') && parsed(only) !== undefined) {
      yield* this.#read(this.#ended());
      this.#isRead = true;
    }
  }

  *end(onCutOff: ReadOptions['onCutOff']): Generator<RecordedFact> {
    const text = this.#ended();
    if (onCutOff === undefined || text.trim() === '' || parsed(text) !== undefined) yield* this.#read(text);
    else onCutOff(`Line ${this.#line + 1} of the record is cut off: found ${inShort(text)}`);
  }

  #keep(text: string): void {
    if (text === '') return;
    this.#pieces.push(text);
    this.#length += text.length;
  }

  /** The whole line. */
  #ended(): string {
    const text = this.#pieces.length === 1 ? (this.#pieces[0] as string) : this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    return text;
  }

  /** What can become no fact any more is not waited for: it may be a device without lines and without end. */
  #refuseHopeless(): void {
    if (this.#length > mostCharacters) {
      this.#line++;
      this.#fail(`is longer than ${mostCharacters} characters`);
    }
    const [first] = this.#pieces;
    const mark = first === undefined ? -1 : first.search(/\S/);
    if (mark < 0) {
      // Blanks alone say nothing yet: what follows them is the beginning.
      this.#pieces = [];
      return;
    }
    if (first?.[mark] !== '{') this.#read(this.#ended()).next();
  }

  *#read(text: string): Generator<RecordedFact> {
    this.#line++;
    if (text.trim() === '') return;
    const fact = factOfLine(text, this.#line, this.#lastN);
    this.#lastN = fact.n;
    yield fact;
  }

  #fail(problem: string): never {
    fail(this.#line, problem);
  }
}

/**
 * The fact of one line of a record, checked; `lastN` is the ordinal of the fact before it. Throws a PortolanError that names
 * the line.
 */
export function factOfLine(text: string, line: number, lastN: number): RecordedFact {
  const value = parsed(text);
  if (value === undefined) fail(line, `is no JSON: found ${inShort(text)}`);
  const fault = shapeFault(value);
  if (fault !== undefined) fail(line, fault);
  const fact = value as RecordedFact;
  if (fact.n <= lastN) fail(line, `has the ordinal ${fact.n} after ${lastN}; wanted a greater one`);
  if (fact.type === 'finding') {
    const later = fact.facts.find((n) => n >= fact.n);
    if (later !== undefined) fail(line, `rests on the fact ${later}, which comes after it`);
  }
  return fact;
}

function fail(line: number, problem: string): never {
  throw badRequest(`Line ${line} of the record ${problem}`);
}

/** The value that a text is as JSON; undefined: none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The longest line is the plan's: a million scattered targets are 16 million characters. */
const mostCharacters = 2 ** 28;
