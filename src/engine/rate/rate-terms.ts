/**
 * The words in which the search for a rate is told what to do, and tells what it has done.
 *
 * @module
 */

import {
  clearlyExpected,
  delayWindow,
  enoughShare,
  leastKnown,
  mostStepsAhead,
  sampledDelayWindow,
  silentAfterProbes,
  sparselyEnoughShare,
  sparselyExpected,
  sparselyKnown,
  sparseStepsAhead,
  supposedSamples,
} from '../tables/rate-constants.ts';

/** Why the rate was reduced last. */
export type Brake = 'none' | 'delay' | 'answers' | 'local';

/**
 * What is done when fewer answers come than usual: `hunt` for a limit on them; `slow` down to see whether the rate is
 * to blame, where most probes are never answered; `leave` it to others who share the link.
 */
export type OnShortage = 'hunt' | 'slow' | 'leave';

/**
 * `limited`: what was sent before proves nothing; `futile`: nobody limits, its silences were what they seemed;
 * `samples`: nor does the path, but somebody limits the answers to samples.
 */
export type HuntNews = 'limited' | 'futile' | 'samples';

/** What bounds the search. */
export interface RateBounds {
  /** The rate before anything is known. */
  readonly startPps: number;
  readonly minPps: number;
  readonly maxPps: number;
}

/** The rate that is nearest to this one within bounds. */
export function boundedBy({ minPps, maxPps }: RateBounds, ratePps: number): number {
  return Math.min(Math.max(ratePps, minPps), maxPps);
}

/** How many answers mean something. */
export interface Measure {
  /** Expected answers before their number is judged. */
  readonly expected: number;
  /** Answers from which the usual share is guessed. */
  readonly known: number;
  /** Probes after which a share of none is a share too. */
  readonly silent: number;
  /** Steps up before the first is judged. */
  readonly ahead: number;
  /** The share of those expected that is no shortage. */
  readonly enough: number;
  /** Answers whose smallest round trip is the delay now. */
  readonly window: number;
  /** Probes that are supposed to have been answered: samples are, by whoever has answered before. */
  readonly supposed: number;
}

/** Where questions are answered; where hardly any is; and by samples, which are few but known to be answered. */
export const measures = {
  usual: {
    expected: clearlyExpected,
    known: leastKnown,
    silent: silentAfterProbes,
    ahead: mostStepsAhead,
    enough: enoughShare,
    window: delayWindow,
    supposed: 0,
  },
  sparse: {
    expected: sparselyExpected,
    known: sparselyKnown,
    silent: Number.POSITIVE_INFINITY,
    ahead: sparseStepsAhead,
    enough: sparselyEnoughShare,
    window: delayWindow,
    supposed: 0,
  },
  samples: {
    expected: clearlyExpected,
    known: leastKnown,
    silent: silentAfterProbes,
    ahead: sparseStepsAhead,
    enough: sparselyEnoughShare,
    window: sampledDelayWindow,
    supposed: supposedSamples,
  },
} as const satisfies Record<string, Measure>;
