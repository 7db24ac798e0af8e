/**
 * The moves of an inquiry and what may come of them: all that passes between whoever decides what to ask, without clock
 * and connection, and whoever carries it out.
 *
 * @module
 */

import type { ServiceStop } from '../../model/service-fact.ts';
import type { Secured } from './service.ts';

/** What is to be done next. Times are milliseconds. */
export type Move =
  /** Connects anew, or opens a socket for datagrams; what stood before is closed. */
  | { readonly does: 'open' }
  /** Hears what comes, until `isEnough` or nothing more comes, or one datagram; `waitMs` for the first of it. */
  | { readonly does: 'listen'; readonly waitMs: number; readonly isEnough?: Enough }
  /** The same after some words. */
  | {
      readonly does: 'say';
      /** Whose words they are, where that is not known already. */
      readonly word?: string;
      readonly bytes: Uint8Array;
      readonly waitMs: number;
      readonly isEnough?: Enough;
      /** How much is heard at most; absent: 4 KiB. */
      readonly mostBytes?: number;
    }
  /** Begins TLS on the connection that stands; `isNamed`: asks for the server's name. */
  | {
      readonly does: 'secure';
      readonly alpn: readonly string[];
      readonly isNamed: boolean;
      readonly waitMs: number;
    };

type Enough = (bytes: Uint8Array) => boolean;

/** Moves that are to be made, and what follows from what came of them. */
export type Steps<Result> = Generator<Move, Result, Outcome>;

/** What came of a move. */
export type Outcome =
  | { readonly was: 'opened'; readonly rttMs: number }
  /**
   * `afterMs`: how long it took until the end came, in milliseconds; `isCut`: it was still talking, for longer than anybody
   * is heard.
   */
  | {
      readonly was: 'heard';
      readonly bytes: Uint8Array;
      readonly end: HeardEnd;
      readonly afterMs?: number;
      readonly isCut?: boolean;
      /** Inside TLS it refused to go on, for this reason. */
      readonly alert?: number;
    }
  | ({ readonly was: 'secured' } & Secured)
  | {
      readonly was: 'not-secured';
      readonly reason: string;
      readonly alert?: number;
      /** What it had shown by then: its certificates, and that it wants one. */
      readonly certificates?: readonly Uint8Array[];
      readonly wantsCertificate?: true;
      readonly heard: Uint8Array;
    }
  /** The time is up, or there is no connection to be had: nothing more can be done. */
  | { readonly was: 'over'; readonly stopped?: ServiceStop };

/**
 * `quiet`: the connection stands, and nothing more came; `limit`: as many bytes came as are taken; `late`: the time was up
 * while they came.
 */
export type HeardEnd = 'quiet' | 'end' | 'reset' | 'limit' | 'late';

/** The same for datagrams: until the next words are said, and where an answer is expected or none follow. */
export const datagramWaits = { nextMs: 60, answerMs: 1000 } as const;

/** How long somebody is waited for who answers at once, in milliseconds besides the round trips. */
export const waits = {
  /** Some look up who calls before they greet. */
  greetingMs: 3000,
  /** Whoever is expected to wait may be something else that greets. */
  shortMs: 30,
  strangeMs: 300,
  /** For an answer to the words of a port's own protocol, to a request of the web, to one after those, to a guess. */
  expectedMs: 3000,
  webMs: 2800,
  webAgainMs: 1200,
  wordMs: 400,
  slowWordMs: 1200,
  /** Who closes later than this has waited before: Knot half a second, dnsdist two. */
  hangUpMs: 400,
  /** After a piece of some words, besides twice the time that it took to hang up before. */
  pieceMs: 60,
  mostPieceMs: 250,
  moreMs: 2000,
  tlsMs: 4000,
  strangeTlsMs: 800,
  furtherMs: 2000,
} as const;

/** How many datagrams one port may be told. */
export function mostWords(intensity: number): number {
  if (intensity >= 7) return intensity === 7 ? 12 : 20;
  return intensity + 1;
}
