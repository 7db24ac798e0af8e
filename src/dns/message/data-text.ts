/**
 * How octets are written in presentation form: as dig writes them, so that what it and we say can be compared.
 *
 * @module
 */

/** A quoted string (RFC 1035, 5.1). */
export function quotedText(bytes: Uint8Array): string {
  let text = '"';
  for (const octet of bytes) {
    if (octet === 0x22 || octet === 0x5c) text += `\\${String.fromCharCode(octet)}`;
    else if (octet >= 0x20 && octet < 0x7f) text += String.fromCharCode(octet);
    else text += `\\${String(octet).padStart(3, '0')}`;
  }
  return `${text}"`;
}

/** Hexadecimal in pieces. */
export function hexText(bytes: Uint8Array): string {
  return inPieces(plainHex(bytes));
}

/** Hexadecimal in one piece. */
export function plainHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex').toUpperCase();
}

/** Base64 in pieces. */
export function base64Text(bytes: Uint8Array): string {
  return inPieces(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'));
}

/** Base32 with the extended hexadecimal alphabet, without padding (RFC 4648, 7; RFC 5155, 3.3). */
export function base32Text(bytes: Uint8Array): string {
  let text = '';
  let [bits, held] = [0, 0];
  for (const octet of bytes) {
    held = ((held << 8) | octet) & 0xffff;
    for (bits += 8; bits >= 5; bits -= 5) text += base32[(held >> (bits - 5)) & 31];
  }
  return bits === 0 ? text : text + base32[(held << (5 - bits)) & 31];
}

/** Data of a type that has no form of its own (RFC 3597, 5). */
export function unknownText(bytes: Uint8Array): string {
  return bytes.length === 0 ? '\\# 0' : `\\# ${bytes.length} ${hexText(bytes)}`;
}

/** An IPv4 address. */
export function ipv4Text(bytes: Uint8Array): string {
  return bytes.join('.');
}

/** An IPv6 address as RFC 5952 has it, which is how inet_ntop(3) writes it. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!);
  let [start, length] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
    if (end > i) i = end;
  }
  const isEmbedded = start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff));
  const words = groups.map((group) => group.toString(16));
  if (isEmbedded) words.splice(6, 2, ipv4Text(bytes.subarray(12, 16)));
  if (start < 0) return words.join(':');
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`;
}

/** A time of a signature, in seconds since 1970, as YYYYMMDDHHmmSS (RFC 4034, 3.2). */
export function signatureTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replaceAll(/[-:T]|\.\d+Z/g, '');
}

/** dig divides long fields every 56 characters. */
function inPieces(text: string): string {
  return text.length <= pieceLength
    ? text
    : (text.match(new RegExp(`.{1,${pieceLength}}`, 'g')) ?? []).join(' ');
}

const pieceLength = 56;
const base32 = '0123456789ABCDEFGHIJKLMNOPQRSTUV';
