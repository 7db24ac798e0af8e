/**
 * What a benchmark is: a question, the bar it is held against, and how it is answered.
 *
 * @module
 */

import type { RecordedFact } from '../src/model/fact.ts';
import type { Bed } from './bed.ts';

/** One measured line of the table. */
export interface Row {
  /** Said after the case's own words where a case has several lines. */
  readonly part?: string;
  readonly portolan: string;
  /** What it is compared with, and its figure. */
  readonly peer: string;
  /** Portolan's figure as a multiple of the peer's, where that means something. */
  readonly ratio?: number;
  readonly bar: string;
  readonly holds: boolean;
}

/** A benchmark. */
export interface Case {
  /** What it is called on the command line. */
  readonly name: string;
  readonly group: 'speed' | 'truth';
  /** The case in the words of the table. */
  readonly about: string;
  /** Programs it cannot do without. */
  readonly needs: readonly string[];
  /** It makes no network. */
  readonly needsNoLab?: true;
  /** Rounds it is worth when nobody says otherwise. */
  readonly rounds: number;
  measure(rounds: number): Promise<readonly Row[]>;
}

/** Ports spread over the whole range: every `step`-th, `count` of them. */
export function spreadPorts(count: number, step: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => (i + 1) * step);
}

/** The keys of {@link spreadPorts} on a bed's own host, as records name them. */
export function keysOf(bed: Bed, ports: readonly number[]): Set<string> {
  return new Set(ports.map((port) => `${bed.host}:${port}`));
}

/** Milliseconds as a reader wants them. */
export function time(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** A share with as many digits as it takes to tell it from the whole. */
export function share(part: number, whole: number): string {
  const percent = whole === 0 ? 100 : (100 * part) / whole;
  return `${percent === 100 ? '100' : Math.min(percent, 99.9999).toFixed(percent > 99 ? 4 : 2)} %`;
}

/** The findings of a record by their rule. */
export function findingRules(facts: readonly RecordedFact[]): readonly string[] {
  return [...new Set(facts.flatMap((fact) => (fact.type === 'finding' ? [fact.rule] : [])))];
}

/** A row for two medians of milliseconds that may be at most `most` apart. */
export function ratioRow(
  part: string,
  ms: number,
  peer: string,
  peerMs: number,
  most: number,
  note = '',
): Row {
  const ratio = ms / peerMs;
  return {
    ...(part !== '' && { part }),
    portolan: `${time(ms)}${note === '' ? '' : `, ${note}`}`,
    peer: `${peer} ${time(peerMs)}`,
    ratio,
    bar: `≤ ${most} ×`,
    holds: ratio <= most,
  };
}
