/**
 * Who answers SNMP, by how systems describe themselves and by whose number they bear. Numbers: IANA's registry of
 * enterprises, of which the makers of what is met in networks are here.
 *
 * @module
 */

import type { ProductRule } from '../../contract.ts';

/** Makers by their numbers. */
export const vendors: Readonly<Record<string, string>> = {
  '2': 'IBM',
  '9': 'Cisco',
  '11': 'Hewlett-Packard',
  '42': 'Sun',
  '43': '3Com',
  '171': 'D-Link',
  '207': 'Allied Telesis',
  '253': 'Xerox',
  '311': 'Microsoft',
  '318': 'APC',
  '343': 'Intel',
  '367': 'Ricoh',
  '534': 'Eaton',
  '641': 'Lexmark',
  '674': 'Dell',
  '890': 'Zyxel',
  '1248': 'Epson',
  '1347': 'Kyocera',
  '1588': 'Brocade',
  '1602': 'Canon',
  '1916': 'Extreme Networks',
  '1991': 'Foundry',
  '2011': 'Huawei',
  '2021': 'UCD-SNMP',
  '2435': 'Brother',
  '2604': 'Sophos',
  '2620': 'Check Point',
  '2636': 'Juniper',
  '3097': 'WatchGuard',
  '3375': 'F5',
  '3902': 'ZTE',
  '4526': 'Netgear',
  '5624': 'Enterasys',
  '6486': 'Alcatel-Lucent',
  '6527': 'Nokia',
  '6574': 'Synology',
  '6876': 'VMware',
  '8072': 'net-snmp',
  '8741': 'SonicWall',
  '11863': 'TP-Link',
  '12325': 'FreeBSD',
  '12356': 'Fortinet',
  '14823': 'Aruba',
  '14988': 'MikroTik',
  '24681': 'QNAP',
  '25461': 'Palo Alto Networks',
  '25506': 'H3C',
  '30065': 'Arista',
  '30155': 'OpenBSD',
  '41112': 'Ubiquiti',
};

/** By description first: it tells versions. */
export const snmpProducts: readonly ProductRule[] = [
  {
    when: {
      description: /^Cisco IOS Software\b.{0,200}?, Version (\d[\w.()]*)/,
    },
    product: 'Cisco IOS SNMP server',
    version: '$1',
    os: 'IOS',
    device: 'router',
    cpe: 'o:cisco:ios',
  },
  {
    when: { description: /^Cisco Adaptive Security Appliance Version (\d[\w.()]*)/ },
    product: 'Cisco ASA SNMP server',
    version: '$1',
    device: 'firewall',
  },
  {
    when: { description: /^Juniper Networks, Inc\. (\S{1,30}) .{0,200}?\bJUNOS (\d[\w.-]*)/ },
    product: 'Juniper $1 SNMP server',
    version: '$2',
    os: 'Junos OS',
    device: 'router',
    cpe: 'o:juniper:junos',
  },
  {
    when: { description: /^RouterOS (\S{1,30})/ },
    product: 'MikroTik $1 SNMP server',
    os: 'RouterOS',
    device: 'router',
  },
  {
    when: { description: /^Hardware: .{0,200}? - Software: Windows .{0,40}?Version \d/ },
    product: 'Microsoft Windows SNMP service',
    os: 'Windows',
  },
  {
    when: { description: /^VMware ESXi? (\d[\w.]*) / },
    product: 'VMware ESXi SNMP server',
    version: '$1',
    os: 'ESXi',
  },
  {
    when: { description: /^Linux /, vendor: /^net-snmp$/ },
    product: 'net-snmp',
    os: 'Linux',
    cpe: 'a:net-snmp:net-snmp',
  },
  {
    when: { description: /^HP ETHERNET MULTI-ENVIRONMENT/ },
    product: 'HP JetDirect SNMP server',
    device: 'printer',
  },
  { when: { vendor: /^net-snmp$/ }, product: 'net-snmp', cpe: 'a:net-snmp:net-snmp' },
  { when: { vendor: /^(.{2,40})$/ }, product: '$1 SNMP server', confidence: 7 },
];
