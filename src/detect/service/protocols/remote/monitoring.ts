/**
 * Whoever watches over hosts: Munin's nodes ("Data exchange between master and node" in its guide), NRPE and NSCA of
 * Nagios (their protocols' headers).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16, u32, zeros } from '../../byte-writer.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { bytesOf, linesOf, textOf } from '../../text.ts';

/** A node greets whoever may ask it. */
export const munin: Protocol = {
  name: 'munin',
  transport: 'tcp',
  ports: [4949],
  greeting: true,
  more: { cost: 1, bytes: () => bytesOf('version\nquit\n') },
  parse: parseMunin,
  isWhole: (bytes) => linesOf(bytes).length > 1,
  products: [
    {
      when: { version: /^(\d[\w.]*)/ },
      product: 'Munin node',
      version: '$1',
      cpe: 'a:munin-monitoring:munin',
    },
    { when: {}, product: 'Munin node' },
  ],
};

/** NRPE's own check, which runs nothing and tells its version. */
export const nrpe: Protocol = {
  name: 'nrpe',
  transport: 'tcp',
  ports: [5666],
  tlsPorts: [5666],
  goesUncertified: true,
  request: {
    cost: 7,
    toStrangers: 'closes',
    hangsUp: 'reset',
    staysAtLine: true,
    bytes: () => query('_NRPE_CHECK'),
  },
  parse: parseNrpe,
  isWhole: (bytes) => bytes.length >= queryBytes,
  products: [
    {
      when: { version: /^(\d[\w.]*)/ },
      product: 'Nagios NRPE',
      version: '$1',
      cpe: 'a:nagios:remote_plug_in_executor',
    },
    { when: {}, product: 'Nagios NRPE' },
  ],
};

/** Noise that messages are to be encrypted with, and the time. */
export const nsca: Protocol = {
  name: 'nsca',
  transport: 'tcp',
  ports: [5667],
  greeting: true,
  isOnlyAtHome: true,
  parse: (bytes) => {
    const seconds = new ByteReader(bytes.subarray(128)).u32();
    const isOne = bytes.length === 132 && seconds > earliest && seconds < latest;
    return isOne ? { facts: {}, confidence: 7 } : undefined;
  },
  isWhole: (bytes) => bytes.length >= 132,
  products: [],
};

function parseMunin(bytes: Uint8Array): Parsed | undefined {
  const [first = '', ...others] = linesOf(bytes, 4);
  const [, hostname] = /^# munin node at (\S{1,255})$/.exec(first) ?? [];
  if (hostname === undefined) return undefined;
  const version = others
    .map((line) => /^munins node on \S+ version: (\S{1,40})$/.exec(line)?.[1])
    .find(Boolean);
  return { facts: { hostname, ...(version !== undefined && { version }) } };
}

/** Version 2 as we ask; a server of another one answers in its own. */
function parseNrpe(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const [version, type] = [reader.u16(), reader.u16()];
  reader.u32();
  const result = reader.u16();
  if (version < 2 || version > 4 || type !== 2 || result > 3) return undefined;
  if (version > 2) reader.take(6);
  const text = textOf(reader.take(reader.left)).replace(/\0.*$/s, '');
  const [, said] = /^NRPE v(\d[\w.-]{0,20})/.exec(text) ?? [];
  const facts: Facts = said === undefined ? { says: text } : { version: said };
  return /^[\x20-\x7e]{3,200}$/.test(text) ? { facts } : undefined;
}

/** A packet of version 2, its sum in the middle. */
function query(command: string): Uint8Array {
  const packet = (sum: number) => [...u16(2), ...u16(1), ...u32(sum), ...u16(0)];
  const rest = [...bytesOf(command), ...zeros(queryBytes - 10 - command.length)];
  return bytesFrom(packet(checksum([...packet(0), ...rest])), rest);
}

/** CRC-32 as IEEE 802.3 has it. */
function checksum(bytes: readonly number[]): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ ((sum & 1) === 1 ? 0xedb8_8320 : 0);
  }
  return ~sum >>> 0;
}

const queryBytes = 1036;
/** 2015 and 2040. */
const earliest = 1_420_070_400;
const latest = 2_208_988_800;
