/**
 * What is asked of TLS and what became of it, as plain values.
 *
 * @module
 */

/** How to begin TLS. Nothing is verified: whoever answers is described, not trusted. */
export interface TlsWish {
  /** The name to ask for (SNI, RFC 6066, 3); absent: none is sent. */
  readonly serverName?: string;
  /** Protocols to offer, the best first (ALPN, RFC 7301). */
  readonly alpn?: readonly string[];
}

/** TLS came about. */
export interface TlsSession {
  readonly kind: 'session';
  /** `TLSv1`, `TLSv1.1`, `TLSv1.2`, `TLSv1.3`. */
  readonly version: string;
  /** The cipher suite's name in the standards: `TLS_AES_128_GCM_SHA256`. */
  readonly cipher: string;
  /** What the server chose of the offered protocols. */
  readonly alpn?: string;
  /** The certificates, the server's own first, each in DER. */
  readonly certificates: readonly Uint8Array[];
}

/** TLS did not come about. */
export interface TlsFailure {
  readonly kind: 'failure';
  /**
   * `alert`: the other side refused. `plain`: it does not speak TLS. `protocol`: what came is TLS, but none that we
   * speak, or broken. `end`, `reset`: it hung up. `timeout`: no answer in time. `dropped`: we gave it up ourselves.
   */
  readonly reason: 'alert' | 'plain' | 'protocol' | 'end' | 'reset' | 'timeout' | 'dropped';
  /** The alert's number (RFC 8446, 6). */
  readonly alert?: number;
  /** What it had shown of itself by then, where that is not encrypted: its certificates in DER. */
  readonly certificates?: readonly Uint8Array[];
  /** It had asked for a certificate of ours. */
  readonly wantsCertificate?: true;
  /** What came instead, from its first byte on, bounded; reads of the dialogue bring it again where it is plain text. */
  readonly heard: Uint8Array;
}
