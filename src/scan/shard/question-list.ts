/**
 * Questions about ports by their numbers: some of a list, told apart by technique. There are 65,536 for each technique
 * of a scan of all ports, before anything is sent and before V8 has compiled what walks them: one loop, no callbacks.
 *
 * @module
 */

import type { HostTechniqueName, PortTechniqueName } from '../../model/technique-name.ts';
import { techniqueOf } from '../../techniques/index.ts';
import { pathEcho } from '../../techniques/path-echo.ts';
import { strayAck } from '../../techniques/stray-ack.ts';
import type { Technique } from '../../techniques/technique.ts';
import type { QuestionList } from './config.ts';

/** The technique of a name in a list of questions: the user's, or one that a scan asks of its own. */
export function askedTechnique(name: string): Technique {
  if (name === pathEcho.name) return pathEcho;
  return name === strayAck.name ? strayAck : techniqueOf(name as PortTechniqueName | HostTechniqueName);
}

/** Of some questions of a list, or all, those of the techniques that are marked. */
export function ofTechniques(
  { techniqueOf }: QuestionList,
  some: Uint32Array | undefined,
  isMarked: readonly boolean[],
): Uint32Array {
  const { length } = some ?? techniqueOf;
  const marked = new Uint32Array(length);
  let count = 0;
  for (let i = 0; i < length; i++) {
    const question = some === undefined ? i : (some[i] as number);
    if (isMarked[techniqueOf[question] as number]) marked[count++] = question;
  }
  return marked.slice(0, count);
}

/**
 * The owner's share of some questions or all, or the guest's, which is the rest, evenly mixed; those of techniques that
 * are not shared whole.
 */
export function shareOf(
  { techniqueOf }: QuestionList,
  some: Uint32Array | undefined,
  isShared: readonly boolean[],
  ownersShare: number,
  role: 'owner' | 'guest',
): Uint32Array {
  const { length } = some ?? techniqueOf;
  const part = new Uint32Array(length);
  const isOwner = role === 'owner';
  const owners = Math.ceil(length * ownersShare);
  let [count, turn] = [0, 0];
  for (let i = 0; i < length; i++) {
    const question = some === undefined ? i : (some[i] as number);
    if (isShared[techniqueOf[question] as number]) {
      // The owner's turn comes `owners` times in `length`.
      const isMine = turn < owners === isOwner;
      turn += turn < length - owners ? owners : owners - length;
      if (!isMine) continue;
    }
    part[count++] = question;
  }
  return part.slice(0, count);
}
