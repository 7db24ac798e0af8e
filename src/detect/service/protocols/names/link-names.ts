/**
 * Names without a server, as every host of a link answers for its own: multicast DNS (RFC 6762) with the services that
 * it announces (RFC 6763), and LLMNR (RFC 4795). Both are asked by unicast.
 *
 * @module
 */

import { addressBytes } from '../../../../model/address.ts';
import { parseAddress } from '../../../../model/parse-address.ts';
import type { Asked, DatagramProtocol, Parsed } from '../../contract.ts';
import {
  type DnsQuestion,
  type DnsRecord,
  dnsQuestions,
  readDnsMessage,
  recordTypes,
} from './dns-message.ts';

/** Multicast DNS: which services there are, and how the host is called. */
export const mdns: DatagramProtocol = {
  name: 'mdns',
  transport: 'udp',
  ports: [5353],
  request: {
    cost: 8,
    bytes: (asked) => questionsTo(asked, [servicesName, recordTypes.ptr], [workstations, recordTypes.ptr]),
  },
  parse: parseMdns,
  products: [],
};

/** LLMNR: the name of the address. */
export const llmnr: DatagramProtocol = {
  name: 'llmnr',
  transport: 'udp',
  ports: [5355],
  request: { cost: 9, bytes: (asked) => questionsTo(asked) },
  parse: parseLlmnr,
  // By its shape it may be any answer of DNS about an address.
  isOnlyAtHome: true,
  products: [],
};

function parseMdns(bytes: Uint8Array): Parsed | undefined {
  const records = answersIn(bytes);
  if (records === undefined) return undefined;
  const services: string[] = [];
  let hostname: string | undefined;
  for (const { name, target } of records) {
    if (target === undefined) continue;
    const lower = name.toLowerCase();
    if (lower === servicesName) services.push(target.replace(/\.local$/i, ''));
    else if (isReverse(lower) && isLocal(target)) hostname = target;
    else if (lower === workstations) hostname ??= `${target.replace(/ \[.*$/, '')}.local`;
  }
  // Only what multicast DNS knows has such names (RFC 6762, 3).
  if (!records.some(({ name, target }) => isLocal(name) || (target !== undefined && isLocal(target))))
    return undefined;
  return {
    // The scan of ports asks for services alone.
    ...(hostname === undefined && { isAside: true }),
    facts: {
      ...(hostname !== undefined && { hostname }),
      ...(services.length > 0 && { services: [...new Set(services)].sort() }),
    },
  };
}

function parseLlmnr(bytes: Uint8Array): Parsed | undefined {
  const target = answersIn(bytes)?.find(({ name }) => isReverse(name.toLowerCase()))?.target;
  return target === undefined || target === '' ? undefined : { facts: { hostname: target } };
}

/** The records of a message that answers, and answers with success. */
export function answersIn(bytes: Uint8Array): readonly DnsRecord[] | undefined {
  const message = readDnsMessage(bytes);
  // A response to a plain question (RFC 6762, 18.3); the bits between are of no matter here.
  return message !== undefined && (message.flags & 0xf80f) === 0x8000 ? message.records : undefined;
}

/** What the address is called, if it is known, and what else is asked. */
function questionsTo({ host }: Asked, ...more: readonly DnsQuestion[]): Uint8Array {
  const address = parseAddress(host.replace(/^\[|\]$/g, ''));
  const bytes = address === undefined ? [127, 0, 0, 1] : [...addressBytes(address)];
  const labels =
    bytes.length === 4
      ? bytes.map(String)
      : bytes.flatMap((byte) => [(byte >> 4).toString(16), (byte & 15).toString(16)]);
  const reverse = `${labels.reverse().join('.')}.${bytes.length === 4 ? 'in-addr' : 'ip6'}.arpa`;
  return dnsQuestions(questionId, [reverse, recordTypes.ptr], ...more);
}

function isReverse(name: string): boolean {
  return name.endsWith('.in-addr.arpa') || name.endsWith('.ip6.arpa');
}

function isLocal(name: string): boolean {
  return /\.local$/i.test(name);
}

/** The number of every question: what answers is told apart by its port. */
export const questionId = 0x504f;
const servicesName = '_services._dns-sd._udp.local';
const workstations = '_workstation._tcp.local';
