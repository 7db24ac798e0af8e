/**
 * What came of words, and what it says of a server that did not answer.
 *
 * @module
 */

import type { Reaction } from './candidates.ts';
import { type HeardEnd, waits } from './moves.ts';

/** What came of words. */
export interface Heard {
  readonly bytes: Uint8Array;
  readonly end: HeardEnd | 'over';
  /** How long it took. */
  readonly afterMs?: number;
  /** It was still talking, for longer than anybody is heard. */
  readonly isCut?: boolean;
  /** How much had been said of words that are said in pieces; absent: all. */
  readonly toldBytes?: number;
}

/** What its silence says of a server. */
export function reactionOf({ end, afterMs = 0 }: Heard): Reaction {
  if (end === 'quiet') return 'waits';
  return afterMs > waits.hangUpMs ? 'late' : 'closes';
}

/** An alert or a handshake of TLS (RFC 8446, 5.1). */
export function isTlsRecord([type, major]: Uint8Array): boolean {
  return (type === 0x15 || type === 0x16) && major === 3;
}

/** No bytes. */
export const nothing = new Uint8Array(0);

/** Nothing was heard, and the connection stands. */
export const quietly: Heard = { bytes: nothing, end: 'quiet' };
