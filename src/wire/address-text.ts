/**
 * Addresses in packet bytes as text.
 *
 * @module
 */

/** Four bytes as a dotted quad, sixteen as RFC 5952 text. */
export function ipText(bytes: Uint8Array): string {
  return bytes.length === 4 ? bytes.join('.') : ipv6Text(bytes);
}

/** A hardware address: `02:00:00:00:00:05`. */
export function macText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The bytes of a hardware address as {@link macText} writes it; undefined where it is none. */
export function macBytes(text: string): Uint8Array | undefined {
  if (!/^[\da-f]{2}(?::[\da-f]{2}){5}$/i.test(text)) return undefined;
  return Uint8Array.from(text.split(':'), (byte) => Number.parseInt(byte, 16));
}

/** RFC 5952, section 4: lower case, no leading zeros, the first longest run of zero groups shortened. */
function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16));
  let from = 0;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (groups[i + length] === '0') length++;
    if (length > longest) [from, longest] = [i, length];
  }
  if (longest === 1) return groups.join(':');
  // Section 5: an IPv4 address inside an IPv6 one stays readable.
  if (from === 0 && longest === 5 && groups[5] === 'ffff') return `::ffff:${bytes.slice(12).join('.')}`;
  return `${groups.slice(0, from).join(':')}::${groups.slice(from + longest).join(':')}`;
}
