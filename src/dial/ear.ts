/**
 * The contract of ears: connections that are opened to hear what the other side does with them. Like dialers
 * they know no clock: how long to listen is the caller's business.
 *
 * @module
 */

/** What was heard on one connection. */
export interface Heard {
  /**
   * `refused`: no connection came about, whoever said so. `open`: it stands. `closed`, `reset`: it stood, and
   * the other side ended it so. `unheard`: no answer yet, or trouble on this side: nothing is known.
   */
  readonly state: 'unheard' | 'refused' | 'open' | 'closed' | 'reset';
  /** The first bytes that came, at most {@link mostHeardBytes}. */
  readonly bytes: Uint8Array;
  /** How much the other side takes, or took in the end, in bytes; absent where the system does not tell. */
  readonly window?: number;
  /** Whether it still acknowledged something well after the handshake; absent where the system does not tell. */
  readonly acknowledges?: boolean;
}

/** Opens connections and listens. Tokens are small integers that the caller owns. */
export interface Ear {
  /**
   * Begins a connection and says `words` on it once it stands; none: only listens. 0, or the errno of trouble
   * on this side, and then nothing was begun.
   */
  start(
    token: number,
    family: 4 | 6,
    address: Uint8Array,
    scopeId: number,
    port: number,
    words: Uint8Array,
  ): number;
  /** Looks for news without waiting; `sink` is told of connections on which nothing more is worth waiting for. */
  poll(sink: (token: number) => void): void;
  /** Ends a connection by a reset and tells what was heard. */
  end(token: number): Heard;
  /** Ends all connections. */
  close(): void;
}

/** Enough for the first line of any greeting. */
export const mostHeardBytes = 256;
