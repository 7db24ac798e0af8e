/**
 * How much a silence means: whether the loss that a record states may be all that is behind it.
 *
 * @module
 */

import { portStates } from '../model/verdict.ts';
import { attemptsOf, isSilent, stateOf } from './look.ts';
import type { About } from './snapshot.ts';

/**
 * Whether loss may explain a silence: of so many ports that were compared, each asked so often, one would be silent by
 * chance alone in more than one scan of a hundred. Where no loss is stated nobody knows.
 */
export function lossMayExplain(
  { lossHigh }: Pick<About, 'lossHigh'>,
  attempts: number,
  ports: number,
): boolean {
  if (lossHigh === undefined) return true;
  const silent = lossHigh ** Math.max(1, attempts);
  return 1 - (1 - silent) ** Math.max(1, ports) > oneInAHundred;
}

/** Whether a change from one look to another is certain. */
export function isCertain(
  before: { readonly about: About; readonly look: number },
  after: { readonly about: About; readonly look: number },
  ports: number,
): boolean {
  // A closed port that falls silent may be one whose resets are limited.
  const closed = portStates.indexOf('closed');
  if (stateOf(before.look) === closed && isSilent(after.look)) return false;
  if (stateOf(after.look) === closed && isSilent(before.look)) return false;
  if (isJoined(before.look) || isJoined(after.look)) return false;
  return [before, after].every(
    ({ about, look }) => !isSilent(look) || !lossMayExplain(about, attemptsOf(look), ports),
  );
}

/** What was not told at all is known by halves. */
function isJoined(look: number): boolean {
  return portStates[stateOf(look)] === 'closed|filtered';
}

const oneInAHundred = 0.01;
