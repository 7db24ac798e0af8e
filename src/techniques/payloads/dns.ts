/**
 * Name services that speak the message format of RFC 1035 section 4.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { echoAt, join, u16 } from './parts.ts';

/** `version.bind CH TXT` (RFC 4892, 2): answered or refused at once, without asking any other server. */
const dnsVersion: UdpPayload = {
  name: 'dns-version',
  service: 'domain',
  ports: [53],
  build: (id) => query(id, 0, join('\x07version\x04bind', 0), text, chaos),
  answers: echoAt(0, u16),
};

/** The name servers of the root, for servers whose firewall drops questions about their version. */
const dnsRoot: UdpPayload = {
  name: 'dns-root',
  service: 'domain',
  ports: [53],
  note: 'a server that may not recurse for strangers refuses; one set to drop them is silent',
  build: (id) => query(id, recursionDesired, Uint8Array.of(0), nameServer, internet),
  answers: echoAt(0, u16),
};

/** Which services are there, RFC 6763 section 9, answered by unicast: RFC 6762 sections 5.4 and 6.7. */
const mdns: UdpPayload = {
  name: 'mdns',
  service: 'mdns',
  ports: [5353],
  note: 'responders answer only senders on their own link (RFC 6762, 11)',
  build: (id) =>
    query(id, 0, join('\x09_services\x07_dns-sd\x04_udp\x05local', 0), pointer, internet | unicastResponse),
  answers: echoAt(0, u16),
};

/** The name of 127.0.0.1, RFC 4795 section 2.1: the only name that every host might own. */
const llmnr: UdpPayload = {
  name: 'llmnr',
  service: 'llmnr',
  ports: [5355],
  note: 'responders answer for their own names only, and some to multicast only (RFC 4795, 2.3): silence is usual',
  build: (id) => query(id, 0, join('\x011\x010\x010\x03127\x07in-addr\x04arpa', 0), pointer, internet),
  answers: echoAt(0, u16),
};

/** All names of the node: NBSTAT for `*`, RFC 1002 section 4.2.17; the encoding is RFC 1001 section 14.1. */
const netbiosNames: UdpPayload = {
  name: 'netbios-ns',
  service: 'netbios-ns',
  ports: [137],
  build: (id) => query(id, 0, join(`\x20CK${'AA'.repeat(15)}`, 0), nodeStatus, internet),
  answers: echoAt(0, u16),
};

/** The payloads of name services. */
export const dns = [dnsVersion, dnsRoot, mdns, llmnr, netbiosNames] as const;

function query(id: number, flags: number, name: Uint8Array, type: number, kind: number): Uint8Array {
  return join(u16(id), u16(flags), u16(1), u16(0), u16(0), u16(0), name, u16(type), u16(kind));
}

const recursionDesired = 0x0100;
const unicastResponse = 0x8000;
const internet = 1;
const chaos = 3;
const nameServer = 2;
const pointer = 12;
const text = 16;
const nodeStatus = 0x21;
