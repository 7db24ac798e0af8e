/**
 * Address text read strictly: four decimal octets without leading zeros, or RFC 4291 section 2.2 with an
 * optional `%zone` (RFC 4007). What C's `inet_aton` also takes (`0x7f.1`, `010.0.0.1`, `127.1`) is no address
 * here, because two programs that read it differently scan two different hosts.
 *
 * @module
 */

import type { Address } from './address.ts';

/** The address a text stands for, or undefined. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > longestText) return undefined;
  if (!text.includes(':')) {
    const value = parseV4(text);
    return value === undefined ? undefined : { family: 4, value: BigInt(value) };
  }
  const percent = text.indexOf('%');
  const value = parseV6(percent < 0 ? text : text.slice(0, percent));
  if (value === undefined) return undefined;
  if (percent < 0) return { family: 6, value };
  const zone = text.slice(percent + 1);
  return isInterfaceName(zone) ? { family: 6, value, zone } : undefined;
}

/** A dotted quad as an unsigned 32-bit integer, or undefined. */
export function parseV4(text: string): number | undefined {
  let value = 0;
  let octet = -1;
  let dots = 0;
  // Lists hold millions of these: digit by digit, without a piece of text on the way.
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - zero;
    if (digit >= 0 && digit <= 9) {
      // A leading zero means eight in C, so it means nothing here.
      if (octet === 0) return undefined;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return undefined;
    } else if (digit === dot && octet >= 0 && dots < 3) {
      value = value * 256 + octet;
      octet = -1;
      dots++;
    } else return undefined;
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : undefined;
}

/** Plain decimal digits without leading zeros, at most `max`, or undefined. */
export function parseDecimal(text: string, max: number): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

/** Whether a text may be an interface's name; Linux takes up to 15 bytes, other systems more. */
export function isInterfaceName(text: string): boolean {
  return /^[\p{L}\p{N}_.:@~+{}-]{1,64}$/u.test(text) && text !== '.' && text !== '..';
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::', 3);
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : parseGroups(half)));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? join(head) : undefined;
  // "::" stands for at least one group (RFC 4291, 2.2); an embedded quad may only end the text.
  if (tail === undefined || head.length + tail.length > 7 || halves[0]?.includes('.')) return undefined;
  return join([...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]);
}

function parseGroups(text: string): number[] | undefined {
  const parts = text.split(':', 9);
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (part.includes('.') && i === parts.length - 1) {
      const quad = parseV4(part);
      if (quad === undefined) return undefined;
      groups.push(Math.floor(quad / 65536), quad % 65536);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups.length > 8 ? undefined : groups;
}

function join(groups: readonly number[]): bigint {
  let value = 0n;
  for (const group of groups) value = (value << 16n) | BigInt(group);
  return value;
}

/** Eight groups, an embedded quad and a zone fit well within. */
const longestText = 128;

const zero = 48;
/** A full stop, as a digit. */
const dot = -2;
