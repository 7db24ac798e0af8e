/**
 * The plain probe once more, on few ports of each class that something stops: claims about the class cite it. Silent ports
 * are asked one after the other with a pause between them: where a limit held all answers back, the second comes.
 *
 * @module
 */

import { once, plainQuestion, type Wish } from '../book.ts';
import { pairOf } from '../classes.ts';
import type { FilteredProtocol } from '../contract.ts';
import type { Scene } from '../scene.ts';
import { pauseVariant } from '../variants.ts';
import type { Step } from './step.ts';

/** Asks one port of each class, two where it is silent. */
export const repetition: Step = {
  about: 'the plain probe once more',
  wishes: (scene) => [...repeated(scene, 'tcp'), ...repeated(scene, 'udp')],
};

function repeated(scene: Scene, protocol: FilteredProtocol): readonly Wish[] {
  const others = scene.stopped(protocol).filter(({ kind }) => kind !== 'silent');
  const plain = others.map(({ ports }) => plainQuestion(protocol, ports[0] as number));
  const next = pairOf(scene.silentAtFirst(protocol))
    .map((port) => plainQuestion(protocol, port, pauseVariant))
    .find((question) => scene.book.answers(question).length === 0);
  return once(next === undefined ? plain : [...plain, next]);
}
