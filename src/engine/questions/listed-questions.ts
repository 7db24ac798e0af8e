/**
 * One list of questions for all hosts of a phase: technique, port and variant of each in a few bytes, found by port
 * for every packet that arrives.
 *
 * @module
 */

import type { ReplyTable } from '../../techniques/reply-table.ts';
import type { Technique } from '../../techniques/technique.ts';
import { type Question, type Questions, replyTableOf, transportOf } from './questions.ts';

/** The same questions for every row, indexed from 0; a row may be asked only some of them. */
export class ListedQuestions implements Questions {
  readonly length: number;
  readonly techniques: readonly Technique[];
  readonly tables: readonly ReplyTable[];
  /** Index into `techniques` of each question. */
  readonly techniqueOf: Uint8Array;
  readonly portOf: Uint16Array;
  /** The number of each question's variant. */
  readonly variantOf: Uint8Array;
  /** Whether they are asked in more than one. */
  readonly hasVariants: boolean;
  /** So many questions from the first on are of the first technique and variant. */
  readonly alike: number;
  /** Questions by transport number and port, for answers: `#byPort.get(transport)[port]` lists them. */
  readonly #byPort = new Map<number, Map<number, number[]>>();
  readonly #sole = new Map<number, Int32Array>();

  /** `techniqueOf`, `portOf` and `variantOf` hold a technique's index, a port and a variant for each question. */
  constructor(
    techniques: readonly Technique[],
    techniqueOf: Uint8Array,
    portOf: Uint16Array,
    variantOf?: Uint8Array,
  ) {
    if (techniques.length > mostTechniques) {
      throw new Error(
        `a list of questions with ${techniques.length} techniques: wanted ${mostTechniques} at most`,
      );
    }
    this.length = portOf.length;
    this.techniques = techniques;
    this.tables = techniques.map(replyTableOf);
    this.techniqueOf = techniqueOf;
    this.portOf = portOf;
    this.variantOf = variantOf ?? new Uint8Array(portOf.length);
    this.hasVariants = variantOf?.some((variant) => variant !== variantOf[0]) ?? false;
    const others = techniques.map((_, technique) => techniqueOf.indexOf(technique));
    const other = this.hasVariants
      ? techniqueOf.findIndex((technique, q) => technique !== 0 || this.variantOf[q] !== this.variantOf[0])
      : Math.min(...others.filter((at, technique) => technique > 0 && at >= 0), this.length);
    this.alike = other < 0 ? this.length : other;
    const transports = techniques.map(transportOf);
    for (const transport of transports) {
      if (this.#sole.has(transport)) continue;
      this.#sole.set(transport, new Int32Array(65536).fill(-1));
      this.#byPort.set(transport, new Map());
    }
    for (const [technique, transport] of transports.entries()) this.#index(technique, transport);
  }

  /** The same from a list. */
  static of(questions: readonly Question[]): ListedQuestions {
    const techniques = [...new Set(questions.map(({ technique }) => technique))];
    return new ListedQuestions(
      techniques,
      Uint8Array.from(questions, ({ technique }) => techniques.indexOf(technique)),
      Uint16Array.from(questions, ({ port }) => port),
      Uint8Array.from(questions, ({ variant }) => variant),
    );
  }

  techniqueAt(_row: number, question: number): Technique {
    return this.techniques[this.techniqueOf[question] as number] as Technique;
  }

  tableAt(_row: number, question: number): ReplyTable {
    return this.tables[this.techniqueOf[question] as number] as ReplyTable;
  }

  portAt(_row: number, question: number): number {
    return this.portOf[question] as number;
  }

  variantAt(_row: number, question: number): number {
    return this.variantOf[question] as number;
  }

  tagAt(_row: number, question: number): number {
    return listedTag(this.techniqueOf[question] as number, this.variantOf[question] as number);
  }

  about(_row: number, transport: number, port: number): readonly number[] {
    const sole = this.#sole.get(transport)?.[port] ?? -1;
    if (sole >= 0) {
      reused[0] = sole;
      return reused;
    }
    return this.#byPort.get(transport)?.get(port) ?? none;
  }

  /** By port of a transport that is asked: the question about it, -1 if there is none or more than one. */
  soleByPort(transport: number): Int32Array {
    return this.#sole.get(transport) as Int32Array;
  }

  /** Enters the questions of a technique. */
  #index(technique: number, transport: number): void {
    const sole = this.#sole.get(transport) as Int32Array;
    const several = this.#byPort.get(transport) as Map<number, number[]>;
    const { techniqueOf, portOf } = this;
    const last = techniqueOf.lastIndexOf(technique);
    for (let q = Math.max(0, techniqueOf.indexOf(technique)); q <= last; q++) {
      if (techniqueOf[q] !== technique) continue;
      const port = portOf[q] as number;
      const before = sole[port] as number;
      const list = several.size === 0 ? undefined : several.get(port);
      if (list !== undefined) list.push(q);
      else if (before === -1) sole[port] = q;
      else {
        // A second question about a port moves both to the list.
        several.set(port, [before, q]);
        sole[port] = -1;
      }
    }
  }
}

/** See {@link Questions.tagAt}: of the `technique`th technique of a list. */
function listedTag(technique: number, variant: number): number {
  return (technique << 8) | variant;
}

const none: readonly number[] = [];
const reused: [number] = [0];
/** The number of a technique has eight bits of the cookie's salt. */
const mostTechniques = 256;
