/**
 * One record of a message (RFC 1035, 3.2.1).
 *
 * @module
 */

import packet from 'dns-packet';
import type { DnsRecord } from '../asker.ts';
import { readName } from './domain-name.ts';
import { presentData } from './present.ts';
import { typeName, typeNumbers } from './record-types.ts';

/** The sections of a message that hold records. */
export type SectionName = DnsRecord['section'];

/** A record as it came. What it says is read when it is wanted, so a copy made by spreading has nothing of it. */
export class WireRecord implements DnsRecord {
  readonly section: SectionName;
  readonly typeNumber: number;
  readonly #message: Uint8Array;
  readonly #nameAt: number;
  readonly #fixedAt: number;
  #name: string | undefined;
  #value: string | undefined;

  /** A record that stands in the message: its name at `nameAt`, the rest at `fixedAt`. `name` where it is known. */
  constructor(message: Uint8Array, nameAt: number, fixedAt: number, section: SectionName, name?: string) {
    this.section = section;
    this.typeNumber = (message[fixedAt]! << 8) | message[fixedAt + 1]!;
    this.#message = message;
    this.#nameAt = nameAt;
    this.#fixedAt = fixedAt;
    this.#name = name;
  }

  get name(): string {
    this.#name ??= readName(this.#message, this.#nameAt, true) ?? '';
    return this.#name;
  }

  get type(): string {
    return typeName(this.typeNumber);
  }

  get ttl(): number {
    const at = this.#fixedAt + 4;
    const message = this.#message;
    // RFC 2181, 8: with the highest bit set it counts as 0.
    if (message[at]! > 127) return 0;
    return (message[at]! << 24) | (message[at + 1]! << 16) | (message[at + 2]! << 8) | message[at + 3]!;
  }

  get value(): string {
    this.#value ??= presentData(this.typeNumber, this.#message, this.#fixedAt + 10, this.#length);
    return this.#value;
  }

  /** As dns-packet decodes it; undefined where it cannot. */
  get data(): unknown {
    const { buffer, byteOffset, length } = this.#message;
    try {
      const codec = codecOf(this.type);
      return codec.decode(Buffer.from(buffer, byteOffset, length), this.#fixedAt + 8);
    } catch {
      return undefined;
    }
  }

  /** The octets of the data; names in them may be compressed. */
  get octets(): Uint8Array {
    const at = this.#fixedAt + 10;
    return this.#message.subarray(at, at + this.#length);
  }

  get #length(): number {
    return (this.#message[this.#fixedAt + 8]! << 8) | this.#message[this.#fixedAt + 9]!;
  }
}

/** A record that holds nothing of the message that it came in, for whoever keeps it. */
export function keptRecord({ name, type, ttl, value, section }: DnsRecord): DnsRecord {
  return { name, type, ttl, value, section, data: undefined };
}

/**
 * Whether the record whose type is at `fixedAt` is data of anybody: neither one that is about the message (OPT, TSIG), nor of
 * another class.
 */
export function isData(message: Uint8Array, fixedAt: number): boolean {
  const type = (message[fixedAt]! << 8) | message[fixedAt + 1]!;
  const isInternet = message[fixedAt + 2] === 0 && message[fixedAt + 3] === 1;
  return isInternet && type !== typeNumbers.OPT && type !== typeNumbers.TSIG;
}

/** What dns-packet has for a type; its declarations leave this one out. */
function codecOf(type: string): { decode(bytes: Buffer, at: number): unknown } {
  return (
    packet as unknown as { record(type: string): { decode(bytes: Buffer, at: number): unknown } }
  ).record(type);
}
