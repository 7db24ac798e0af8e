/**
 * Silence is asked again before anything rests on it.
 *
 * @module
 */

import { steadinessWishes } from '../steadiness.ts';
import type { Step } from './step.ts';

/** TCP. */
export const steadiness: Step = {
  about: 'silent ports among refused ones, once more',
  wishes: (scene) => steadinessWishes(scene, 'tcp'),
};

/** UDP. */
export const udpSteadiness: Step = {
  about: 'silent UDP ports among refused ones, once more',
  wishes: (scene) => steadinessWishes(scene, 'udp'),
};
