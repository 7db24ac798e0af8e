/**
 * What keeps networks running: routing, addresses, the core of mobile networks.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { echoAt, join, padTo, u16, u24, u32, zeros } from './parts.ts';

/** Request for the whole table, RFC 2453 section 3.9.1. */
const rip: UdpPayload = {
  name: 'rip',
  service: 'router',
  ports: [520],
  note: 'routers answer neighbours, and some only from port 520',
  build: () => join(1, 2, u16(0), zeros(16), u32(16)),
};

/** The same for IPv6, RFC 2080 section 2.4.1. */
const ripng: UdpPayload = {
  name: 'ripng',
  service: 'ripng',
  ports: [521],
  note: 'routers answer neighbours, and some only from port 521',
  build: () => join(1, 1, u16(0), zeros(16), u16(0), 0, 16),
};

/** INFORM, RFC 2131 section 4.4.3: asks for options, takes no address. */
const dhcp: UdpPayload = {
  name: 'dhcp',
  service: 'bootps',
  ports: [67],
  note: 'the answer goes to port 68: it is heard with --source-port 68 only',
  build: (id) => {
    const options = join(u32(0x63825363), 53, 1, 8, 55, 4, 1, 3, 6, 15, 255);
    // 300 bytes are what old BOOTP servers take for a message (RFC 1542, 2.1).
    return padTo(
      300,
      join(1, 1, 6, 0, u32(id), zeros(20), join(2, 0, 0), u24(id), zeros(10 + 64 + 128), options),
    );
  },
  answers: echoAt(4, u32),
};

/** The external address, NAT-PMP (RFC 6886, 3.2); servers of PCP alone answer that they know no version 0. */
const natPmp: UdpPayload = {
  name: 'nat-pmp',
  service: 'nat-pmp',
  ports: [5351],
  note: 'gateways answer on their inner side only',
  build: () => join(0, 0),
};

/** Echo of GTP version 1, 3GPP TS 29.060 section 7.2.1 and TS 29.281 section 7.2.1. */
const gtpV1: UdpPayload = {
  name: 'gtp-v1',
  service: 'gtp-control',
  ports: [2123, 2152],
  build: (id) => join(0x32, 1, u16(4), u32(0), u16(id), 0, 0),
  answers: echoAt(8, u16),
};

/** Echo of GTP version 2, 3GPP TS 29.274 section 7.1.1, with the restart counter it must carry. */
const gtpV2: UdpPayload = {
  name: 'gtp-v2',
  service: 'gtp-control',
  ports: [2123],
  build: (id) => join(0x40, 1, u16(9), u24(id), 0, 3, u16(1), 0, 0),
  answers: echoAt(4, u24),
};

/** Heartbeat, 3GPP TS 29.244 section 7.4.2, with the time stamp it must carry. */
const pfcp: UdpPayload = {
  name: 'pfcp',
  service: 'pfcp',
  ports: [8805],
  build: (id) => join(0x20, 1, u16(12), u24(id), 0, u16(96), u16(4), u32(0xe8000000)),
  answers: echoAt(4, u24),
};

/** The payloads of networks. */
export const network = [rip, ripng, dhcp, natPmp, gtpV1, gtpV2, pfcp] as const;
