/**
 * TLS over any dialogue's bytes, as a dialogue sees it. It opens no socket and knows no clock.
 *
 * @module
 */

import type { Read } from './dial.ts';
import type { TlsFailure, TlsSession, TlsWish } from './tls-session.ts';

/** The plain bytes that TLS stands on. */
export interface Carrier {
  take(most: number): Read | undefined;
  put(bytes: Uint8Array): boolean;
  /** Something was decided or decrypted: whoever waits looks again. */
  news(): void;
}

/** Begins TLS over a carrier. */
export type Secure = (carrier: Carrier, wish: TlsWish) => SecureStream;

/** TLS under way. */
export interface SecureStream {
  /** What became of the handshake; undefined until that is known. */
  readonly result: TlsSession | TlsFailure | undefined;
  /** Ends a handshake that is undecided. */
  giveUp(reason: 'timeout' | 'dropped'): TlsFailure;
  /** The carrier may have something. */
  look(): void;
  take(most: number): Read | undefined;
  put(bytes: Uint8Array): boolean;
  /** Forgets everything; the carrier stays as it is. */
  close(): void;
}
