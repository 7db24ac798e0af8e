/** Every scan technique, in the order the help text lists them. @module */

import type { HostTechniqueName, PortTechniqueName } from '../model/technique-name.ts';
import { ack } from './ack.ts';
import { connect } from './connect.ts';
import { fin } from './fin.ts';
import { ipProtocol } from './ip-protocol.ts';
import { maimon } from './maimon.ts';
import { nullScan } from './null.ts';
import {
  pingAck,
  pingConnect,
  pingEcho,
  pingMask,
  pingNeighbour,
  pingProtocol,
  pingSctp,
  pingSyn,
  pingTimestamp,
  pingUdp,
} from './pings.ts';
import { sctpInit } from './sctp-init.ts';
import { syn } from './syn.ts';
import type { Technique } from './technique.ts';
import { udp } from './udp.ts';
import { window } from './window.ts';
import { xmas } from './xmas.ts';

/** Techniques that judge ports, by name. */
export const portTechniques = {
  syn,
  connect,
  udp,
  ack,
  window,
  fin,
  null: nullScan,
  xmas,
  maimon,
  'sctp-init': sctpInit,
  'ip-protocol': ipProtocol,
} satisfies Tables<PortTechniqueName>;

/** Techniques that find hosts, by name. */
export const hostTechniques = {
  'ping-echo': pingEcho,
  'ping-timestamp': pingTimestamp,
  'ping-mask': pingMask,
  'ping-syn': pingSyn,
  'ping-ack': pingAck,
  'ping-udp': pingUdp,
  'ping-sctp': pingSctp,
  'ping-protocol': pingProtocol,
  'ping-neighbour': pingNeighbour,
  'ping-connect': pingConnect,
} satisfies Tables<HostTechniqueName>;

/** The technique of this name. */
export function techniqueOf(name: PortTechniqueName | HostTechniqueName): Technique {
  return name in portTechniques
    ? portTechniques[name as PortTechniqueName]
    : hostTechniques[name as HostTechniqueName];
}

/** Whether a technique goes through the kernel's sockets, whoever asks. */
export function isSocket(name: PortTechniqueName | HostTechniqueName): boolean {
  return techniqueOf(name).sends === 'sockets';
}

type Tables<Name extends string> = { readonly [Each in Name]: Technique & { readonly name: Each } };
