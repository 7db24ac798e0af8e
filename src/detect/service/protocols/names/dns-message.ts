/**
 * Messages in the format of DNS (RFC 1035, 4) as those name services speak it that ask and answer on one link. Bounded:
 * a name is followed through few pointers, and few records are read.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16 } from '../../byte-writer.ts';
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
  /** Of a pointer, where it leads to. */
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
    const target = type === recordTypes.ptr ? nameAt(bytes, at) : undefined;
    records.push({ name, type, data, ...(target !== undefined && { target }) });
  }
  return { flags, questions, records };
}

/** A question to whoever is there; each for a name and a type, of the class of the Internet, answered to the asker alone. */
export function dnsQuestions(id: number, ...questions: readonly (readonly [string, number])[]): Uint8Array {
  return bytesFrom(
    u16(id),
    [0, 0],
    u16(questions.length),
    [0, 0, 0, 0, 0, 0],
    ...questions.flatMap(([name, type]) => [
      ...name.split('.').flatMap((label) => [label.length, label]),
      0,
      u16(type),
      u16(0x8001),
    ]),
  );
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
export const recordTypes = { ptr: 12, txt: 16, nbstat: 0x21 } as const;

const mostQuestions = 8;
const mostRecords = 48;
const mostLabels = 12;
const mostLabelBytes = 63;
const mostJumps = 8;
