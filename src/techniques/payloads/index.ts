/**
 * What to say to UDP ports, by port. To add a payload: declare it in the file of its family, or add a file
 * and its family here.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { discovery } from './discovery.ts';
import { dns } from './dns.ts';
import { games } from './games.ts';
import { identity } from './identity.ts';
import { ike } from './ike.ts';
import { machines } from './machines.ts';
import { network } from './network.ts';
import { rpc } from './rpc.ts';
import { simple } from './simple.ts';
import { snmp } from './snmp.ts';
import { things } from './things.ts';
import { tls } from './tls.ts';
import { tunnels } from './tunnels.ts';
import { voice } from './voice.ts';

/** Every payload, in the order they are sent where a port has several. */
export const udpPayloads: readonly UdpPayload[] = [
  ...dns,
  ...simple,
  ...snmp,
  ...rpc,
  ...identity,
  ...discovery,
  ...tls,
  ...ike,
  ...tunnels,
  ...voice,
  ...network,
  ...machines,
  ...things,
  ...games,
];

/** The payloads worth trying on a port; none: an empty datagram is all there is to send. */
export function payloadsFor(port: number): readonly UdpPayload[] {
  return byPort.get(port) ?? none;
}

const none: readonly UdpPayload[] = [];
const byPort = new Map<number, UdpPayload[]>();
for (const payload of udpPayloads) {
  for (const port of payload.ports) {
    const there = byPort.get(port);
    if (there === undefined) byPort.set(port, [payload]);
    else there.push(payload);
  }
}
