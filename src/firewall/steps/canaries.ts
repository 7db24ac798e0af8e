/**
 * Where few ports were asked, some more: which answer is the rule and which the exception does not show in a handful.
 *
 * @module
 */

import { type Entry, once, plainQuestion } from '../book.ts';
import type { FilteredProtocol } from '../contract.ts';
import { has } from '../port-list.ts';
import type { Scene } from '../scene.ts';
import type { Step } from './step.ts';

/** Asks unassigned ports beyond those of the plan. */
export const canaries: Step = {
  about: 'ports beyond those of the scan',
  wishes: (scene) => [
    ...once(canaryPorts(scene, 'tcp').map((port) => plainQuestion('tcp', port))),
    ...once(canaryPorts(scene, 'udp').map((port) => plainQuestion('udp', port))),
  ],
};

/** What the canaries brought. */
export function canaryEntries(scene: Scene, protocol: FilteredProtocol): readonly Entry[] {
  return canaryPorts(scene, protocol).flatMap((port) => scene.book.last(plainQuestion(protocol, port)) ?? []);
}

function canaryPorts({ view }: Scene, protocol: FilteredProtocol): readonly number[] {
  const asked = view.ports[protocol];
  if (asked.length === 0 || asked.length >= enough) return [];
  return candidates
    .filter((port) => !has(asked, port) && !view.isExcluded(protocol, port))
    .slice(0, protocol === 'tcp' ? 4 : 2);
}

/** From so many ports the rule shows by itself. */
const enough = 40;
/** Ports of no known service, of each of the three kinds that rules tell apart. */
const candidates = [41231, 3947, 827, 28411, 53861, 9347, 61843, 691];
