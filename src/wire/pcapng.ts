/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian: a section header, then an interface
 * description for each interface, then a block for each packet.
 *
 * @module
 */

/** What captured bytes begin with (link types of the pcap registry). */
export const linkType = { ethernet: 1, raw: 101 } as const;

/** An interface of a capture. Time stamps of its packets count in `resolution`. */
export interface CaptureInterface {
  readonly name: string;
  readonly linkType: number;
  readonly snapLength: number;
  readonly resolution: 'us' | 'ns';
}

/** A captured packet. */
export interface CapturedPacket {
  /** The position of its interface in the section, from 0. */
  readonly interfaceId: number;
  /** Since 1970, in the interface's resolution. */
  readonly timestamp: bigint;
  readonly bytes: Uint8Array;
  /** The packet's length on the wire, if `bytes` was cut. */
  readonly originalLength?: number;
  readonly direction?: 'in' | 'out';
}

/** The block a file begins with. `application` names who wrote it. */
export function sectionHeader(application: string): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, 0x1a2b_3c4d, true);
  view.setUint16(4, 1, true);
  // The section's length is not known yet: all ones.
  view.setBigInt64(8, -1n, true);
  return block(0x0a0d_0d0a, body, [textOption(4, application)]);
}

/** Describes an interface; packets name it by its position. */
export function interfaceDescription(capture: CaptureInterface): Uint8Array {
  const body = new Uint8Array(8);
  const view = new DataView(body.buffer);
  view.setUint16(0, capture.linkType, true);
  view.setUint32(4, capture.snapLength, true);
  const resolution = Uint8Array.of(capture.resolution === 'ns' ? 9 : 6);
  return block(1, body, [textOption(2, capture.name), { code: 9, value: resolution }]);
}

/** A block with one packet. */
export function enhancedPacket(packet: CapturedPacket): Uint8Array {
  const length = packet.bytes.length;
  const body = new Uint8Array(20 + padded(length));
  const view = new DataView(body.buffer);
  view.setUint32(0, packet.interfaceId, true);
  view.setUint32(4, Number(BigInt.asUintN(32, packet.timestamp >> 32n)), true);
  view.setUint32(8, Number(BigInt.asUintN(32, packet.timestamp)), true);
  view.setUint32(12, length, true);
  view.setUint32(16, packet.originalLength ?? length, true);
  body.set(packet.bytes, 20);
  const flags = Uint8Array.of(packet.direction === 'in' ? 1 : 2, 0, 0, 0);
  return block(6, body, packet.direction === undefined ? [] : [{ code: 2, value: flags }]);
}

interface BlockOption {
  readonly code: number;
  readonly value: Uint8Array;
}

function textOption(code: number, text: string): BlockOption {
  // An option's length has 16 bits; no honest name comes near this.
  return { code, value: new TextEncoder().encode(text.slice(0, 1000)) };
}

/** Type, length, body, options, length again: so a reader can walk backwards too. */
function block(type: number, body: Uint8Array, options: readonly BlockOption[]): Uint8Array {
  const optionBytes = options.reduce((sum, { value }) => sum + 4 + padded(value.length), 0);
  const endOfOptions = options.length > 0 ? 4 : 0;
  const bytes = new Uint8Array(12 + body.length + optionBytes + endOfOptions);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  bytes.set(body, 8);
  let at = 8 + body.length;
  for (const { code, value } of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  view.setUint32(bytes.length - 4, bytes.length, true);
  return bytes;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
