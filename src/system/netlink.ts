/**
 * Netlink messages (RFC 3549) as bytes: written for requests, read from answers. No socket here.
 *
 * Reading never throws and never looks past the end: a length that does not fit ends the reading.
 *
 * @module
 */

import { littleEndian } from '../base/byte-order.ts';

/** One message; `body` is the family's fixed header and the attributes behind it. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly body: Uint8Array;
}

/** An attribute to be written. */
export type NetlinkAttribute = readonly [type: number, value: Uint8Array];

/** The whole messages at the start of a datagram, in order. */
export function* readMessages(bytes: Uint8Array): Generator<NetlinkMessage> {
  const view = viewOn(bytes);
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const length = view.getUint32(at, littleEndian);
    if (length < headerBytes || length > bytes.length - at) return;
    yield {
      type: view.getUint16(at + 4, littleEndian),
      flags: view.getUint16(at + 6, littleEndian),
      sequence: view.getUint32(at + 8, littleEndian),
      body: bytes.subarray(at + headerBytes, at + length),
    };
    at += align(length);
  }
}

/** The attributes behind a fixed header of `skip` bytes; of repeated ones the last. */
export function readAttributes(body: Uint8Array, skip: number): ReadonlyMap<number, Uint8Array> {
  const attributes = new Map<number, Uint8Array>();
  const view = viewOn(body);
  for (let at = align(skip); at + attributeHeaderBytes <= body.length; ) {
    const length = view.getUint16(at, littleEndian);
    if (length < attributeHeaderBytes || length > body.length - at) break;
    const type = view.getUint16(at + 2, littleEndian) & attributeTypeMask;
    attributes.set(type, body.subarray(at + attributeHeaderBytes, at + length));
    at += align(length);
  }
  return attributes;
}

/** One request, ready to be sent. */
export function writeMessage(
  type: number,
  flags: number,
  sequence: number,
  header: Uint8Array,
  attributes: readonly NetlinkAttribute[],
): Uint8Array {
  let length = headerBytes + align(header.length);
  for (const [, value] of attributes) length += align(attributeHeaderBytes + value.length);
  const bytes = new Uint8Array(length);
  const view = viewOn(bytes);
  view.setUint32(0, length, littleEndian);
  view.setUint16(4, type, littleEndian);
  view.setUint16(6, flags, littleEndian);
  view.setUint32(8, sequence, littleEndian);
  bytes.set(header, headerBytes);
  let at = headerBytes + align(header.length);
  for (const [attribute, value] of attributes) {
    view.setUint16(at, attributeHeaderBytes + value.length, littleEndian);
    view.setUint16(at + 2, attribute, littleEndian);
    bytes.set(value, at + attributeHeaderBytes);
    at += align(attributeHeaderBytes + value.length);
  }
  return bytes;
}

/** A 32-bit number of the machine's byte order, or undefined where the bytes are too few. */
export function readU32(bytes: Uint8Array | undefined, at = 0): number | undefined {
  if (bytes === undefined || bytes.length < at + 4) return undefined;
  return viewOn(bytes).getUint32(at, littleEndian);
}

/** A 16-bit number of the machine's byte order, or undefined where the bytes are too few. */
export function readU16(bytes: Uint8Array | undefined, at = 0): number | undefined {
  if (bytes === undefined || bytes.length < at + 2) return undefined;
  return viewOn(bytes).getUint16(at, littleEndian);
}

/** A 32-bit number in the machine's byte order. */
export function u32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function viewOn(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Messages and attributes start at multiples of four. */
function align(length: number): number {
  return (length + 3) & ~3;
}

const headerBytes = 16;
const attributeHeaderBytes = 4;
/** The two high bits say "nested" and "network order". */
const attributeTypeMask = 0x3fff;
