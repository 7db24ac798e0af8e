/**
 * Services that answer any datagram, and the time services.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { echoAnywhere, echoAt, hex, join, stretch, zeros } from './parts.ts';

/** RFC 862: what comes is sent back. */
const echo: UdpPayload = {
  name: 'echo',
  service: 'echo',
  ports: [7],
  bearsTail: true,
  build: (id) => join(`portolan ${hex(id)}\r\n`),
  answers: echoAnywhere(hex),
};

/** RFC 866 (systat), 867 (daytime), 865 (qotd), 864 (chargen), 868 (time): any datagram brings an answer. */
const anyDatagram: readonly UdpPayload[] = (
  [
    ['systat', 11],
    ['daytime', 13],
    ['qotd', 17],
    ['chargen', 19],
    ['time', 37],
  ] as const
).map(([service, port]) => ({
  name: service,
  service,
  ports: [port],
  bearsTail: true,
  build: () => join('\r\n'),
}));

/** A client's request, RFC 5905 section 7.3; the server returns our transmit time as its origin time. */
const ntp: UdpPayload = {
  name: 'ntp',
  service: 'ntp',
  ports: [123],
  note: 'chrony opens the port only where clients are allowed',
  build: (id) => join(versionAndMode, zeros(39), stretch(id, 8)),
  answers: echoAt(24, (id) => stretch(id, 8)),
};

/** The payloads of the small services. */
export const simple: readonly UdpPayload[] = [echo, ...anyDatagram, ntp];

/** NTP version 4, mode 3 (client). */
const versionAndMode = 0x23;
