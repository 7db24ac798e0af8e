/**
 * Tunnels, and the services that keep silence by design.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { echoAt, join, standsAt, stretch, u16, u32, zeros } from './parts.ts';

/** Hard reset by a client, OpenVPN protocol (openvpn-wire-protocol, 4.1): opcode 7, our session, packet 0. */
const openVpn: UdpPayload = {
  name: 'openvpn',
  service: 'openvpn',
  ports: [1194],
  note: 'silent when the server asks for tls-auth or tls-crypt',
  build: (id) => join(7 << 3, stretch(id, 8), 0, u32(0)),
  // The server's session, the packets it acknowledges, and whose they are.
  answers: (bytes, start, end, id) => {
    if (start + 10 > Math.min(end, bytes.length)) return false;
    const acknowledged = bytes[start + 9] as number;
    return standsAt(bytes, start + 10 + 4 * acknowledged, end, stretch(id, 8));
  },
};

/** Start-Control-Connection-Request, RFC 2661 section 6.1; the answer is addressed to our tunnel id. */
const l2tp: UdpPayload = {
  name: 'l2tp',
  service: 'l2tp',
  ports: [1701],
  note: 'the server keeps a half-made tunnel until it times out',
  build: (id) => {
    const attributes = join(
      attribute(0, u16(1)),
      attribute(2, u16(0x0100)),
      attribute(3, u32(3)),
      attribute(7, join('portolan')),
      attribute(9, tunnelId(id)),
      attribute(10, u16(4)),
    );
    return join(u16(0xc802), u16(12 + attributes.length), zeros(8), attributes);
  },
  answers: echoAt(4, tunnelId),
};

/** The WireGuard protocol answers only messages whose first MAC was made with its public key (5.4.7). */
const wireGuard: UdpPayload = {
  name: 'wireguard',
  service: 'wireguard',
  ports: [51820],
  note: 'never answers strangers: an empty datagram is sent, silence says nothing',
  build: () => zeros(0),
};

/** RFC 5426 section 3: a receiver of log messages sends nothing back. */
const syslog: UdpPayload = {
  name: 'syslog',
  service: 'syslog',
  ports: [514],
  note: 'never answers: an empty datagram is sent, so that no log gets a line',
  build: () => zeros(0),
};

/** The payloads of tunnels, and of the silent. */
export const tunnels = [openVpn, l2tp, wireGuard, syslog] as const;

/** A mandatory attribute of RFC 2661 section 4.1. */
function attribute(type: number, value: Uint8Array): Uint8Array {
  return join(u16(0x8000 | (6 + value.length)), u16(0), u16(type), value);
}

/** Zero means that no tunnel is there yet. */
function tunnelId(id: number): Uint8Array {
  return u16(id & 0xffff || 1);
}
