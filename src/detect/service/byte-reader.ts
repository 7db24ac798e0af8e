/**
 * Reads numbers and bytes one after the other and never beyond the end: what is not there reads as zero, and
 * `isShort` says so from then on.
 *
 * @module
 */

/** A place in some bytes that moves on as they are read. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at = 0;
  /** More was read than there is. */
  isShort = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  u8(): number {
    return this.#has(1) ? this.#view.getUint8(this.at++) : 0;
  }

  u16(): number {
    return this.#number(2, (at) => this.#view.getUint16(at));
  }

  u16le(): number {
    return this.#number(2, (at) => this.#view.getUint16(at, true));
  }

  u24le(): number {
    const low = this.u16le();
    return low | (this.u8() << 16);
  }

  u32(): number {
    return this.#number(4, (at) => this.#view.getUint32(at));
  }

  u32le(): number {
    return this.#number(4, (at) => this.#view.getUint32(at, true));
  }

  /** The next bytes, as many as there are of so many. */
  take(count: number): Uint8Array {
    if (!this.#has(count)) return nothing;
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  /** The bytes up to the next zero, which is passed over. */
  untilZero(): Uint8Array {
    const end = this.#bytes.indexOf(0, this.at);
    if (end < 0) {
      this.isShort = true;
      this.at = this.#bytes.length;
      return nothing;
    }
    const bytes = this.#bytes.subarray(this.at, end);
    this.at = end + 1;
    return bytes;
  }

  #number(count: number, read: (at: number) => number): number {
    if (!this.#has(count)) return 0;
    this.at += count;
    return read(this.at - count);
  }

  #has(count: number): boolean {
    if (count >= 0 && count <= this.left) return true;
    this.isShort = true;
    this.at = this.#bytes.length;
    return false;
  }
}

const nothing = new Uint8Array(0);
