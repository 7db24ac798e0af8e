/**
 * A step of the inference: what it wants to know, worked out anew from what is known.
 *
 * @module
 */

import type { Wish } from '../book.ts';
import type { Scene } from '../scene.ts';

/** One part of the agenda. It has nothing more to ask when all it wishes has been answered. */
export interface Step {
  /** What is missing when it could not be carried out, after "not asked: ". */
  readonly about: string;
  wishes(scene: Scene): readonly Wish[];
}
