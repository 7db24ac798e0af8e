/**
 * Somebody else’s screen or shell. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { conserver } from './conserver.ts';
import { rdp, vnc } from './desktops.ts';
import { epmd } from './epmd.ts';
import { ganglia, nut, rrdcached } from './gauges.ts';
import { ajp, jdwp, rmi } from './java.ts';
import { ipmi, xdmcp } from './management.ts';
import { munin, nrpe, nsca } from './monitoring.ts';
import { ssh } from './ssh.ts';
import { telnet } from './telnet.ts';
import { x11 } from './x11.ts';
import { zabbixAgent, zabbixTrapper } from './zabbix.ts';

/** Over TCP. */
export const remoteProtocols: readonly Protocol[] = [
  ssh,
  telnet,
  vnc,
  rdp,
  x11,
  rmi,
  ajp,
  jdwp,
  epmd,
  zabbixAgent,
  zabbixTrapper,
  munin,
  nut,
  ganglia,
  rrdcached,
  conserver,
  nrpe,
  nsca,
];

/** Over UDP. */
export const remoteDatagrams: readonly DatagramProtocol[] = [ipmi, xdmcp];
