/**
 * Some ports that nobody listed: which answer is the rule and which the exception does not show in those that were chosen.
 *
 * @module
 */

import { type Entry, plainQuestion, type Wish } from '../book.ts';
import type { FilteredProtocol } from '../contract.ts';
import { has } from '../port-list.ts';
import type { Scene } from '../scene.ts';
import type { Step } from './step.ts';

/** Asks unassigned ports beyond those of the plan. */
export const canaries: Step = {
  about: 'ports beyond those of the scan',
  wishes: (scene) => [...wishesOf(scene, 'tcp'), ...wishesOf(scene, 'udp')],
};

/** Silence of one where others are answered may be loss, and one port is no rule: it is asked until that is no chance. */
function wishesOf(scene: Scene, protocol: FilteredProtocol): readonly Wish[] {
  const ports = canaryPorts(scene, protocol);
  const isSilent = (port: number) => last(scene, protocol, port)?.seen.answer === 'silence';
  const silent = ports.filter(isSilent);
  const isAlone = silent.length > 0 && silent.length * 2 <= ports.length && protocol === 'tcp';
  return ports.map((port) => {
    const question = plainQuestion(protocol, port);
    const asked = scene.book.answers(question).length;
    return { question, times: isAlone && isSilent(port) ? Math.min(asked + 1, mostTimes) : 1 };
  });
}

/** What it brought: an answer where there was one. */
function last({ book }: Scene, protocol: FilteredProtocol, port: number): Entry | undefined {
  const question = plainQuestion(protocol, port);
  return book.answers(question).find(({ seen }) => seen.answer !== 'silence') ?? book.last(question);
}

/** What the canaries brought. */
export function canaryEntries(scene: Scene, protocol: FilteredProtocol): readonly Entry[] {
  return canaryPorts(scene, protocol).flatMap((port) => last(scene, protocol, port) ?? []);
}

function canaryPorts(scene: Scene, protocol: FilteredProtocol): readonly number[] {
  const { view } = scene;
  const asked = view.ports[protocol];
  if (asked.length === 0) return [];
  // Where closed UDP ports answer, they do so at a bounded rate, and a silent canary would say nothing.
  if (protocol === 'udp' && scene.limited('udp') !== undefined) return [];
  const free = candidates.map((range) =>
    range.filter((port) => !has(asked, port) && !view.isExcluded(protocol, port)),
  );
  // One of each range, then a second of each: rules open or close ranges as a whole.
  const turns = [0, 1, 2, 3].flatMap((turn) => free.flatMap((range) => range[turn] ?? []));
  return turns.slice(0, asked.length < few && protocol === 'tcp' ? 4 : 3);
}

/** Two transmissions each: of a thousand million that answer four stay silent so often, where one packet in fifty is lost. */
const mostTimes = 3;
/** From more ports the rule nearly shows by itself. */
const few = 40;
/** Ports of no known service: of the system, registered (below and among those that kernels give out), dynamic (RFC 6335, 6). */
const candidates = [
  [857, 743, 611, 937],
  [9347, 37017, 14653, 41231],
  [53861, 61843, 57803, 50873],
];
