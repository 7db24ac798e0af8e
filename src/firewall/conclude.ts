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
  // Of a host that says open everywhere, or that stopped answering, nothing else follows.
  const { pretence, isBlocked } = scene.view;
  const rules = pretence === undefined && !isBlocked ? firewallRules : [];
  return { policy, findings: rules.flatMap(({ infer }) => infer(scene)), leftOut };
}
