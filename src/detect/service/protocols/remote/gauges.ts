/**
 * Whoever reads off power supplies and clusters: upsd of Network UPS Tools ("Network protocol information" of its developer
 * guide, RFC 9271), and gmond of Ganglia, which tells all it knows in XML to whoever connects.
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { beginsWith, bytesOf, linesOf, textOf } from '../../text.ts';

/** It answers every line it does not know with an error of its own words. */
export const nut: Protocol = {
  name: 'nut',
  transport: 'tcp',
  ports: [3493],
  request: { cost: 8, staysAtHello: true, staysAtLine: true, bytes: () => bytesOf('VER\nNETVER\n') },
  parse: parseNut,
  isWhole: (bytes) => linesOf(bytes).length > 1,
  products: [
    { when: { version: /^(\d[\w.]*)$/ }, product: 'Network UPS Tools upsd', version: '$1' },
    { when: {}, product: 'Network UPS Tools upsd' },
  ],
};

function parseNut(bytes: Uint8Array): Parsed | undefined {
  const [first = '', second] = linesOf(bytes, 4);
  // RFC 9271, 5.1: codes in capitals, and no text besides.
  if (/^ERR (?:UNKNOWN-COMMAND|INVALID-ARGUMENT)$/.test(first)) return { facts: {}, isAside: true };
  const version = /^Network UPS Tools upsd (\d[\w.~+-]{0,40})/.exec(first)?.[1];
  if (version === undefined) return undefined;
  return {
    facts: { version, ...(second !== undefined && /^\d+\.\d+$/.test(second) && { protocol: second }) },
  };
}

/** The cache before files of RRDtool (rrdcached(1), "PROTOCOL"): every answer begins with the number of lines that follow. */
export const rrdcached: Protocol = {
  name: 'rrdcached',
  transport: 'tcp',
  ports: [42217],
  request: { cost: 8, bytes: () => bytesOf('HELP\n') },
  parse: (bytes) => {
    const [first = ''] = linesOf(bytes, 1);
    const isOne = /^-1 Unknown command: [\w:-]{1,40}$|^\d{1,3} Command overview$/.test(first);
    return isOne ? { facts: {} } : undefined;
  },
  isWhole: (bytes) => bytes.includes(10),
  products: [{ when: {}, product: 'rrdcached' }],
};

/** The state of a cluster; its document type comes first, then the element that tells the version. */
export const ganglia: Protocol = {
  name: 'ganglia',
  transport: 'tcp',
  ports: [8649, 8651],
  greeting: true,
  parse: parseGanglia,
  isWhole: (bytes) => /<\/GANGLIA_XML>\s*$/.test(textOf(bytes.subarray(-64))),
  products: [
    { when: { version: /^(\d[\w.]*)$/ }, product: 'Ganglia XML Grid monitor', version: '$1' },
    { when: {}, product: 'Ganglia XML Grid monitor' },
  ],
};

function parseGanglia(bytes: Uint8Array): Parsed | undefined {
  if (!beginsWith(bytes, '<?xml') || !textOf(bytes).includes('<!DOCTYPE GANGLIA_XML [')) return undefined;
  const told = linesOf(bytes)
    .map((line) => /^<GANGLIA_XML VERSION="([\w.-]{1,40})" SOURCE="([\w.-]{1,40})">/.exec(line))
    .find((line) => line !== null);
  const [, version, source] = told ?? [];
  return { facts: { ...(version !== undefined && { version }), ...(source !== undefined && { source }) } };
}
