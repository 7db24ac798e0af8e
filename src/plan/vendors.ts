/**
 * Who made a network card, by the prefix of its MAC address (IEEE's MA-L, MA-M and MA-S registries).
 *
 * The table is half a megabyte: import this module lazily, where a MAC address is about to be shown.
 *
 * @module
 */

import { brotliDecompressSync } from 'node:zlib';
import { ouis } from './tables/ouis.ts';

/** The organisation a MAC address belongs to, or undefined: not registered, private, or made up locally. */
export function vendorOf(mac: Uint8Array): string | undefined {
  if (mac.length !== 6 || isLocal(mac)) return undefined;
  let value = 0;
  for (const byte of mac) value = value * 256 + byte;
  // Reading the whole table takes 30 ms, which a scan of one neighbour would notice: the first few look
  // through its text.
  if (table === undefined && ++lookups <= mostScans) return scanFor(value);
  table ??= parse(tableText());
  // The longest prefix wins: small blocks are cut out of larger ones.
  for (const { digits, vendors } of table.blocks) {
    const index = vendors.get(Math.floor(value / 16 ** (12 - digits)));
    if (index !== undefined) return table.names[index];
  }
  return undefined;
}

/** The first bytes of a vendor's addresses: of the first vendor in the alphabet whose name begins so. */
export function prefixOf(vendor: string): Uint8Array | undefined {
  table ??= parse(tableText());
  const wanted = vendor.toLowerCase();
  const { names, blocks } = table;
  const fitting = names.flatMap((name, index) => (name.toLowerCase().startsWith(wanted) ? [index] : []));
  const rank = (index: number) => (names[index] as string).toLowerCase();
  fitting.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  // Large blocks have six digits: with fewer bytes given, more of the address can be random.
  const large = blocks.find(({ digits }) => digits === 6);
  for (const index of wanted === '' ? [] : fitting) {
    for (const [prefix, owner] of large?.vendors ?? [])
      if (owner === index) return Uint8Array.of(prefix >> 16, prefix >> 8, prefix);
  }
  return undefined;
}

/**
 * Whether an address was made up (IEEE 802, 8.2.2): machines without a card of their own and telephones do that.
 * Eighteen old registrations have that bit too; a made-up address is by far the likelier find.
 */
function isLocal(mac: Uint8Array): boolean {
  return (mac[0]! & 2) !== 0;
}

interface VendorTable {
  readonly names: readonly string[];
  /** Longest prefix first. */
  readonly blocks: readonly { readonly digits: number; readonly vendors: ReadonlyMap<number, number> }[];
}

let table: VendorTable | undefined;
let text: string | undefined;
let lookups = 0;

function tableText(): string {
  text ??= brotliDecompressSync(Buffer.from(ouis, 'base64')).toString();
  return text;
}

/** The vendor of a MAC address, 48 bits as a number, without reading more of the table than needed. */
function scanFor(value: number): string | undefined {
  const lines = tableText().split('\n');
  for (const [fromEnd, digits] of [
    [1, 9],
    [2, 7],
    [3, 6],
  ] as const) {
    const index = scanBlocks(lines.at(-fromEnd) as string, Math.floor(value / 16 ** (12 - digits)));
    if (index !== undefined) return lines[index];
  }
  return undefined;
}

/** The number beside `wanted` in a line of ascending prefixes, each written as its distance to the last. */
function scanBlocks(line: string, wanted: number): number | undefined {
  let prefix = 0;
  for (let at = 0; at < line.length; ) {
    const colon = line.indexOf(':', at);
    const space = line.indexOf(' ', colon);
    const end = space < 0 ? line.length : space;
    prefix += Number.parseInt(line.slice(at, colon), 36);
    if (prefix === wanted) return Number.parseInt(line.slice(colon + 1, end), 36);
    if (prefix > wanted) return undefined;
    at = end + 1;
  }
  return undefined;
}

function parse(text: string): VendorTable {
  const lines = text.split('\n');
  const [six, seven, nine] = lines.slice(-3) as [string, string, string];
  return {
    names: lines.slice(0, -4),
    blocks: [
      { digits: 9, vendors: parseBlocks(nine) },
      { digits: 7, vendors: parseBlocks(seven) },
      { digits: 6, vendors: parseBlocks(six) },
    ],
  };
}

function parseBlocks(line: string): Map<number, number> {
  const vendors = new Map<number, number>();
  let prefix = 0;
  for (const pair of line.split(' ')) {
    const colon = pair.indexOf(':');
    prefix += Number.parseInt(pair.slice(0, colon), 36);
    vendors.set(prefix, Number.parseInt(pair.slice(colon + 1), 36));
  }
  return vendors;
}

const mostScans = 4;
