/**
 * Bytes from the network as text: lines, words and what is shown of what nobody understood.
 *
 * @module
 */

/** The lines of a text, at most `most`; the last one only if it is ended, or `isOpen`. */
export function linesOf(bytes: Uint8Array, most = 128, isOpen = false): readonly string[] {
  const lines: string[] = [];
  let start = 0;
  for (let i = 0; i < bytes.length && lines.length < most; i++) {
    if (bytes[i] !== lineFeed) continue;
    const end = i > start && bytes[i - 1] === carriageReturn ? i - 1 : i;
    lines.push(textOf(bytes.subarray(start, end)));
    start = i + 1;
  }
  if (isOpen && start < bytes.length && lines.length < most) lines.push(textOf(bytes.subarray(start)));
  return lines;
}

/** Bytes as UTF-8, as much as a report bears. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes.length > mostTextBytes ? bytes.subarray(0, mostTextBytes) : bytes);
}

/** ASCII as bytes. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Whether the bytes begin with these characters. */
export function beginsWith(bytes: Uint8Array, text: string): boolean {
  if (bytes.length < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Whether some characters stand in the bytes. */
export function holds(bytes: Uint8Array, text: string): boolean {
  const first = text.charCodeAt(0);
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (beginsWith(bytes.subarray(at), text)) return true;
  return false;
}

/** Bytes in printable ASCII, so that they can be told again: `SSH-2.0-x\r\n`, `\xff\x00`. */
export function escaped(bytes: Uint8Array, most = Number.POSITIVE_INFINITY): string {
  const parts: string[] = [];
  for (const byte of bytes.length > most ? bytes.subarray(0, most) : bytes) {
    const known = shortEscapes.get(byte);
    if (known !== undefined) parts.push(known);
    else if (byte >= 0x20 && byte < 0x7f) parts.push(String.fromCharCode(byte));
    else parts.push(`\\x${byte.toString(16).padStart(2, '0')}`);
  }
  return parts.join('');
}

const lineFeed = 10;
const carriageReturn = 13;
const mostTextBytes = 512;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const shortEscapes: ReadonlyMap<number, string> = new Map([
  [9, '\\t'],
  [lineFeed, '\\n'],
  [carriageReturn, '\\r'],
  [0x5c, '\\\\'],
]);
