/**
 * Printers, plants and other machines: asked who they are, and nothing else. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { bacnet } from './bacnet.ts';
import { fox, knx, tankGauge } from './buildings.ts';
import { fins, melsec } from './controllers.ts';
import { ethernetIp, ethernetIpDatagrams } from './ethernet-ip.ts';
import { modbus } from './modbus.ts';
import { lpd, sane } from './office.ts';
import { opcUa } from './opc-ua.ts';
import { s7 } from './s7.ts';
import { dnp3, iec104 } from './telecontrol.ts';

/** Over TCP. */
export const machinesProtocols: readonly Protocol[] = [
  modbus,
  s7,
  ethernetIp,
  opcUa,
  iec104,
  dnp3,
  fox,
  tankGauge,
  melsec,
  sane,
  lpd,
];

/** Over UDP. */
export const machinesDatagrams: readonly DatagramProtocol[] = [bacnet, ethernetIpDatagrams, knx, fins];
