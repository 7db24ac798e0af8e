/**
 * What follows from all that was seen of a host.
 *
 * @module
 */

import type { Conclusions } from './contract.ts';
import { policyOf } from './policy.ts';
import { firewallRules } from './rules/index.ts';
import type { Scene } from './scene.ts';

/** Policy and findings. `leftOut`: what could not be asked. */
export function conclude(scene: Scene, leftOut: readonly string[]): Conclusions {
  const policy = [...policyOf(scene, 'tcp'), ...policyOf(scene, 'udp')];
  return { policy, findings: firewallRules.flatMap(({ infer }) => infer(scene)), leftOut };
}
