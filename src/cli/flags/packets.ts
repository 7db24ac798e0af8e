/** Options that dress packets. @module */

import { type Flag, Unacceptable } from './flag.ts';
import { readCount, readHex, readIpOptions, readList, readText } from './values.ts';

/** Packets. */
export const packetFlags: readonly Flag[] = [
  {
    name: 'f',
    category: 'packets',
    summary: 'Fragment probes: 8 bytes a fragment, 16 with -ff',
    set(_value, { packet }) {
      if ((packet.fragmentBytes ?? 8) !== 8) throw new Unacceptable('-f at most twice, and without --mtu');
      packet.fragmentBytes = (packet.fragmentBytes ?? 0) + 8;
    },
  },
  {
    name: 'mtu',
    value: 'BYTES',
    category: 'packets',
    summary: 'Fragment probes at this size, a multiple of 8',
    set(value, { packet }) {
      const bytes = readCount(value, 8, 65_512);
      if (bytes % 8 !== 0) throw new Unacceptable('a multiple of 8 from 8 to 65512');
      if (packet.fragmentBytes !== undefined) throw new Unacceptable('one of -f and --mtu');
      packet.fragmentBytes = bytes;
    },
  },
  {
    name: 'source-port',
    short: 'g',
    value: 'PORT',
    category: 'packets',
    summary: 'Send from this port',
    set(value, { packet }) {
      packet.sourcePort = readCount(value, 0, 65_535);
    },
  },
  {
    name: 'ttl',
    value: 'N',
    category: 'packets',
    summary: 'Time to live (hop limit) of the probes',
    set(value, { packet }) {
      packet.ttl = readCount(value, 1, 255);
    },
  },
  {
    name: 'data',
    value: 'HEX',
    category: 'packets',
    summary: 'Bytes to append to every probe',
    set(value, { packet }) {
      packet.data = unlessGiven(packet.data, readHex(value));
    },
  },
  {
    name: 'data-string',
    value: 'TEXT',
    category: 'packets',
    summary: 'Text to append to every probe',
    set(value, { packet }) {
      packet.data = unlessGiven(packet.data, new TextEncoder().encode(readText(value)));
    },
  },
  {
    name: 'data-length',
    value: 'N',
    category: 'packets',
    summary: 'Random bytes to append to every probe',
    set(value, { packet }) {
      packet.dataLength = readCount(value, 0, 1400);
    },
  },
  {
    name: 'badsum',
    category: 'packets',
    summary: 'Send wrong checksums: whoever answers did not look',
    set(_value, { packet }) {
      packet.badChecksum = true;
    },
  },
  {
    name: 'ip-options',
    value: 'OPTIONS',
    category: 'packets',
    summary: 'IPv4 options: R, T, U, "L ADDRESSES", "S ADDRESSES" or hex',
    set(value, { packet }) {
      packet.ipOptions = readIpOptions(value);
    },
  },
  {
    name: 'S',
    value: 'ADDRESS',
    category: 'packets',
    summary: 'Send from this address',
    set(value, { packet }) {
      packet.sourceAddress = readText(value);
    },
  },
  {
    name: 'e',
    value: 'INTERFACE',
    category: 'packets',
    summary: 'Send through this interface',
    set(value, { packet }) {
      packet.interface = readText(value);
    },
  },
  {
    name: 'D',
    value: 'LIST',
    category: 'packets',
    summary: 'Decoys: addresses, ME for the own place, RND or RND:N',
    set(value, { packet }) {
      packet.decoys = readList(value);
    },
  },
  {
    name: 'spoof-mac',
    value: 'MAC',
    category: 'packets',
    summary: 'Hardware address to send from: an address, a vendor, 0 for a random one',
    set(value, { packet }) {
      packet.spoofMac = readText(value);
    },
  },
  {
    name: 'key',
    value: 'TEXT',
    isSecret: true,
    category: 'packets',
    summary: 'Mark probes so that portolan listen knows them: a text, @FILE, or $PORTOLAN_KEY',
    help: 'What stands on a command line others can see in the list of processes: @FILE and the environment hide it.',
    set(value, draft) {
      draft.key = readText(value);
    },
  },
  {
    name: 'proxies',
    value: 'LIST',
    category: 'packets',
    summary: 'Connect through these proxies: socks4:// socks5:// http://',
    set(value, { request }) {
      request.proxies = readList(value);
    },
  },
];

function unlessGiven(before: Uint8Array | undefined, data: Uint8Array): Uint8Array {
  if (before !== undefined) throw new Unacceptable('one of --data and --data-string');
  return data;
}
