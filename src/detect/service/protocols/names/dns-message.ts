/**
 * Messages in the format of DNS (RFC 1035, 4) as those name services speak it that ask and answer on one link. Bounded:
 * a name is followed through few pointers, and few records are read.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, type Part, u16 } from '../../byte-writer.ts';
import { textOf } from '../../text.ts';

/** What was answered. */
export interface DnsMessage {
  /** The second word of the header: whether it is a response, its kind, its result. */
  readonly flags: number;
  readonly questions: number;
  readonly records: readonly DnsRecord[];
}

/** One record of any section. */
export interface DnsRecord {
  /** Labels with dots between, without the last; labels that hold a dot or more are told apart by nobody here. */
  readonly name: string;
  readonly type: number;
  readonly data: Uint8Array;
  /** Of a pointer or a service, where it leads to. */
  readonly target?: string;
}

/** The message in some bytes: its header, and the records that are whole; undefined where not even the questions are. */
export function readDnsMessage(bytes: Uint8Array): DnsMessage | undefined {
  const reader = new ByteReader(bytes);
  reader.take(2);
  const [flags, questions] = [reader.u16(), reader.u16()];
  const count = reader.u16() + reader.u16() + reader.u16();
  if (reader.isShort || questions > mostQuestions) return undefined;
  for (let i = 0; i < questions; i++) {
    if (readName(bytes, reader) === undefined) return undefined;
    reader.u32();
  }
  if (reader.isShort) return undefined;
  const records: DnsRecord[] = [];
  while (records.length < Math.min(count, mostRecords)) {
    const name = readName(bytes, reader);
    const type = reader.u16();
    reader.take(6);
    const length = reader.u16();
    const at = reader.at;
    const data = reader.take(length);
    if (name === undefined || reader.isShort) break;
    const target = targetAt(bytes, type, at, length);
    records.push({ name, type, data, ...(target !== undefined && { target }) });
  }
  return { flags, questions, records };
}

/** A name as text, or in its labels, where one may hold a dot; and a type. */
export type DnsQuestion = readonly [name: string | readonly string[], type: number];

/** A question to whoever is there; each for a name and a type, of the class of the Internet, answered to the asker alone. */
export function dnsQuestions(id: number, ...questions: readonly DnsQuestion[]): Uint8Array {
  return bytesFrom(
    u16(id),
    [0, 0],
    u16(questions.length),
    [0, 0, 0, 0, 0, 0],
    ...questions.flatMap(([name, type]) => [
      ...(typeof name === 'string' ? name.split('.') : name).flatMap(labelParts),
      0,
      u16(type),
      u16(0x8001),
    ]),
  );
}

/** The strings of a text record (RFC 1035, 3.3.14). */
export function textStrings(data: Uint8Array): readonly string[] {
  const reader = new ByteReader(data);
  const strings: string[] = [];
  while (reader.left > 0 && strings.length < mostStrings) {
    const string = reader.take(reader.u8());
    if (reader.isShort) break;
    strings.push(textOf(string));
  }
  return strings;
}

/** Where a pointer leads to, or a service behind its priority, weight and port (RFC 2782). */
function targetAt(bytes: Uint8Array, type: number, at: number, length: number): string | undefined {
  if (type === recordTypes.ptr) return nameAt(bytes, at);
  return type === recordTypes.srv && length > serviceHeadBytes
    ? nameAt(bytes, at + serviceHeadBytes)
    : undefined;
}

function labelParts(label: string): readonly Part[] {
  const bytes = Buffer.from(label).subarray(0, mostLabelBytes);
  return [bytes.length, bytes];
}

/** A name where the reader stands, who goes on behind it. */
function readName(bytes: Uint8Array, reader: ByteReader): string | undefined {
  const at = reader.at;
  for (let labels = 0; labels < mostLabels; labels++) {
    const length = reader.u8();
    if (reader.isShort) return undefined;
    if (length === 0) return nameAt(bytes, at);
    if (length >= 0xc0) {
      reader.u8();
      return reader.isShort ? undefined : nameAt(bytes, at);
    }
    if (length > mostLabelBytes) return undefined;
    reader.take(length);
  }
  return undefined;
}

/** A name at a place, through pointers. */
function nameAt(bytes: Uint8Array, start: number): string | undefined {
  const labels: string[] = [];
  let at = start;
  for (let jumps = 0; labels.length < mostLabels; ) {
    const length = bytes[at];
    if (length === undefined) return undefined;
    if (length === 0) return labels.join('.');
    if (length >= 0xc0) {
      if (++jumps > mostJumps) return undefined;
      at = ((length & 0x3f) << 8) | (bytes[at + 1] ?? 0);
      continue;
    }
    if (length > mostLabelBytes || at + 1 + length > bytes.length) return undefined;
    labels.push(textOf(bytes.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return undefined;
}

/** The types that are asked for or read here. */
export const recordTypes = { a: 1, ptr: 12, txt: 16, aaaa: 28, srv: 33, nbstat: 0x21 } as const;

const mostQuestions = 8;
const mostRecords = 48;
/** Of the reverse name of an IPv6 address 34 (RFC 3596, 2.5). */
const mostLabels = 40;
const mostLabelBytes = 63;
const mostJumps = 8;
const mostStrings = 64;
const serviceHeadBytes = 6;
