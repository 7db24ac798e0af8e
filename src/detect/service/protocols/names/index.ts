/**
 * Names, directories, time and what networks are run by. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { dns, dnsOverUdp } from './dns.ts';
import { dhcp, natPmp, rip } from './gateways.ts';
import { kerberos, kerberosOverUdp, kerberosTickets } from './kerberos.ts';
import { cldap, ldap } from './ldap.ts';
import { llmnr, mdns } from './link-names.ts';
import { netbiosNames } from './netbios.ts';
import { ntp } from './ntp.ts';
import { radius } from './radius.ts';
import { smux, snmp, snmpEngine } from './snmp.ts';
import { ssdp, wsDiscovery } from './ssdp.ts';

/** Over TCP. */
export const namesProtocols: readonly Protocol[] = [ldap, dns, kerberos, kerberosTickets, smux];

/** Over UDP. */
export const namesDatagrams: readonly DatagramProtocol[] = [
  dnsOverUdp,
  netbiosNames,
  mdns,
  llmnr,
  ssdp,
  wsDiscovery,
  snmp,
  snmpEngine,
  ntp,
  kerberosOverUdp,
  cldap,
  radius,
  rip,
  natPmp,
  dhcp,
];
