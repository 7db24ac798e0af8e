/**
 * What a listener on the inside says of a probe, and how that changes a verdict: a probe that arrived was let through,
 * whatever came back.
 *
 * @module
 */

import type { CheckResult, Expected } from '../model/fact.ts';
import type { PortState, Verdict } from '../model/verdict.ts';

/**
 * Whether the probe of a question has arrived. `perhaps`: one has whose address or source port a translator has changed, so
 * that it may be this one.
 */
export type Arrival = 'arrived' | 'not-arrived' | 'perhaps';

/** What a listener knows. Hosts are addresses without zone. */
export interface Heard {
  /** Whether a probe has arrived; undefined where it cannot know. */
  arrival(
    host: string,
    protocol: 'tcp' | 'udp',
    port: number,
    sourcePort: number | undefined,
  ): Arrival | undefined;
  /** A probe to the host has reached the listener, so the way there works. */
  isReached(host: string): boolean;
}

/** How a check comes out by what the listener says; undefined: as it would without. */
export function judgeArrival(
  expected: Expected,
  { state, reason }: Verdict,
  arrival: Arrival,
  lossChance: number,
): { readonly result: CheckResult; readonly why: string } | undefined {
  const isSilent = reason === 'no-response';
  if (arrival === 'arrived') {
    if (expected === 'filtered' || expected === 'not-open') return { result: 'fail', why: arrived };
    // A service that speaks when it is spoken to in its own words, if at all.
    if (expected === 'open' && state === 'open|filtered') return { result: 'pass', why: arrived };
    return undefined;
  }
  if (arrival === 'perhaps') {
    return expected === 'filtered' || expected === 'not-open'
      ? { result: 'inconclusive', why: perhaps }
      : undefined;
  }
  if (state === 'open' || state === 'unknown') return undefined;
  if (isSilent && lossChance > mostChance) return undefined;
  if (expected === 'filtered' || expected === 'not-open') return { result: 'pass', why: notArrived(state) };
  return expected === 'open' && isSilent ? { result: 'fail', why: notArrived(state) } : undefined;
}

function notArrived(state: PortState): string {
  return state === 'closed' ? 'no probe arrived: who resets stands on the way' : 'no probe arrived';
}

const arrived = 'its probe arrived at the listener';
const perhaps = 'a probe arrived whose addresses or source port were translated: it may be this one';
/** One in a hundred, as for silence. */
const mostChance = 0.01;
