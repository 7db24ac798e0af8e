/**
 * What came back: first the header, which proves or says nothing; the rest only of what answers a question.
 *
 * @module
 */

import { lowerCase, nameBytes, readName, skipName } from './domain-name.ts';
import { isWithin } from './labels.ts';
import { isData, WireRecord } from './record.ts';
import { typeNumbers } from './record-types.ts';

/** How the question of an answer compares with the one that was asked. */
export type Echo =
  /** Octet by octet the same. */
  | 'exact'
  /** The same but for letters, all of which are in lower case, or all in upper case. */
  | 'folded'
  /** Another one, or the letters of the same one changed otherwise. */
  | 'different'
  /** It has none. */
  | 'none';

/** The id of a message that may be an answer; -1 where it is none. */
export function answerId(bytes: Uint8Array): number {
  // A response (QR), to a plain question (opcode 0).
  return bytes.length >= headerBytes && (bytes[2]! & 0xf8) === 0x80 ? (bytes[0]! << 8) | bytes[1]! : -1;
}

/** Compares the question. `asked` is the name as it was sent. */
export function echoOf(
  bytes: Uint8Array,
  asked: Uint8Array,
  askedAt: number,
  length: number,
  type: number,
): Echo {
  const questions = (bytes[4]! << 8) | bytes[5]!;
  if (questions === 0) return 'none';
  const end = headerBytes + length;
  if (questions !== 1 || bytes.length < end + 4) return 'different';
  if (((bytes[end]! << 8) | bytes[end + 1]!) !== type || bytes[end + 2] !== 0 || bytes[end + 3] !== 1)
    return 'different';
  let [isExact, isLower, isUpper] = [true, true, true];
  for (let i = 0; i < length; i++) {
    const [was, is] = [asked[askedAt + i]!, bytes[headerBytes + i]!];
    if (was !== is) {
      if (lowerCase(was) !== lowerCase(is)) return 'different';
      isExact = false;
    }
    if (is >= 0x41 && is <= 0x5a) isLower = false;
    else if (is >= 0x61 && is <= 0x7a) isUpper = false;
  }
  if (isExact) return 'exact';
  return isLower || isUpper ? 'folded' : 'different';
}

/** An answer that has been found to be whole: whatever is read from it now is there. */
export class Response {
  readonly bytes: Uint8Array;
  /** Where the records begin. */
  readonly #start: number;
  readonly code: number;
  readonly isAuthoritative: boolean;
  readonly isTruncated: boolean;
  readonly isRecursive: boolean;
  readonly isAuthentic: boolean;
  readonly answers: number;
  readonly authorities: number;
  readonly #additional: number;
  #question: string | undefined;
  #records: readonly WireRecord[] | undefined;

  private constructor(bytes: Uint8Array, start: number, extendedCode: number) {
    this.bytes = bytes;
    this.#start = start;
    this.code = (extendedCode << 4) | (bytes[3]! & 15);
    this.isAuthoritative = (bytes[2]! & 4) !== 0;
    this.isTruncated = (bytes[2]! & 2) !== 0;
    this.isRecursive = (bytes[3]! & 0x80) !== 0;
    this.isAuthentic = (bytes[3]! & 0x20) !== 0;
    this.answers = count(bytes, 6);
    this.authorities = count(bytes, 8);
    this.#additional = count(bytes, 10);
  }

  /**
   * Looks whether all records stand within the message; undefined where one does not. What was truncated may end anywhere. The
   * bytes are kept: whoever uses them again hands in a copy.
   */
  static read(bytes: Uint8Array): Response | undefined {
    if (bytes.length < headerBytes) return undefined;
    const questions = count(bytes, 4);
    let at = headerBytes;
    for (let i = 0; i < questions; i++) {
      at = skipName(bytes, at);
      if (at < 0 || at + 4 > bytes.length) return undefined;
      at += 4;
    }
    const start = at;
    let extendedCode = 0;
    const isTruncated = (bytes[2]! & 2) !== 0;
    const records = count(bytes, 6) + count(bytes, 8) + count(bytes, 10);
    for (let i = 0; i < records && !isTruncated; i++) {
      const name = skipName(bytes, at);
      if (name < 0 || name + 10 > bytes.length) return undefined;
      if (count(bytes, name) === typeNumbers.OPT) extendedCode = bytes[name + 4]!;
      at = name + 10 + count(bytes, name + 8);
      if (at > bytes.length) return undefined;
    }
    return new Response(bytes, start, extendedCode);
  }

  /** The name that was asked for. */
  get question(): string {
    this.#question ??= count(this.bytes, 4) === 0 ? '' : (readName(this.bytes, headerBytes, true) ?? '');
    return this.#question;
  }

