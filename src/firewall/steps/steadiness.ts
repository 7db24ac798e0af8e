/**
 * Silence is asked again before anything rests on it.
 *
 * @module
 */

import { plainQuestion, type Wish } from '../book.ts';
import type { FilteredProtocol } from '../contract.ts';
import type { Scene } from '../scene.ts';
import { pausedWishes } from '../steadiness.ts';
import type { Step } from './step.ts';

/** TCP. */
export const steadiness: Step = {
  about: 'silent ports among others, once more',
  wishes: (scene) => steadinessWishes(scene, 'tcp'),
};

/** UDP. */
export const udpSteadiness: Step = {
  about: 'silent UDP ports among others, once more',
  wishes: (scene) => steadinessWishes(scene, 'udp'),
};

function steadinessWishes(scene: Scene, protocol: FilteredProtocol): readonly Wish[] {
  if (scene.limited(protocol) !== undefined) return pausedWishes(scene.silenceCase(protocol));
  const silent = scene.silent(protocol);
  const answering = scene.kind(protocol, 'closed').reduce((sum, { ports }) => sum + ports.length, 0);
  if (silent === undefined || protocol === 'udp' || answering < silent.ports.length) return [];
  // Few silent ports among answering ones may be loss.
  const most = (scene.view.loss ?? 0) > leastLoss ? 3 : 1;
  return silent.ports.slice(0, fewSilent).map((port) => {
    const question = plainQuestion(protocol, port);
    return { question, times: Math.min(most, scene.book.answers(question).length + 1) };
  });
}

const fewSilent = 12;
/** With more, some of a thousand ports stay silent to all that the scan sends them. */
const leastLoss = 0.002;
