/**
 * Names as text and as they stand in a message (RFC 1035, 3.1 and 4.1.4).
 *
 * Text has no dot at its end, '' is the root. What is no printable character, or would mean something else, is escaped
 * as RFC 1035, 5.1 has it, with the backslashes that BIND writes.
 *
 * @module
 */

/** The longest a name may be on the wire, the root's octet included (RFC 1035, 2.3.4). */
export const longestName = 255;
const longestLabel = 63;
/** A name of 255 octets has no more labels, and needs no more pointers. */
const mostJumps = 127;

/**
 * Writes a name without compression, and returns where it ends; -1 where it is none (a label of no or too many octets,
 * too long as a whole, a broken escape). A dot at the end of the text changes nothing.
 */
export function writeName(text: string, bytes: Uint8Array, at: number): number {
  let labelAt = at;
  let end = at + 1;
  const last = text.length;
  if (last === 0 || text === '.') {
    bytes[at] = 0;
    return end;
  }
  for (let i = 0; i < last; i++) {
    let code = text.charCodeAt(i);
    if (code === dot) {
      const length = end - labelAt - 1;
      if (length === 0 || length > longestLabel) return -1;
      bytes[labelAt] = length;
      labelAt = end++;
      if (i === last - 1) {
        bytes[labelAt] = 0;
        return end - at > longestName ? -1 : end;
      }
      continue;
    }
    if (code === backslash) {
      const digits = /^\d{3}/.exec(text.slice(i + 1, i + 4))?.[0];
      code = digits === undefined ? text.charCodeAt(i + 1) : Number(digits);
      // A digit behind a backslash is the first of three (RFC 1035, 5.1).
      if (digits === undefined && code >= 0x30 && code <= 0x39) return -1;
      i += digits === undefined ? 1 : 3;
    }
    if (!(code <= 255) || end - at >= longestName) return -1;
    bytes[end++] = code;
  }
  const length = end - labelAt - 1;
  if (length === 0 || length > longestLabel) return -1;
  bytes[labelAt] = length;
  bytes[end++] = 0;
  return end - at > longestName ? -1 : end;
}

/** Writes a name in lower case, see {@link writeName}. */
export function writeLowerName(text: string, bytes: Uint8Array, at: number): number {
  const end = writeName(text, bytes, at);
  // No length of a label is as high as a letter is.
  for (let i = at; i < end; i++) bytes[i] = lowerCase(bytes[i] as number);
  return end;
}

/** Whether a text is a name. */
export function isName(text: string): boolean {
  return writeName(text, room, 0) >= 0;
}

/** The name on the wire, in lower case; undefined where the text is none. */
export function nameBytes(text: string): Uint8Array | undefined {
  const end = writeLowerName(text, room, 0);
  return end < 0 ? undefined : room.slice(0, end);
}

/** Where the name at `at` ends within the message; -1 where it is none. Pointers lead backwards alone, so that none loops. */
export function skipName(bytes: Uint8Array, at: number): number {
  let position = at;
  let end = -1;
  let bound = at;
  for (let length = 1, jumps = 0; ; ) {
    const octet = bytes[position];
    if (octet === undefined) return -1;
    if (octet === 0) return end < 0 ? position + 1 : end;
    if (octet < 0x40) {
      length += octet + 1;
      position += octet + 1;
      if (length > longestName || position >= bytes.length) return -1;
      continue;
    }
    const low = bytes[position + 1];
    if (octet < 0xc0 || low === undefined) return -1;
    if (end < 0) end = position + 2;
    position = ((octet & 0x3f) << 8) | low;
    if (position >= bound || ++jumps > mostJumps) return -1;
    bound = position;
  }
}

/**
 * The name at `at` as text; undefined where it is none. `isOwner`: in lower case, since the case of letters means nothing
 * (RFC 4343).
 */
export function readName(bytes: Uint8Array, at: number, isOwner = false): string | undefined {
  let written = 0;
  let isPlain = true;
  let position = at;
  let bound = at;
  for (let length = 1, jumps = 0; ; ) {
    const octet = bytes[position];
    if (octet === undefined) return undefined;
    if (octet === 0) return isPlain ? spelled.latin1Slice(0, Math.max(0, written - 1)) : escaped(written);
    if (octet < 0x40) {
      length += octet + 1;
      if (length > longestName || position + octet + 1 > bytes.length) return undefined;
      lengths[written] = octet;
      for (let i = position + 1; i <= position + octet; i++) {
        const code = bytes[i] as number;
        if (isEscaped[code] === 1) isPlain = false;
        spelled[written++] = isOwner ? lowerCase(code) : code;
      }
      spelled[written++] = dot;
      position += octet + 1;
      continue;
    }
    const low = bytes[position + 1];
    if (octet < 0xc0 || low === undefined) return undefined;
    position = ((octet & 0x3f) << 8) | low;
    if (position >= bound || ++jumps > mostJumps) return undefined;
    bound = position;
  }
}

/** What was spelled, with escapes. */
function escaped(end: number): string {
  let name = '';
  for (let at = 0; at < end; at += (lengths[at] as number) + 1) {
    if (at > 0) name += '.';
    for (let i = at; i < at + (lengths[at] as number); i++) name += octets[spelled[i] as number];
  }
  return name;
}

/** One call at a time uses it. */
const room = new Uint8Array(longestName + 2);
/** A name that is read, a dot behind each label; and the length of the label that begins at each place. */
const spelled = Buffer.alloc(longestName + 1) as Buffer & { latin1Slice(from: number, to: number): string };
const lengths = new Uint8Array(longestName + 1);

/** The octet of a letter in lower case; every other one as it is. */
export function lowerCase(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
}

const dot = 0x2e;
const backslash = 0x5c;

/** How each octet is written in a label. */
const octets: readonly string[] = Array.from({ length: 256 }, (_, octet) => {
  if (octet <= 0x20 || octet >= 0x7f) return `\\${String(octet).padStart(3, '0')}`;
  const letter = String.fromCharCode(octet);
  return '".;\\()@$'.includes(letter) ? `\\${letter}` : letter;
});
const isEscaped = Uint8Array.from(octets, (written) => (written.length === 1 ? 0 : 1));
