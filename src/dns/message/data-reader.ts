/**
 * Reads the data of one record, never past its end.
 *
 * @module
 */

import { readName, skipName } from './domain-name.ts';

/** What a reader throws where the data ends too early or a name is none; whoever began it catches it. */
export class BrokenData extends Error {}

/** Walks over the data of a record. */
export class DataReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  /** `bytes` is the whole message, since names may point back into it. */
  constructor(bytes: Uint8Array, at: number, length: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = at + length;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    this.#need(1);
    return this.#bytes[this.#at++] as number;
  }

  u16(): number {
    return (this.u8() << 8) | this.u8();
  }

  u32(): number {
    return this.u16() * 0x1_0000 + this.u16();
  }

  /** A name with its dot at the end, as data has them. */
  name(): string {
    const end = skipName(this.#bytes, this.#at);
    if (end < 0 || end > this.#end) throw new BrokenData();
    const text = readName(this.#bytes, this.#at);
    if (text === undefined) throw new BrokenData();
    this.#at = end;
    return `${text}.`;
  }

  take(length: number): Uint8Array {
    this.#need(length);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  /** A string with its length before it (RFC 1035, 3.3). */
  string(): Uint8Array {
    return this.take(this.u8());
  }

  #need(length: number): void {
    if (this.left < length) throw new BrokenData();
  }
}
