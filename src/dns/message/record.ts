/**
 * One record of a message (RFC 1035, 3.2.1).
 *
 * @module
 */

import packet from 'dns-packet';
import type { DnsRecord } from '../asker.ts';
import { readName, skipName } from './domain-name.ts';
import { presentData } from './present.ts';
import { typeName, typeNumbers } from './record-types.ts';

/** The sections of a message that hold records. */
export type SectionName = DnsRecord['section'];

/** A record as it came. Its `data` is decoded when it is wanted, so a copy made by spreading has none. */
export class WireRecord implements DnsRecord {
  readonly name: string;
  readonly type: string;
  readonly typeNumber: number;
  readonly ttl: number;
  readonly value: string;
  readonly section: SectionName;
  readonly #message: Uint8Array;
  readonly #dataAt: number;

  constructor(name: string, section: SectionName, message: Uint8Array, fixedAt: number) {
    this.name = name;
    this.section = section;
    this.typeNumber = (message[fixedAt]! << 8) | message[fixedAt + 1]!;
    this.type = typeName(this.typeNumber);
    // RFC 2181, 8: with the highest bit set it counts as 0.
    const [high, ...low] = message.subarray(fixedAt + 4, fixedAt + 8);
    this.ttl = high! > 127 ? 0 : (high! << 24) | (low[0]! << 16) | (low[1]! << 8) | low[2]!;
    this.#message = message;
    this.#dataAt = fixedAt + 8;
    const length = (message[fixedAt + 8]! << 8) | message[fixedAt + 9]!;
    this.value = presentData(this.typeNumber, message, fixedAt + 10, length);
  }

  /** As dns-packet decodes it; undefined where it cannot. */
  get data(): unknown {
    const { buffer, byteOffset, length } = this.#message;
    try {
      const codec = codecOf(this.type);
      return codec.decode(Buffer.from(buffer, byteOffset, length), this.#dataAt);
    } catch {
      return undefined;
    }
  }

  /** The octets of the data; names in them may be compressed. */
  get octets(): Uint8Array {
    const at = this.#dataAt;
    const length = (this.#message[at]! << 8) | this.#message[at + 1]!;
    return this.#message.subarray(at + 2, at + 2 + length);
  }
}

/**
 * Reads the record at `at`, and says where it ends; undefined where there is none. Those that are about the message and no
 * data of anybody (OPT, TSIG), or of another class, are passed over.
 */
export function readRecord(
  message: Uint8Array,
  at: number,
  section: SectionName,
): { readonly record?: WireRecord; readonly end: number } | undefined {
  const fixedAt = skipName(message, at);
  if (fixedAt < 0 || fixedAt + 10 > message.length) return undefined;
  const end = fixedAt + 10 + ((message[fixedAt + 8]! << 8) | message[fixedAt + 9]!);
  if (end > message.length) return undefined;
  const type = (message[fixedAt]! << 8) | message[fixedAt + 1]!;
  const isInternet = message[fixedAt + 2] === 0 && message[fixedAt + 3] === 1;
  if (type === typeNumbers.OPT || type === typeNumbers.TSIG || !isInternet) return { end };
  const name = readName(message, at, true);
  return name === undefined ? undefined : { record: new WireRecord(name, section, message, fixedAt), end };
}

/** What dns-packet has for a type; its declarations leave this one out. */
function codecOf(type: string): { decode(bytes: Buffer, at: number): unknown } {
  return (
    packet as unknown as { record(type: string): { decode(bytes: Buffer, at: number): unknown } }
  ).record(type);
}
