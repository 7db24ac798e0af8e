/**
 * The grammar of one target: an address, a CIDR block, octet ranges `10.0-1.1,3.-`, `a.b.c.d-e.f.g.h`, IPv6 with
 * `%zone`, prefix or range, a name with an optional prefix; each but a bare IPv6 address with `:port[,port…]`
 * behind it, IPv6 in brackets then.
 *
 * @module
 */

import { domainToASCII } from 'node:url';
import { badRequest } from '../base/errors.ts';
import { keyOf, type Range } from '../base/range-set.ts';
import type { Address } from '../model/address.ts';
import { parseAddress, parseDecimal, parseV4 } from '../model/parse-address.ts';
import { longDashIn } from './long-dash.ts';
import { parseOctets } from './octet-ranges.ts';
import { quoted } from './quoted.ts';

/** What a target's text says, before names are resolved. Ranges are keys of both families (see `keyOf`). */
export type TargetText =
  | {
      readonly kind: 'addresses';
      readonly ranges: readonly Range[];
      /** The interface of link-local addresses. */
      readonly zone?: string;
      readonly ports?: string;
    }
  | {
      readonly kind: 'name';
      /** In ASCII and lower case, without a dot at the end. */
      readonly name: string;
      readonly prefix?: number;
      readonly ports?: string;
    };

/** Reads one target; a PortolanError says what is wrong with it. `where` names its file and line. */
export function parseTarget(text: string, where = ''): TargetText {
  try {
    if (text === '') throw 'empty';
    if (text.length > longestTarget) throw `longer than ${longestTarget} characters`;
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) throw 'a URL; wanted its host alone';
    // As a name it would be handed to name servers.
    const dash = longDashIn(text);
    if (dash !== undefined) throw dash;
    const { body, ports } = splitPorts(text);
    const target = parseBody(body);
    return ports === undefined ? target : { ...target, ports };
  } catch (problem) {
    if (typeof problem !== 'string') throw problem;
    throw badRequest(`${where}target ${quoted(text)}: ${problem}`);
  }
}

/** The block of `2^(bits - prefix)` addresses around an address. */
export function blockAround({ family, value }: Address, prefix: number): Range {
  const rest = (1n << BigInt((family === 4 ? 32 : 128) - prefix)) - 1n;
  const last = value | rest;
  return { first: keyOf(family, last ^ rest), last: keyOf(family, last) };
}

function splitPorts(text: string): { readonly body: string; readonly ports?: string } {
  let body = text;
  let ports: string | undefined;
  if (text.startsWith('[')) {
    const match = /^\[([^[\]]*)\](?::(.*))?$/s.exec(text);
    const inside = match?.[1] ?? '';
    if (match === null || !inside.includes(':')) throw 'wanted [IPv6 address] or [IPv6 address]:port';
    body = inside;
    ports = match[2];
  } else if (text.indexOf(':') === text.lastIndexOf(':') && text.includes(':')) {
    body = text.slice(0, text.indexOf(':'));
    ports = text.slice(text.indexOf(':') + 1);
  }
  if (ports === undefined) return { body };
  if (!/^(?:[0-9]+(?:-[0-9]+)?)(?:,[0-9]+(?:-[0-9]+)?)*$/.test(ports)) {
    throw `wanted ports such as 80,8000-8010 after the colon, found ${quoted(ports)}`;
  }
  return { body, ports };
}

function parseBody(body: string): TargetText {
  if (body.includes(':')) return parseV6Body(body);
  if (/^[0-9.,*/-]+$/.test(body)) return { kind: 'addresses', ranges: parseV4Body(body) };
  return parseName(body);
}

function parseV4Body(body: string): readonly Range[] {
  // Files hold millions of plain addresses, so these go first.
  const single = parseV4(body);
  if (single !== undefined) return [{ first: BigInt(single), last: BigInt(single) }];
  const slash = body.indexOf('/');
  if (slash >= 0) {
    const value = parseV4(body.slice(0, slash));
    if (value === undefined) throw 'wanted four decimal octets before the slash, without leading zeros';
    const address: Address = { family: 4, value: BigInt(value) };
    return [blockAround(address, prefixOf(body.slice(slash + 1), 32))];
  }
  // Two whole addresses around a dash; `10.0.0.1-5` is an octet range instead.
  const [low, high, more] = body.split('-', 3);
  if (more === undefined && low?.split('.').length === 4 && high?.split('.').length === 4) {
    return [rangeBetween(parseAddress(low), parseAddress(high))];
  }
  return parseOctets(body);
}

function parseV6Body(body: string): TargetText {
  const slash = body.indexOf('/');
  if (slash >= 0) {
    const address = parseAddress(body.slice(0, slash));
    if (address?.family !== 6) throw 'wanted an IPv6 address before the slash';
    return fromV6(address, blockAround(address, prefixOf(body.slice(slash + 1), 128)));
  }
  const address = parseAddress(body);
  if (address !== undefined) return fromV6(address, blockAround(address, 128));
  // A dash may belong to a zone, so a range is what only reads as two addresses.
  const dash = body.indexOf('-');
  if (dash < 0) throw 'neither an IPv6 address nor host:port; an IPv6 address with a port needs brackets';
  const first = parseAddress(body.slice(0, dash));
  const last = parseAddress(body.slice(dash + 1));
  if (first?.zone !== undefined || last?.zone !== undefined) throw 'a range takes no %zone; wanted a block';
  return { kind: 'addresses', ranges: [rangeBetween(first, last)] };
}

/** An IPv4-mapped address (RFC 4291, 2.5.5.2) is its IPv4 host: else it would slip past that one's exclusion. */
function fromV6({ zone }: Address, range: Range): TargetText {
  const ranges = [range.first >= mappedFirst && range.last <= mappedLast ? unmapped(range) : range];
  return zone === undefined ? { kind: 'addresses', ranges } : { kind: 'addresses', ranges, zone };
}

function unmapped({ first, last }: Range): Range {
  return { first: first - mappedFirst, last: last - mappedFirst };
}

function rangeBetween(first: Address | undefined, last: Address | undefined): Range {
  if (first === undefined || last === undefined || first.family !== last.family) {
    throw 'wanted two addresses of one family around the dash';
  }
  if (first.value > last.value) throw 'the range runs backwards';
  return { first: keyOf(first.family, first.value), last: keyOf(last.family, last.value) };
}

function prefixOf(text: string, bits: number): number {
  const prefix = parseDecimal(text, bits);
  if (prefix === undefined) throw `wanted a prefix length from 0 to ${bits} after the slash`;
  return prefix;
}

function parseName(body: string): TargetText {
  const slash = body.indexOf('/');
  const written = slash < 0 ? body : body.slice(0, slash);
  const name = isAscii(written) ? written.toLowerCase() : domainToASCII(written);
  const bare = name.endsWith('.') ? name.slice(0, -1) : name;
  const labels = bare.split('.');
  const last = labels.at(-1) as string;
  // What ends in a number is an address to C's inet_aton, and resolvers hand it there (0x7f.1, 127.1).
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/.test(last)) throw 'wanted an address as four decimal octets';
  if (
    bare.length > 253 ||
    !labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
  ) {
    throw 'neither an address, a range of addresses nor a host name';
  }
  if (slash < 0) return { kind: 'name', name: bare };
  return { kind: 'name', name: bare, prefix: prefixOf(body.slice(slash + 1), 128) };
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

const longestTarget = 1024;
const mappedFirst = keyOf(6, 0xffff_0000_0000n);
const mappedLast = keyOf(6, 0xffff_ffff_ffffn);
