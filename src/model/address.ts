/**
 * An IP address as a value: comparable, countable, printable. Hot paths use raw integers instead.
 *
 * @module
 */

/** The two families of IP. */
export type Family = 4 | 6;

/** One IPv4 or IPv6 address. `zone` names the interface of a link-local address (RFC 4007). */
export interface Address {
  readonly family: Family;
  /** The address as an unsigned integer of 32 or 128 bits. */
  readonly value: bigint;
  readonly zone?: string;
}

/** Address text in canonical form: dotted quad, or RFC 5952 with `%zone`. */
export function formatAddress(address: Address): string {
  const text = address.family === 4 ? formatV4(Number(address.value)) : formatV6(address.value);
  return address.zone === undefined ? text : `${text}%${address.zone}`;
}

/** An unsigned 32-bit integer as a dotted quad. */
function formatV4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** The address in network byte order, 4 or 16 bytes. */
export function addressBytes(address: Address): Uint8Array {
  const bytes = new Uint8Array(address.family === 4 ? 4 : 16);
  let rest = address.value;
  for (let i = bytes.length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}

/** Whether an address means something on one link only: fe80::/10 (RFC 4291, 2.5.6). */
export function isLinkLocal({ family, value }: Address): boolean {
  return family === 6 && value >> 118n === 0xfe80n >> 6n;
}

/** Whether an address always is the machine itself: 127.0.0.0/8 (RFC 1122, 3.2.1.3), ::1 (RFC 4291, 2.5.3). */
export function isLoopback({ family, value }: Address): boolean {
  return family === 4 ? value >> 24n === 127n : value === 1n;
}

/** Reads 4 or 16 bytes in network byte order. */
export function addressFromBytes(bytes: Uint8Array, zone?: string): Address {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  const family: Family = bytes.length === 4 ? 4 : 6;
  return zone === undefined ? { family, value } : { family, value, zone };
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups shortened. */
function formatV6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn));
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':');
  if (best.length < 2) return hex(groups);
  if (best.start === 0 && best.length === 5 && groups[5] === 0xffff) {
    return `::ffff:${formatV4(Number(value & 0xffff_ffffn))}`;
  }
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}
