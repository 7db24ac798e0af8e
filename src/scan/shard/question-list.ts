/**
 * Questions about ports by their numbers: some of a list, told apart by technique. There are 65,536 for each technique
 * of a scan of all ports, before anything is sent and before V8 has compiled what walks them: one loop, no callbacks.
 *
 * @module
 */

import type { QuestionList } from './config.ts';

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
 * The first part of some questions, or the rest of them; those of techniques that are not shared are in both. Evenly
 * mixed, so that either part has of all there is.
 */
export function shareOf(
  { techniqueOf }: QuestionList,
  some: Uint32Array,
  isShared: readonly boolean[],
  { share, isFirst }: { readonly share: number; readonly isFirst: boolean },
): Uint32Array {
  let shared = 0;
  for (let i = 0; i < some.length; i++) if (isShared[techniqueOf[some[i] as number] as number]) shared++;
  const inFirst = Math.ceil(shared * share);
  const part = new Uint32Array(some.length);
  // The place among those that are shared × inFirst, modulo their number.
  let [count, turn] = [0, 0];
  for (let i = 0; i < some.length; i++) {
    const question = some[i] as number;
    if (isShared[techniqueOf[question] as number]) {
      const isMine = turn < inFirst === isFirst;
      turn += inFirst;
      if (turn >= shared) turn -= shared;
      if (!isMine) continue;
    }
    part[count++] = question;
  }
  return part.slice(0, count);
}
