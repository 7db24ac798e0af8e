/**
 * How sure a claim is, given the loss of the path.
 *
 * @module
 */

import type { Entry } from './book.ts';
import type { Scene } from './scene.ts';

/** `best`, less what loss and few answers take from it, to two places. */
export function confidenceOf(
  scene: Scene,
  best: number,
  { entries, samples }: { readonly entries?: readonly Entry[]; readonly samples?: number } = {},
): number {
  const loss = Math.min(0.5, scene.view.loss ?? 0);
  const count = samples ?? entries?.length;
  // One answer may be chance, three hardly are.
  const fewness = count === undefined ? 1 : count >= 3 ? 1 : count === 2 ? 0.95 : 0.9;
  return Math.round(best * (1 - loss) * fewness * 100) / 100;
}