  /**
   * The records of all sections, read when they are first wanted. In the answer only those that lead from the question on:
   * nobody asked for others. Of truncated messages none.
   */
  get records(): readonly WireRecord[] {
    if (this.#records !== undefined) return this.#records;
    let records = this.isTruncated ? [] : this.all();
    if (lowerMovedNames(records)) records = this.all();
    this.#records = onTheWay(this.question, records);
    return this.#records;
  }

  /** For how many seconds the answer holds; 0 where it says nothing of that (RFC 2308, 5). */
  get ttl(): number {
    const { bytes } = this;
    let least = Number.POSITIVE_INFINITY;
    let at = this.#start;
    const records = this.answers + this.authorities;
    for (let i = 0; i < records && !this.isTruncated; i++) {
      const fixed = skipName(bytes, at);
      if (fixed < 0) return 0;
      at = fixed + 10 + count(bytes, fixed + 8);
      const ttl = count(bytes, fixed + 4) * 0x1_0000 + count(bytes, fixed + 6);
      if (i < this.answers) least = Math.min(least, ttl);
      else if (this.answers === 0 && count(bytes, fixed) === typeNumbers.SOA)
        least = Math.min(least, ttl, count(bytes, at - 4) * 0x1_0000 + count(bytes, at - 2));
    }
    return least === Number.POSITIVE_INFINITY ? 0 : least;
  }

  /** Every record but those that belong to the message itself (OPT, TSIG). */
  all(): readonly WireRecord[] {
    const { bytes, answers } = this;
    const authoritiesEnd = answers + this.authorities;
    const end = authoritiesEnd + this.#additional;
    const hasQuestion = count(bytes, 4) === 1;
    const records: WireRecord[] = [];
    let at = this.#start;
    for (let i = 0; i < end; i++) {
      const fixedAt = skipName(bytes, at);
      if (fixedAt < 0 || fixedAt + 10 > bytes.length) break;
      const next = fixedAt + 10 + count(bytes, fixedAt + 8);
      if (next > bytes.length) break;
      if (isData(bytes, fixedAt)) {
        const section = i < answers ? 'answer' : i < authoritiesEnd ? 'authority' : 'additional';
        // Most names are a pointer to the question.
        const isAsked = hasQuestion && bytes[at] === 0xc0 && bytes[at + 1] === headerBytes;
        records.push(new WireRecord(bytes, at, fixedAt, section, isAsked ? this.question : undefined));
      }
      at = next;
    }
    return records;
  }
}

/** Keeps of the answer section what leads from a name on by way of aliases (RFC 1034, 3.6.2; RFC 6672). */
function onTheWay(question: string, records: readonly WireRecord[]): readonly WireRecord[] {
  const aliases = records.filter(
    ({ section, typeNumber }) =>
      section === 'answer' && (typeNumber === typeNumbers.CNAME || typeNumber === typeNumbers.DNAME),
  );
  const isAnswer = (record: WireRecord) => record.section !== 'answer' || record.name === question;
  if (aliases.length === 0) return records.every(isAnswer) ? records : records.filter(isAnswer);
  const names = new Set([question]);
  for (let before = 0; before < names.size && names.size < mostAliases; ) {
    before = names.size;
    for (const alias of aliases) {
      if (alias.typeNumber === typeNumbers.CNAME) {
        if (names.has(alias.name)) names.add(alias.value.slice(0, -1).toLowerCase());
      } else if ([...names].some((name) => name.endsWith(`.${alias.name}`))) names.add(alias.name);
    }
  }
  return records.filter(({ section, name }) => section !== 'answer' || names.has(name));
}

/**
 * Puts what a DNAME takes over from the name that was asked for into lower case (RFC 6672, 3.1): its letters are random, and
 * they would make another value at each asking. Whether there was any.
 */
function lowerMovedNames(records: readonly WireRecord[]): boolean {
  let isChanged = false;
  for (const { typeNumber, name: above, section } of records) {
    if (section !== 'answer' || typeNumber !== typeNumbers.DNAME) continue;
    const behind = nameBytes(above)?.length ?? 0;
    for (const alias of records) {
      if (alias.typeNumber !== typeNumbers.CNAME || alias.name === above || !isWithin(alias.name, above))
        continue;
      const { octets } = alias;
      const end = Math.min((nameBytes(alias.name)?.length ?? 0) - behind, octets.length);
      // Lengths of labels are less than any letter; what a pointer leads to is the question, or was not asked for.
      for (let at = 0, labelAt = 0; at < end && (octets[labelAt] as number) < 0x40; at++) {
        octets[at] = lowerCase(octets[at] as number);
        if (at === labelAt + (octets[labelAt] as number)) labelAt = at + 1;
      }
      isChanged = true;
    }
  }
  return isChanged;
}

/** The name of a code (RFC 6895, 2.3). */
export function codeName(code: number): string {
  return codeNames[code] ?? `RCODE${code}`;
}

function count(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

const codeNames: Readonly<Record<number, string>> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
  6: 'YXDOMAIN',
  7: 'YXRRSET',
  8: 'NXRRSET',
  9: 'NOTAUTH',
  10: 'NOTZONE',
  16: 'BADVERS',
  17: 'BADKEY',
  18: 'BADTIME',
  23: 'BADCOOKIE',
};

export const headerBytes = 12;

/** No chain of aliases that anybody means is as long. */
const mostAliases = 64;
