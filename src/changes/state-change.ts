/**
 * What it means that a port was seen in one state and is seen in another.
 *
 * @module
 */

import type { ChangeKind } from '../model/change-facts.ts';
import { type PortState, portStates } from '../model/verdict.ts';

/** What became of a port. */
export type StateChange = Extract<ChangeKind, 'opened' | 'closed' | 'filtered' | 'unfiltered'>;

/**
 * The change from one state to another, by the states' numbers; undefined where there is none: both may be the same, or one
 * could not be judged.
 */
export function stateChange(before: number, after: number): StateChange | undefined {
  return changes[before * portStates.length + after];
}

function changeOf(before: PortState, after: PortState): StateChange | undefined {
  // What both may mean may be what was there both times.
  if ((meanings[before] & meanings[after]) !== 0 || before === 'unknown' || after === 'unknown')
    return undefined;
  switch (after) {
    case 'open':
      return 'opened';
    case 'closed':
      return before === 'open' ? 'closed' : 'unfiltered';
    case 'closed|filtered':
      return 'closed';
    case 'filtered':
    case 'open|filtered':
      return 'filtered';
    case 'unfiltered':
      return 'unfiltered';
  }
}

/** The single states that a state may mean, a bit each. */
const meanings: Readonly<Record<PortState, number>> = {
  open: 1,
  closed: 2,
  filtered: 4,
  unfiltered: 1 | 2,
  'open|filtered': 1 | 4,
  'closed|filtered': 2 | 4,
  unknown: 0,
};

const changes = portStates.flatMap((before) => portStates.map((after) => changeOf(before, after)));
