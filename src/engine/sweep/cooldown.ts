/**
 * How long a sweep listens after a probe. It keeps no timer for any of them: what has not come by then is silence.
 *
 * @module
 */

import type { RttEstimator } from '../rate/rtt.ts';
import { cooldownRtts, leastCooldownUs, mostCooldownUs } from '../tables/rate-constants.ts';

/** Four times the largest round trip seen, from 200 ms to 8 s; until one has been seen, `unknownUs` stands for it. */
export function usualCooldownUs({ samples, maxUs }: RttEstimator, unknownUs: number): number {
  return Math.min(
    Math.max(samples === 0 ? unknownUs : cooldownRtts * maxUs, leastCooldownUs),
    mostCooldownUs,
  );
}
