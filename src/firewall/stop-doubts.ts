/**
 * What else than a filter at a place may be the cause of silence there: resets that are stopped on their way back, or no
 * host at all.
 *
 * @module
 */

import type { HopPath } from './hop-path.ts';
import type { LocationCase, Stop, StoppedClass } from './stopped.ts';

/** A place with its other causes, as far as nothing rules them out; confidence falls with them. */
export function doubted(
  stop: Stop | undefined,
  { protocol, seen }: StoppedClass,
  path: HopPath,
  { view, swallowsResets }: LocationCase,
): Stop | undefined {
  if (stop === undefined || view.isNear || seen.answer !== 'silence') return stop;
  const isOpenEnded = path.distance === undefined && path.echoBack === 0;
  if (isOpenEnded) return withDoubts(stop, { isOpenEnded }, view.hasAnswered === false ? [nobody] : []);
  const mayArrive = protocol === 'tcp' && swallowsResets?.() === true;
  if (!mayArrive) return stop;
  const parts = stop.parts?.map((part) => ({ ...part, stop: arriving(part.stop, path) }));
  return { ...arriving(stop, path), ...(parts !== undefined && { parts }) };
}

/** A place at which the host may be reached all the same. */
function arriving(stop: Stop, { distance = Number.POSITIVE_INFINITY }: HopPath): Stop {
  const far = stop.hopRange?.[1] ?? stop.hop ?? 0;
  return far < distance ? stop : withDoubts(stop, { mayArrive: true }, [swallowed]);
}

function withDoubts(
  stop: Stop,
  kind: Pick<Stop, 'isOpenEnded' | 'mayArrive'>,
  doubts: readonly string[],
): Stop {
  const confidence = doubts.length === 0 ? stop.confidence : Math.min(stop.confidence, doubtful);
  return { ...stop, ...kind, confidence, evidence: [...stop.evidence, ...doubts] };
}

const nobody = 'nothing has come from the host: perhaps there is none';
const swallowed =
  'no reset of the host has come back: it may get the probes, and its resets be stopped at any hop';
const doubtful = 0.5;
