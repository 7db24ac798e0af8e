/**
 * Management and remote use of single machines.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { echoAt, join, padTo, standsAt, u16, u32, zeros } from './parts.ts';

/** Presence ping, ASF 2.0 section 3.2.4.2; tag 0xff would ask for no answer. */
const asf: UdpPayload = {
  name: 'asf',
  service: 'asf-rmcp',
  ports: [623, 664],
  build: (id) => join(rmcp, 6, u32(asfEnterprise), 0x80, id & 0x7f, 0, 0),
  // A pong with the same tag.
  answers: echoAt(3, (id) => join(6, u32(asfEnterprise), 0x40, id & 0x7f)),
};

/** Get Channel Authentication Capabilities, IPMI 2.0 section 22.13: what may be asked before any session. */
const ipmi: UdpPayload = {
  name: 'ipmi',
  service: 'asf-rmcp',
  ports: [623, 664],
  build: (id) => {
    const request = [0x81, (id & 0x3f) << 2, 0x38, 0x8e, 4];
    return join(rmcp, 7, zeros(9), 9, 0x20, 0x18, checksum([0x20, 0x18]), ...request, checksum(request));
  },
  answers: (bytes, start, end, id) =>
    standsAt(bytes, start, end, join(6)) && standsAt(bytes, start + 18, end, join((id & 0x3f) << 2, 0x38)),
};

/** SYN of RDP over UDP, MS-RDPEUDP 3.1.5.1.1: padded to the size it announces. */
const remoteDesktop: UdpPayload = {
  name: 'rdp-udp',
  service: 'ms-wbt-server',
  ports: [3389],
  build: (id) => padTo(1232, join(u32(-1), u16(64), u16(1), u32(id), u16(1232), u16(1232))),
  answers: echoAt(0, u32),
};

/** Query without names of authentication, XDMCP 1.1 section 5: Willing or Unwilling answers. */
const xdmcp: UdpPayload = {
  name: 'xdmcp',
  service: 'xdmcp',
  ports: [177],
  build: () => join(u16(1), u16(2), u16(1), 0),
};

/** CLNT_UCAST_EX, MC-SQLR section 2.2.2: the instances of SQL Server on this host. */
const sqlBrowser: UdpPayload = {
  name: 'ms-sql-browser',
  service: 'ms-sql-m',
  ports: [1434],
  build: () => join(3),
};

/** The payloads of single machines. */
export const machines = [asf, ipmi, remoteDesktop, xdmcp, sqlBrowser] as const;

/** What makes the sum of all bytes zero, IPMI 2.0 section 13.8. */
function checksum(bytes: readonly number[]): number {
  return -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
}

/** RMCP version 1.0, and a sequence number that asks for no acknowledgement. */
const rmcp = join(6, 0, 0xff);
const asfEnterprise = 4542;
