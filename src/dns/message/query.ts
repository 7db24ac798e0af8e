/**
 * The message that asks (RFC 1035, 4.1; EDNS by RFC 6891).
 *
 * @module
 */

import { writeLowerName } from './domain-name.ts';

/** A question as it stands in a message. */
export interface Query {
  /** A name that can be written. */
  readonly name: string;
  readonly type: number;
  /** The server shall ask others (RD). */
  readonly isRecursive: boolean;
  /** Signatures are wanted (DO). */
  readonly wantsSignatures: boolean;
  /** Without, servers that do not know it can be asked. */
  readonly hasEdns: boolean;
}

/** The longest message that {@link writeQuery} writes. */
export const longestQuery = 12 + 255 + 4 + 11;

/**
 * Writes the message at `at` and returns where it ends. `caseBits` says which letters stand in upper case, see
 * {@link writeCased}.
 */
export function writeQuery(
  { name, type, isRecursive, wantsSignatures, hasEdns }: Query,
  id: number,
  caseBits: number,
  bytes: Uint8Array,
  at: number,
): number {
  bytes[at] = id >> 8;
  bytes[at + 1] = id & 255;
  bytes[at + 2] = isRecursive ? 1 : 0;
  // AD in a question asks to be told whether the answer was checked (RFC 6840, 5.7).
  bytes[at + 3] = isRecursive ? 0x20 : 0;
  bytes.fill(0, at + 4, at + 12);
  bytes[at + 5] = 1;
  bytes[at + 11] = hasEdns ? 1 : 0;
  let end = writeCased(name, caseBits, bytes, at + 12);
  end = write16(bytes, end, type);
  end = write16(bytes, end, internet);
  if (!hasEdns) return end;
  bytes[end] = 0;
  end = write16(bytes, end + 1, optType);
  end = write16(bytes, end, datagramBytes);
  bytes[end] = 0;
  bytes[end + 1] = 0;
  bytes[end + 2] = wantsSignatures ? 0x80 : 0;
  bytes.fill(0, end + 3, end + 6);
  return end + 6;
}

/**
 * Writes a name with some of its letters in upper case: letter by letter the bits of a word decide, from the lowest on and
 * over again. A server that answers repeats them; whoever did not see the question has to guess them.
 */
export function writeCased(name: string, caseBits: number, bytes: Uint8Array, at: number): number {
  const end = writeLowerName(name, bytes, at);
  let bit = 0;
  for (let i = at; i < end; i++) {
    const octet = bytes[i] as number;
    // No length of a label is as high as a letter is.
    if (octet < 0x61 || octet > 0x7a) continue;
    if ((caseBits >>> bit) & 1) bytes[i] = octet & 0xdf;
    bit = (bit + 1) & 31;
  }
  return end;
}

function write16(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value >> 8;
  bytes[at + 1] = value & 255;
  return at + 2;
}

/** Class IN. */
const internet = 1;
const optType = 41;
/** What passes nearly every path in one piece (DNS Flag Day 2020). */
export const datagramBytes = 1232;
