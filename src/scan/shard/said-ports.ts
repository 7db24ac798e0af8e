/**
 * What the ports of one host said, as far as it matters to those who find out what listens there, by question.
 *
 * @module
 */

import { isOpen } from '../../engine/answers/answer-kind.ts';
import { type Protocol, verdictOf } from '../../model/verdict.ts';
import type { QuestionList } from './config.ts';
import { askedTechnique } from './question-list.ts';
import type { SaidPorts } from './slice.ts';

/** How a port is called where those of both transports stand together. */
export function portKey(protocol: Protocol, port: number): string {
  return `${protocol} ${port}`;
}

/** Sorts what questions about ports came to. */
export class PortSorter {
  readonly #isSilenceWanted: readonly boolean[];
  readonly #techniqueOf: Uint8Array;

  /** `wantsSilent`: UDP ports that stay silent are of interest. */
  constructor(ports: QuestionList | undefined, wantsSilent: boolean) {
    this.#isSilenceWanted = (ports?.techniques ?? []).map(
      (name) => wantsSilent && askedTechnique(name).about === 'udp',
    );
    this.#techniqueOf = ports?.techniqueOf ?? new Uint8Array(0);
  }

  /** `said` with what a question came to, by its verdict's code; `data` is what came in a datagram. */
  sort(
    said: SortedPorts | undefined,
    question: number,
    code: number,
    data?: Uint8Array,
  ): SortedPorts | undefined {
    if (isOpen(code)) {
      const sorted = said ?? nothingSaid();
      sorted.open.push(question);
      if (data !== undefined && data.length > 0) sorted.heard.set(question, data);
      return sorted;
    }
    const isWanted = this.#isSilenceWanted[this.#techniqueOf[question] ?? -1] === true;
    if (!isWanted || verdictOf(code).reason !== 'no-response') return said;
    const sorted = said ?? nothingSaid();
    sorted.silent.add(question);
    return sorted;
  }
}

/** The same while it grows. */
export interface SortedPorts extends SaidPorts {
  readonly open: number[];
  readonly heard: Map<number, Uint8Array>;
  readonly silent: Set<number>;
}

function nothingSaid(): SortedPorts {
  return { open: [], heard: new Map(), silent: new Set() };
}
