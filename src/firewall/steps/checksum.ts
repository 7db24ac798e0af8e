/**
 * Whether something answers that does not check: every host drops a segment with a wrong checksum (RFC 9293, 3.1).
 *
 * @module
 */

import { type Entry, plainTechnique, type Wish } from '../book.ts';
import { sampleOf } from '../classes.ts';
import type { FilteredProtocol, FirewallQuestion } from '../contract.ts';
import { isReached } from '../look.ts';
import type { Scene } from '../scene.ts';
import type { Step } from './step.ts';

/** Asks one port of each class with a wrong checksum, again where that was answered. */
export const checksum: Step = {
  about: 'probes with a wrong checksum',
  wishes: (scene) => (['tcp', 'udp'] as const).flatMap((protocol) => wishesOf(scene, protocol)),
};

/** Answers to wrong checksums in the host's name, by a port that answered at least twice. */
export function blindAnswers(scene: Scene, protocol: FilteredProtocol): readonly Entry[] {
  const answered = scene.book
    .of(plainTechnique(protocol), 'bad-checksum')
    .filter(({ question, seen }) => question.protocol === protocol && isReached(protocol, seen));
  return answered.filter(
    ({ question }) => answered.filter((one) => one.question.port === question.port).length > 1,
  );
}

function wishesOf(scene: Scene, protocol: FilteredProtocol): readonly Wish[] {
  const classes = scene.classes(protocol).filter(({ kind }) => kind === 'open' || kind === 'closed');
  return classes.slice(0, 3).flatMap(({ ports }) =>
    sampleOf(ports, 1).map((port): Wish => {
      const question: FirewallQuestion = {
        protocol,
        technique: plainTechnique(protocol),
        port,
        variant: 'bad-checksum',
      };
      const isAnswered = scene.book.answers(question).some(({ seen }) => isReached(protocol, seen));
      return { question, times: isAnswered ? 2 : 1 };
    }),
  );
}
