/**
 * The plain probe once more, on few ports of each class that something stops: claims about the class cite it.
 *
 * @module
 */

import { once, plainQuestion } from '../book.ts';
import { pairOf } from '../classes.ts';
import type { Scene } from '../scene.ts';
import type { Step } from './step.ts';

/** Asks one port of each class, two where it is silent. */
export const repetition: Step = {
  about: 'the plain probe once more',
  wishes: (scene) => [...repeated(scene, 'tcp'), ...repeated(scene, 'udp')],
};

function repeated(scene: Scene, protocol: 'tcp' | 'udp') {
  return scene.stopped(protocol).flatMap(({ kind, ports }) =>
    once(
      pairOf(ports)
        .slice(0, kind === 'silent' ? 2 : 1)
        .map((port) => plainQuestion(protocol, port)),
    ),
  );
}
