/**
 * Whether ports that answer closed answer other segments as a host without filter does.
 *
 * @module
 */

import { type Entry, once, type Wish } from '../book.ts';
import { type PortClass, spreadOf } from '../classes.ts';
import type { FirewallQuestion } from '../contract.ts';
import type { Scene } from '../scene.ts';
import type { Step } from './step.ts';

/** Asks closed ports with other segments; RFC 9293, 3.10.7.1 has each of them reset. */
export const honesty: Step = {
  about: 'other segments to closed ports',
  wishes: (scene) =>
    honest(scene).flatMap((closed) => {
      const ports = spreadOf(closed.ports, 2);
      const questions = ports.flatMap((port, i) =>
        techniques.filter(({ both }) => both || i === 0).map(({ technique }) => question(technique, port)),
      );
      return [...once(questions), ...repeatedSilence(scene, questions)];
    }),
};

/** What closed ports said to one kind of segment. */
export function honestEntries(scene: Scene, technique: FirewallQuestion['technique']): readonly Entry[] {
  const ports = new Set(honest(scene).flatMap((closed) => spreadOf(closed.ports, 2)));
  return scene.book
    .of(technique, '')
    .filter(({ question }) => question.protocol === 'tcp' && ports.has(question.port));
}

/** Silence where a reset was due is asked once more: it may be loss. */
function repeatedSilence({ book }: Scene, questions: readonly FirewallQuestion[]): readonly Wish[] {
  return questions
    .filter((one) => book.answers(one)[0]?.seen.answer === 'silence')
    .map((one) => ({ question: one, times: 2 }));
}

function honest(scene: Scene): readonly PortClass[] {
  return scene
    .kind('tcp', 'closed')
    .filter((closed) => !scene.isForged(closed))
    .slice(0, 2);
}

function question(technique: FirewallQuestion['technique'], port: number): FirewallQuestion {
  return { protocol: 'tcp', technique, port, variant: '' };
}

/** A FIN with ACK is the most ordinary of all: only who tracks connections finds fault with it. */
const techniques = [
  { technique: 'ack', both: true },
  { technique: 'fin', both: false },
  { technique: 'maimon', both: true },
  { technique: 'null', both: false },
  { technique: 'xmas', both: false },
] as const;
