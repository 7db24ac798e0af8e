/**
 * What routers and gateways say to their neighbours: tables of routes (RIP, RFC 2453), the address outside (NAT-PMP, RFC
 * 6886), options of a network (DHCP, RFC 2131).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Facts, Parsed } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { textOf } from '../../text.ts';

/** A table of routes. */
export const rip: DatagramProtocol = {
  name: 'rip',
  transport: 'udp',
  ports: [520],
  request: { cost: 9, bytes: questionOf('rip') },
  parse: (bytes) => {
    const reader = new ByteReader(bytes);
    const isResponse = reader.u8() === 2;
    const version = reader.u8();
    const isHead = isResponse && (version === 1 || version === 2) && reader.u16() === 0;
    const isTable = bytes.length >= 24 && (bytes.length - 4) % 20 === 0 && reader.u16() === 2;
    if (!isHead || !isTable) return undefined;
    return { facts: { version: `${version}`, routes: `${(bytes.length - 4) / 20}` } };
  },
  products: [],
};

/** Its outer address, or that it speaks a newer protocol. */
export const natPmp: DatagramProtocol = {
  name: 'nat-pmp',
  transport: 'udp',
  ports: [5351],
  request: { cost: 9, bytes: questionOf('nat-pmp') },
  parse: (bytes) => {
    const reader = new ByteReader(bytes);
    const version = reader.u8();
    const isAnswer = reader.u8() === 0x80;
    const result = reader.u16();
    reader.u32();
    if (!isAnswer || version > 2 || result > 5 || reader.isShort) return undefined;
    const isOld = version === 0 && bytes.length === 12;
    const isRefusal = result === 1 && (bytes.length === 8 || (bytes.length >= 24 && bytes.length % 4 === 0));
    if (!isOld && !isRefusal) return undefined;
    return {
      facts:
        isOld && result === 0
          ? { externalAddress: [...reader.take(4)].join('.') }
          : { version: `${version}` },
    };
  },
  products: [],
};

/** A server tells what a network's hosts should know. */
export const dhcp: DatagramProtocol = {
  name: 'dhcps',
  transport: 'udp',
  ports: [67],
  request: { cost: 9, bytes: questionOf('dhcp') },
  parse: parseDhcp,
  products: [],
};

function parseDhcp(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isReply = reader.u8() === 2 && reader.u8() === 1;
  reader.take(234);
  if (!isReply || reader.u32() !== cookie || reader.isShort) return undefined;
  const facts: Record<string, string> = {};
  for (let count = 0; reader.left > 0 && count < 64; count++) {
    const option = reader.u8();
    if (option === 0) continue;
    if (option === 255) break;
    const value = reader.take(reader.u8());
    if (reader.isShort) break;
    const name = addresses[option];
    if (name !== undefined && value.length >= 4) facts[name] = [...value.subarray(0, 4)].join('.');
    const domain = option === 15 ? textOf(value).replaceAll('\0', '') : '';
    if (/^[\w.-]{1,255}$/.test(domain)) facts['domain'] = domain;
  }
  const told: Facts = facts;
  return { facts: told };
}

const cookie = 0x6382_5363;
const addresses: Readonly<Record<number, string>> = {
  1: 'netmask',
  3: 'router',
  6: 'nameServer',
  54: 'server',
};
