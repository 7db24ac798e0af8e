/**
 * What is asked of a host: a list of (technique, port) with the techniques' tables compiled to lookups.
 *
 * @module
 */

import { compile, type ReplyTable } from '../techniques/reply-table.ts';
import type { Technique } from '../techniques/technique.ts';

/** One question, before compilation. */
export interface Question {
  readonly technique: Technique;
  readonly port: number;
}

/** Questions to ask of every host of a board, indexed from 0. */
export class Questions {
  readonly length: number;
  readonly techniques: readonly Technique[];
  readonly tables: readonly ReplyTable[];
  /** Index into `techniques` of each question. */
  readonly techniqueOf: Uint8Array;
  readonly portOf: Uint16Array;
  /** So many questions from the first on are of the first technique. */
  readonly alike: number;
  /** Questions by transport number and port, for answers: `#byPort.get(transport)[port]` lists them. */
  readonly #byPort = new Map<number, Map<number, number[]>>();
  readonly #sole = new Map<number, Int32Array>();

  /** `techniqueOf` and `portOf` hold a technique's index and a port for each question. */
  constructor(techniques: readonly Technique[], techniqueOf: Uint8Array, portOf: Uint16Array) {
    this.length = portOf.length;
    this.techniques = techniques;
    this.tables = techniques.map((technique) => compile(technique));
    this.techniqueOf = techniqueOf;
    this.portOf = portOf;
    this.alike = techniques.reduce((least, _, technique) => {
      const first = technique === 0 ? -1 : techniqueOf.indexOf(technique);
      return first < 0 ? least : Math.min(least, first);
    }, this.length);
    const transports = techniques.map(transportOf);
    for (const transport of transports) {
      if (this.#sole.has(transport)) continue;
      this.#sole.set(transport, new Int32Array(65536).fill(-1));
      this.#byPort.set(transport, new Map());
    }
    for (const [technique, transport] of transports.entries()) this.#index(technique, transport);
  }

  /** The same from a list. */
  static of(questions: readonly Question[]): Questions {
    const techniques = [...new Set(questions.map(({ technique }) => technique))];
    return new Questions(
      techniques,
      Uint8Array.from(questions, ({ technique }) => techniques.indexOf(technique)),
      Uint16Array.from(questions, ({ port }) => port),
    );
  }

  /** The questions about this port of this transport. */
  about(transport: number, port: number): readonly number[] {
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
      const list = several.get(port);
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

/** IP protocol numbers, and 0 for probes that are told apart without ports. */
export const transportNumber = {
  tcp: 6,
  udp: 17,
  sctp: 132,
  icmp: 1,
  ip: 256,
  link: 257,
  socket: 6,
} as const;

/** The transport a technique's answers are told apart by. */
export function transportOf(technique: Technique): number {
  return transportNumber[technique.probe.transport];
}

const none: readonly number[] = [];
const reused: [number] = [0];
