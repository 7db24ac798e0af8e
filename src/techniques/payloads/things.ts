/**
 * Small devices and control systems. Each question is the mildest its protocol has: it reads an identity.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { echoAt, join, standsAt, stretch, u16, u32, zeros } from './parts.ts';

/** Confirmable GET of /.well-known/core, RFC 7252 section 5.8.1 and RFC 6690 section 4. */
const coap: UdpPayload = {
  name: 'coap',
  service: 'coap',
  ports: [5683],
  build: (id) => join(0x44, 1, u16(id), u32(id), 0xbb, '.well-known', 0x04, 'core'),
  // Answers repeat the token; a bare reset or acknowledgement only the message id (4.2).
  answers: (bytes, start, end, id) =>
    (standsAt(bytes, start + 4, end, u32(id)) && ((bytes[start] ?? 0) & 0x0f) === 4) ||
    (end - start === 4 && standsAt(bytes, start + 1, end, join(0, u16(id)))),
};

/** ReadProperty of the identifier of whatever device this is, ASHRAE 135 clause 15.5 and annex J. */
const bacnet: UdpPayload = {
  name: 'bacnet',
  service: 'bacnet',
  ports: [47808],
  build: (id) =>
    join(
      join(0x81, 0x0a, u16(17)),
      join(1, 4),
      join(0, 5, id & 0xff, 12),
      // Device 4194303 stands for the one that is asked; property 75 is its identifier.
      join(0x0c, u32(0x023fffff), 0x19, 75),
    ),
  // Acknowledgement, error, reject and abort all name the call in their second byte.
  answers: (bytes, start, end, id) =>
    bytes[start] === 0x81 && standsAt(bytes, start + 7, end, join(id & 0xff)),
};

/** DescriptionRequest, KNXnet/IP core (EN 13321-2) 7.5.2; an endpoint of zeros means "to the sender". */
const knx: UdpPayload = {
  name: 'knx',
  service: 'efcp',
  ports: [3671],
  build: () => join(6, 0x10, u16(0x0203), u16(14), 8, 1, zeros(6)),
};

/** ListIdentity, EtherNet/IP encapsulation (CIP volume 2, 2-4.2); the sender's context comes back. */
const etherNetIp: UdpPayload = {
  name: 'ethernet-ip',
  service: 'ethernet-ip-2',
  ports: [44818],
  build: (id) => join(0x63, 0, zeros(10), stretch(id, 8), zeros(4)),
  answers: echoAt(12, (id) => stretch(id, 8)),
};

/** The payloads of small devices and control systems. */
export const things = [coap, bacnet, knx, etherNetIp] as const;
