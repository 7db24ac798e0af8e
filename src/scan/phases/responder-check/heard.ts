/**
 * What one connection to a host brought: the evidence that only a connection gives.
 *
 * @module
 */

import { fromTarget, mostDataBytes, Observation, observationKind } from '../../../model/observation.ts';

/** What was heard. */
export interface Heard {
  /**
   * `refused`: no connection came about, whoever said so. `open`: it stands. `closed`, `reset`: it stood, and
   * the other side ended it so. `unheard`: no answer, or trouble on this side: nothing is known.
   */
  readonly state: 'unheard' | 'refused' | 'open' | 'closed' | 'reset';
  /** The first bytes that came, at most {@link mostHeardBytes}. */
  readonly bytes: Uint8Array;
  /** How much the other side takes, or took in the end, in bytes; absent where the system does not tell. */
  readonly window?: number;
  /** Whether it still acknowledged something well after the handshake; absent where the system does not tell. */
  readonly acknowledges?: boolean;
}

/** What a connection brought, as an observation; undefined where it came to nothing. */
export function observationOf({ state, bytes }: Heard): Observation | undefined {
  if (state === 'unheard' || state === 'refused') return undefined;
  const seen = new Observation();
  seen.begin(observationKind.connected);
  seen.sender = fromTarget;
  seen.attempt = 1;
  seen.attempts = 1;
  seen.data = bytes.slice(0, mostDataBytes);
  return seen;
}

/** Enough for the first line of any greeting. */
export const mostHeardBytes = 256;
