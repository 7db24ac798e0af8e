/**
 * What a scan tells of a service.
 *
 * @module
 */

import type { Protocol } from './verdict.ts';

/** What listens on a port. */
export interface ServiceFact {
  readonly type: 'service';
  readonly n: number;
  readonly host: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** The protocol that was proven; null: none. */
  readonly name: string | null;
  /** Where none was: the port's registered name. */
  readonly guess?: string;
  readonly product?: string;
  readonly version?: string;
  readonly info?: string;
  readonly os?: string;
  readonly device?: string;
  readonly hostname?: string;
  readonly cpe: readonly string[];
  /** It was spoken through TLS from the first byte on. */
  readonly tls: boolean;
  /** TLS is offered on the way; it was begun where there is a certificate. */
  readonly starttls?: true;
  /** 10: the service says so itself, 7: by its shape, 3: nothing was proven. */
  readonly confidence: number;
  /** What it was proven by: `greeting`, or the name of a request. */
  readonly via?: string;
  /** What the protocol says besides: title, algorithms, dialects. */
  readonly extra?: Readonly<Record<string, string | readonly string[]>>;
  readonly certificate?: CertificateFact;
  readonly alpn?: string;
  /** Where nothing was proven: what it said, what it was asked, and both in short. */
  readonly banner?: string;
  readonly asked?: readonly string[];
  readonly fingerprint?: string;
  /** Where evidence is kept: all that was said and heard, and the rule by which the product is named. */
  readonly talk?: readonly Exchange[];
  readonly rule?: string;
  /** The bound that ended it. */
  readonly stopped?: ServiceStop;
  /** What it cost: connections, and bytes both ways. */
  readonly connections?: number;
  readonly bytes?: number;
  readonly at: string;
}

/** The bounds that can end the talk with a service; `flagged`: its host says open everywhere. */
export const serviceStops = ['timeout', 'bytes', 'flagged'] as const;

/** One of {@link serviceStops}. */
export type ServiceStop = (typeof serviceStops)[number];

/** Some words, and what came of them. */
export interface Exchange {
  /** Which one, from 1; 0: the scan of ports had asked before. */
  readonly connection: number;
  /** The protocol in whose words it was said; `tls`: a hello of TLS; absent: somebody was listened to, or told more. */
  readonly word?: string;
  /** The first bytes of both sides, escaped; '': none. */
  readonly said: string;
  readonly heard: string;
  /** What became of the connection, where it did not stay as it was: `end`, `reset`, `timeout`, `alert 40`. */
  readonly end?: string;
}

/** What a certificate says of whoever shows it. */
export interface CertificateFact {
  readonly subject: string;
  readonly names: readonly string[];
  readonly issuer: string;
  readonly from: string;
  readonly to: string;
  /** Such as `RSA 2048`. */
  readonly key: string;
  /** SHA-256 of the certificate, in hexadecimal digits. */
  readonly fingerprint: string;
}
