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

const headerBytes = 5;
const changeCipherSpec = 20;
const alert = 21;
const handshake = 22;
const heartbeat = 24;
const fatal = 2;
