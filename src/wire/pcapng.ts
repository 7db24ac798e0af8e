/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian: a section header, then an interface
 * description for each interface, then a block for each packet.
 *
 * @module
 */

/** The block a file begins with. `application` names who wrote it. */
export function sectionHeader(application: string): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, 0x1a2b_3c4d, true);
  view.setUint16(4, 1, true);
  // The section's length is not known yet: all ones.
  view.setBigInt64(8, -1n, true);
  return block(blockType.section, body, [textOption(4, application)]);
}

/**
 * Describes an interface, whose packets name it by its position. Times count in microseconds, and packets begin with an
 * Ethernet header whatever the interface is: tcpdump reads no file with two types of links.
 */
export function interfaceDescription(name: string): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, ethernetLink, true);
  return block(blockType.interface, body, [textOption(2, name), { code: 9, value: Uint8Array.of(6) }]);
}

/** How long the block of a packet of `length` bytes is. */
export function packetBlockBytes(length: number): number {
  return packetAt + padded(length) + afterPacket;
}

/**
 * Writes the block of a packet, `header` and behind it `bytes[start, end)`, at `at`, for which there must be room, and
 * returns its end. `atUs` counts from 1970; `wireLength` is the packet's length if it was cut, without `header`. No
 * object is made: evidence has millions.
 */
export function putPacket(
  target: Uint8Array,
  view: DataView,
  at: number,
  interfaceId: number,
  direction: 'in' | 'out',
  atUs: number,
  header: Uint8Array,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireLength: number,
): number {
  const length = header.length + end - start;
  const total = packetBlockBytes(length);
  view.setUint32(at, blockType.packet, true);
  view.setUint32(at + 4, total, true);
  view.setUint32(at + interfaceAt, interfaceId, true);
  view.setUint32(at + 12, Math.floor(atUs / 2 ** 32), true);
  view.setUint32(at + 16, atUs % 2 ** 32, true);
  view.setUint32(at + 20, length, true);
  view.setUint32(at + 24, header.length + wireLength, true);
  target.set(header, at + packetAt);
  target.set(bytes.subarray(start, end), at + packetAt + header.length);
  const options = at + packetAt + padded(length);
  target.fill(0, at + packetAt + length, options);
  // The option "flags": 1 came in, 2 went out; then the end of options.
  view.setUint32(options, 0x0004_0002, true);
  view.setUint32(options + 4, direction === 'in' ? 1 : 2, true);
  view.setUint32(options + 8, 0, true);
  view.setUint32(options + 12, total, true);
  return at + total;
}

/** Kinds of blocks. */
export const blockType = { section: 0x0a0d_0d0a, interface: 1, packet: 6 } as const;

/** Where the block of a packet names its interface. */
export const interfaceAt = 8;

interface BlockOption {
  readonly code: number;
  readonly value: Uint8Array;
}

function textOption(code: number, text: string): BlockOption {
  // An option's length has 16 bits; no honest name comes near this.
  return { code, value: new TextEncoder().encode(text.slice(0, 1000)) };
}

/** Type, length, body, options, length again: so a reader can walk backwards too. */
function block(type: number, body: Uint8Array, options: readonly BlockOption[]): Uint8Array<ArrayBuffer> {
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

/** LINKTYPE_ETHERNET of the pcap registry. */
const ethernetLink = 1;
/** Before a packet's bytes: type, length, interface, time, two lengths. Behind them: flags, end of options, length. */
const packetAt = 28;
const afterPacket = 16;
