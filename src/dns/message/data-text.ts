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
  return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`;
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

/** A time of a signature, in seconds since 1970, as YYYYMMDDHHmmSS in UTC (RFC 4034, 3.2). */
export function signatureTime(seconds: number): string {
  // Years that begin in March put the day that is not always there last.
  const days = Math.floor(seconds / 86_400) + daysBefore1970;
  const era = Math.floor(days / 146_097);
  const ofEra = days - era * 146_097;
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const march = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = march < 10 ? march + 3 : march - 9;
  const time = seconds % 86_400;
  const clock = [Math.floor(time / 3600), Math.floor(time / 60) % 60, time % 60];
  return [year + era * 400 + (month <= 2 ? 1 : 0), ...[month, day, ...clock].map(two)].join('');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** dig divides long fields every 56 characters. */
function inPieces(text: string): string {
  return text.length <= pieceLength
    ? text
    : (text.match(new RegExp(`.{1,${pieceLength}}`, 'g')) ?? []).join(' ');
}

const pieceLength = 56;
/** From the first of March of the year 0 on. */
const daysBefore1970 = 719_468;
const base32 = '0123456789ABCDEFGHIJKLMNOPQRSTUV';
