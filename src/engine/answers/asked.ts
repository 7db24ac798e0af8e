/**
 * Who was asked what, as those see it who read what comes back.
 *
 * @module
 */

import type { Observation, Trouble } from '../../model/observation.ts';
import type { ReplyTable } from '../../techniques/reply-table.ts';

/**
 * Who was asked what: all that a correlator has to know of what is sent. It looks at one host at a time, so that
 * no object is needed for a packet.
 */
export interface Asked {
  /** Turns to a host with this address, 4 or 16 bytes at `bytes[at…]`; false: it was asked nothing. */
  select(family: number, bytes: Uint8Array, at: number): boolean;
  /** Turns to another host with the same address: several phases may ask it. False: there is none. */
  selectNext(): boolean;
  /** The selected host's questions about this port of this transport. The list is used again. */
  about(transport: number, port: number): readonly number[];
  tableOf(question: number): ReplyTable;
  portOf(question: number): number;
  variantOf(question: number): number;
  /** How often the selected host was asked a question. */
  attempts(question: number): number;
  /** The number of the transmission before this one: sentinels are asked so often that numbers are used again. */
  attemptBefore(question: number, attempt: number): number;
  /** Computes the cookie of one of these transmissions again. */
  recall(question: number, attempt: number): void;
  /**
   * A transmission was answered: what was seen, but for how often it was asked and the round trip. Its `sender` is a
   * number in {@link SenderOf} or the target itself, its `options` one of the {@link OptionTable}.
   */
  answered(question: number, seen: Observation): void;
  /** A transmission did not get there, but another one may: it counts for nothing. */
  askAgain(question: number): void;
  /** None ever will. */
  giveUp(question: number, trouble: Trouble): void;
}
