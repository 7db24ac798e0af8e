/**
 * Numbers in network order, for readers that work on a `Uint8Array` without a view, and runs of bytes.
 *
 * @module
 */

/** The unsigned 16-bit integer at `at`. The caller has checked the bounds. */
export function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** The unsigned 32-bit integer at `at`. The caller has checked the bounds. */
export function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** A copy of `length` bytes at `at`, for headers that outlive the buffer they came in. */
export function copyBytes(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length).slice();
}

/** Writes `bytes` at `at`. */
export function putBytes(view: DataView, at: number, bytes: Uint8Array): void {
  new Uint8Array(view.buffer, view.byteOffset + at, bytes.length).set(bytes);
}

/** A view of the same bytes, for codecs. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** One run of bytes and another behind it, as a copy. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
