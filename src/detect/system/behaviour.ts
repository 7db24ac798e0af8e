/**
 * What a stack shows of itself when it is asked more than a SYN: its clock, how it numbers its packets, what it does without
 * options, with congestion notification, where nobody listens.
 *
 * @module
 */

import { distanceOf } from './initial-ttl.ts';

/** What was seen of it. Times are milliseconds. */
export interface Behaviour {
  /** Its clock, as its timestamps have it, and when that was. */
  readonly clock: readonly { readonly value: number; readonly atMs: number }[];
  /** The IP identifications of its SYN-ACKs, in their order. */
  readonly ids: readonly number[];
  /** The window that it offers to a SYN with no option but the size of segments. */
  readonly bareWindow?: number;
  /** It agreed to congestion notification. */
  readonly ecn?: boolean;
  /** Resets of a port where nobody listens. */
  readonly resets: readonly Reset[];
  /** The time to live of its ICMP error about a UDP port where nobody listens. */
  readonly refusalTtl?: number;
  /** An open port answered. */
  readonly hasOpen: boolean;
}

/** One reset. */
export interface Reset {
  readonly ttl: number;
  readonly window: number;
  /** IPv6 has none. */
  readonly dontFragment?: boolean;
}

/** What follows from it. */
export interface BehaviourWords {
  /** In sentences. */
  readonly evidence: readonly string[];
  /** How long the clock has run, if it began with the system. */
  readonly clockSeconds?: number;
  /** Its clock begins anew with each connection, so it counts from no start. */
  readonly hasManyClocks: boolean;
}

/** Puts it into words; `ttl` is that of the stack's own answers. */
export function behaviourWords(seen: Behaviour, ttl: number | undefined): BehaviourWords {
  const { ids, bareWindow, ecn, resets, refusalTtl } = seen;
  const clock = clockOf(seen.clock);
  const [reset] = resets;
  const isForeign = (other: number) => ttl !== undefined && distanceOf(other) !== distanceOf(ttl);
  return {
    evidence: [
      ...(clock === undefined ? [] : [`timestamps: ${clock.words}`]),
      ...(ids.length < leastIds ? [] : [`ip id: ${idsText(ids)}`]),
      ...(bareWindow === undefined ? [] : [`without options: window ${bareWindow}`]),
      ...(ecn === undefined ? [] : [`congestion notification: ${ecn ? 'accepted' : 'not accepted'}`]),
      ...(reset === undefined
        ? []
        : [
            `reset: ttl ${reset.ttl}; window ${reset.window}${dontFragmentText(reset)}${isForeign(reset.ttl) ? '; from another distance, so not its own' : ''}`,
          ]),
      ...(refusalTtl === undefined
        ? []
        : [`port-unreachable: ttl ${refusalTtl}${isForeign(refusalTtl) ? '; from another distance' : ''}`]),
    ],
    ...(clock?.seconds !== undefined && { clockSeconds: clock.seconds }),
    hasManyClocks: clock?.words === manyClocks,
  };
}

/** What a host could not be asked, in words. */
export function missingOf({
  hasOpen,
  resets,
  refusalTtl,
}: Pick<Behaviour, 'hasOpen' | 'resets' | 'refusalTtl'>): readonly string[] {
  return [
    ...(hasOpen ? [] : ['no open TCP port answered']),
    ...(resets.length > 0 ? [] : ['no closed TCP port answered']),
    ...(refusalTtl !== undefined ? [] : ['no closed UDP port answered']),
  ];
}

/** How fast its clock runs, where one clock stands behind all its answers. */
function clockOf(
  readings: Behaviour['clock'],
): { readonly words: string; readonly seconds?: number } | undefined {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || last.atMs - first.atMs < leastSpanMs) return undefined;
  const rates: number[] = [];
  for (let i = 1; i < readings.length; i++) {
    const [a, b] = [readings[i - 1], readings[i]] as [typeof first, typeof first];
    if (b.atMs > a.atMs) rates.push((1000 * (((b.value - a.value) >>> 0) | 0)) / (b.atMs - a.atMs));
  }
  if (rates.some((rate) => rate < 0 || rate > mostRate)) return { words: manyClocks };
  const rate = (1000 * ((last.value - first.value) >>> 0)) / (last.atMs - first.atMs);
  const usual = usualRates.find((one) => Math.abs(rate - one) <= one * rateError);
  if (usual === undefined) return { words: `${Math.round(rate)} a second` };
  return { words: `${usual} a second`, seconds: Math.floor(last.value / usual) };
}

function dontFragmentText({ dontFragment }: Reset): string {
  return dontFragment === undefined ? '' : `; df ${dontFragment ? 1 : 0}`;
}

function idsText(ids: readonly number[]): string {
  const steps = ids.slice(1).map((id, i) => (id - (ids[i] as number)) & 0xffff);
  if (ids.every((id) => id === 0)) return 'always 0';
  if (steps.every((step) => step === 0)) return 'always the same';
  if (steps.every((step) => step >= 1 && step <= nearStep)) return 'counts up';
  return 'by chance';
}

const manyClocks = 'a clock of its own for each connection';
const leastIds = 3;
const leastSpanMs = 150;
const nearStep = 64;
const mostRate = 2000;
/** Ticks a second of the systems there are. */
const usualRates = [2, 10, 100, 250, 500, 1000];
const rateError = 0.12;
