/**
 * The question that shows the way to hosts that answered an echo request when they were looked for.
 *
 * @module
 */

import { pathEcho } from '../../techniques/path-echo.ts';
import type { QuestionList, ShardConfig } from './config.ts';

/** A list with that question behind all others, whose answers nobody is told; the same list where no echo is asked. */
export function withPathEcho(list: QuestionList, { discovery }: ShardConfig): QuestionList {
  if (discovery?.techniques.includes('ping-echo') !== true) return list;
  const count = list.portOf.length;
  const techniqueOf = new Uint8Array(count + 1);
  const portOf = new Uint16Array(count + 1);
  techniqueOf.set(list.techniqueOf);
  portOf.set(list.portOf);
  techniqueOf[count] = list.techniques.length;
  return { techniques: [...list.techniques, pathEcho.name], techniqueOf, portOf };
}
