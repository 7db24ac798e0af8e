/**
 * A rule of inference: what was seen in, findings out.
 *
 * @module
 */

import type { FirewallFinding } from '../contract.ts';
import type { Scene } from '../scene.ts';

/** One rule of the registry. */
export interface Rule {
  readonly name: string;
  /** Empty: it does not hold, or nothing shows that it does. */
  infer(scene: Scene): readonly FirewallFinding[];
}
