/**
 * The first bytes of an answer to a TLS hello, as far as they are not encrypted (RFC 8446, 5.1).
 *
 * @module
 */

/** Whether bytes begin as a TLS record does, whatever its version. Too few to tell count as TLS. */
export function looksLikeTls(bytes: Uint8Array): boolean {
  const [type = handshake, major = 3] = bytes;
  return type >= changeCipherSpec && type <= heartbeat && major === 3;
}

/** The number of the first alert that stands in whole plain records; warnings that end nothing are passed over. */
export function alertIn(bytes: Uint8Array): number | undefined {
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const type = bytes[at] as number;
    const length = ((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number);
    // What follows is encrypted.
    if (type === changeCipherSpec || bytes[at + 1] !== 3) return undefined;
    if (type === alert && length === 2 && at + headerBytes + 2 <= bytes.length) {
      const [level, number] = bytes.subarray(at + headerBytes);
      if (level === fatal) return number;
    }
    at += headerBytes + length;
  }
  return undefined;
}

/** What a server showed before TLS failed. */
export interface Shown {
  /** Its certificates in DER, its own first. */
  readonly certificates: readonly Uint8Array[];
  /** It asked for one as well. */
  readonly wantsCertificate: boolean;
}

/** Up to TLS 1.2 a server's part of a handshake is not encrypted (RFC 5246, 7.4). */
export function shownIn(bytes: Uint8Array): Shown {
  const messages = handshakeIn(bytes);
  const certificates: Uint8Array[] = [];
  let wantsCertificate = false;
  for (let at = 0; at + 4 <= messages.length; ) {
    const end = at + 4 + u24(messages, at + 1);
    if (end > messages.length) break;
    if (messages[at] === certificateRequest) wantsCertificate = true;
    // A list behind its length, each behind its own.
    if (messages[at] === certificateMessage)
      for (let from = at + 7; from + 3 < end && certificates.length < mostCertificates; ) {
        const to = from + 3 + u24(messages, from);
        if (to > end) break;
        certificates.push(messages.slice(from + 3, to));
        from = to;
      }
    at = end;
  }
  return { certificates, wantsCertificate };
}

/** Messages may stand in several records, and several in one. */
function handshakeIn(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at + headerBytes <= bytes.length && bytes[at] === handshake; ) {
    const length = ((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number);
    parts.push(bytes.subarray(at + headerBytes, at + headerBytes + length));
    at += headerBytes + length;
  }
  return Buffer.concat(parts);
}

function u24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
}

const certificateMessage = 11;
const certificateRequest = 13;
const mostCertificates = 32;
const headerBytes = 5;
const changeCipherSpec = 20;
const alert = 21;
const handshake = 22;
const heartbeat = 24;
const fatal = 2;
