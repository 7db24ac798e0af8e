/**
 * What follows from all that was seen of a host.
 *
 * @module
 */

import type { Conclusions } from './contract.ts';
import { policyOf } from './policy.ts';
import { shortRanges } from './port-list.ts';
import { portsOf } from './rules/exceptions.ts';
import { firewallRules } from './rules/index.ts';
import type { Scene } from './scene.ts';
import { closedMeanwhile } from './steps/afterwards.ts';

/** Policy and findings. `leftOut`: what could not be asked. */
export function conclude(scene: Scene, leftOut: readonly string[]): Conclusions {
  const policy = [...policyOf(scene, 'tcp'), ...policyOf(scene, 'udp')];
  // Of a host that says open everywhere, or that stopped answering, nothing else follows.
  const { pretence, isBlocked } = scene.view;
  const rules = pretence === undefined && !isBlocked ? firewallRules : [];
  return { policy, findings: rules.flatMap(({ infer }) => infer(scene)), changed: changesOf(scene), leftOut };
}

/** Ports that kept silent in the scan and answered later, and those of which it is the other way round. */
function changesOf(scene: Scene): readonly string[] {
  return [...openedOf(scene), ...closedOf(scene)];
}

function openedOf({ view, book }: Scene): readonly string[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) => {
    const late = book.corrections.filter(({ question }) => question.protocol === protocol);
    if (late.length === 0) return [];
    const ports = portsOf(late);
    const they = ports.length === 1 ? 'it is' : 'they are';
    return [
      `${view.host}: ${protocol}/${shortRanges(ports)} kept silent in the scan and answered when asked again, so ${they} told by that answer: the way has opened meanwhile, or a limit or loss had swallowed the first probes`,
    ];
  });
}

function closedOf(scene: Scene): readonly string[] {
  const late = closedMeanwhile(scene).flat();
  if (late.length === 0) return [];
  const sent = late.reduce((sum, { seen }) => sum + seen.attempts, 0);
  return [
    `${scene.view.host}: tcp/${shortRanges(portsOf(late))} answered the scan and kept silent at its end, to ${sent} transmissions: the way has closed meanwhile, or whoever asks is shut out. The policy tells what the scan met; what rests on silence to later questions is not sure`,
  ];
}
