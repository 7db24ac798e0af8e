/**
 * What is asked of a host: a list of (technique, port) with the techniques' tables compiled to lookups.
 *
 * @module
 */

import type { Reply } from '../model/reply.ts';
import { icmpErrors, tcpFlags } from '../model/reply.ts';
import { type PortState, portStates, type Reason, reasons, type Verdict } from '../model/verdict.ts';
import { classify } from '../techniques/classify.ts';
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

/** A technique's table as arrays of verdict codes; 0 means the table gives the reply no meaning. */
export interface ReplyTable {
  /** By the eight flag bits, and 256 more when the window is not zero. */
  readonly tcp: Uint16Array;
  /** By error index, and 16 more when the target itself sent it. */
  readonly icmp: Uint16Array;
  readonly udp: number;
  readonly initAck: number;
  readonly abort: number;
  readonly echo: number;
  readonly timestamp: number;
  readonly mask: number;
  readonly protocol: number;
  readonly connected: number;
  readonly refused: number;
  readonly silence: number;
}

/** A verdict in 16 bits. Never 0. */
export function verdictCode(state: PortState, reason: Reason): number {
  return ((portStates.indexOf(state) + 1) << 8) | reasons.indexOf(reason);
}

/** Reverses {@link verdictCode}. The same verdict is the same object: there is none for each port. */
export function verdictOf(code: number): Verdict {
  let verdict = verdicts[code];
  if (verdict === undefined) {
    verdict = { state: portStates[(code >> 8) - 1] as PortState, reason: reasons[code & 255] as Reason };
    verdicts[code] = verdict;
  }
  return verdict;
}

/** The transport a technique's answers are told apart by. */
export function transportOf(technique: Technique): number {
  return transportNumber[technique.probe.transport];
}

/** Reads the table once for every possible reply, so that the hot path only looks up. */
function compile(technique: Technique): ReplyTable {
  const code = (reply: Reply): number => {
    const verdict = classify(technique, reply);
    return verdict === undefined ? 0 : verdictCode(verdict.state, verdict.reason);
  };
  const tcp = new Uint16Array(512);
  // Last row first: the first row that matches has the last word.
  for (const row of [...technique.replies].reverse()) {
    if (!('tcp' in row.when) || !('reason' in row)) continue;
    const { tcp: wanted, window } = row.when;
    const mask = wanted.reduce((bits, flag) => bits | (1 << tcpFlags.indexOf(flag)), 0);
    for (let i = 0; i < 512; i++) {
      const windowFits = window === undefined || (window === 'positive') === i > 255;
      if ((i & mask) === mask && windowFits) tcp[i] = verdictCode(row.state, row.reason);
    }
  }
  const icmp = new Uint16Array(32);
  for (const [index, error] of icmpErrors.entries()) {
    icmp[index] = code({ kind: 'icmp', error, sender: 'other' });
    icmp[index + 16] = code({ kind: 'icmp', error, sender: 'target' });
  }
  return {
    tcp,
    icmp,
    udp: code({ kind: 'udp' }),
    initAck: code({ kind: 'sctp', chunk: 'init-ack' }),
    abort: code({ kind: 'sctp', chunk: 'abort' }),
    echo: code({ kind: 'echo-reply' }),
    timestamp: code({ kind: 'timestamp-reply' }),
    mask: code({ kind: 'mask-reply' }),
    protocol: code({ kind: 'protocol' }),
    connected: code({ kind: 'connected' }),
    refused: code({ kind: 'refused' }),
    silence: verdictCode(technique.silence, 'no-response'),
  };
}

const verdicts: Verdict[] = [];
const none: readonly number[] = [];
const reused: [number] = [0];
