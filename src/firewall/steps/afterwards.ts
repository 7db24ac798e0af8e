/**
 * What had answered is asked once more when all else is known: the way may have closed meanwhile, to one port or to whoever
 * asks odd things, and silence since then says nothing of the filter that the scan met.
 *
 * @module
 */

import { type Entry, plainQuestion, type Wish } from '../book.ts';
import { spreadOf } from '../classes.ts';
import { kindOf } from '../look.ts';
import type { Scene } from '../scene.ts';
import type { Step } from './step.ts';

/** Asks some open ports and a closed one, those that are silent now until that is no chance. */
export const afterwards: Step = {
  about: 'what had answered, once more',
  wishes: (scene) => {
    scene.afterwardsAt ??= scene.book.entries.length;
    return portsOf(scene).map((port): Wish => {
      const question = plainQuestion('tcp', port);
      const answers = repeatsOf(scene, port);
      const isSilent = answers.every(({ seen }) => kindOf('tcp', seen) === 'silent');
      const before = scene.book.answers(question).length - answers.length;
      return { question, times: before + (isSilent ? Math.min(answers.length + 1, silences) : 1) };
    });
  },
};

/** Answers to the questions that show of ports which answered the scan that they keep silent at last, by port. */
export function closedMeanwhile(scene: Scene): readonly (readonly Entry[])[] {
  if (scene.afterwardsAt === undefined) return [];
  return portsOf(scene)
    .map((port) => repeatsOf(scene, port))
    .filter((all) => all.length >= silences && all.every(({ seen }) => kindOf('tcp', seen) === 'silent'));
}

/** Where answers are limited one that fails to come may be the limit's. */
function portsOf(scene: Scene): readonly number[] {
  if (scene.view.limits.length > 0) return [];
  const ofKind = (kind: 'open' | 'closed') => scene.kind('tcp', kind)[0];
  return (['open', 'closed'] as const).flatMap((kind) => {
    const one = ofKind(kind);
    return one === undefined ? [] : scene.sample(one, 'afterwards', (ports) => spreadOf(ports, most[kind]));
  });
}

/** What they were answered since this step began. */
function repeatsOf({ book, afterwardsAt = 0 }: Scene, port: number): readonly Entry[] {
  return book
    .answers(plainQuestion('tcp', port))
    .filter(({ index, seen }) => index >= afterwardsAt && seen.answer !== 'unknown');
}

const most = { open: 2, closed: 1 } as const;
/** Each of two transmissions: of two hundred million that answer, one stays silent so often where one packet in fifty is lost. */
const silences = 3;
