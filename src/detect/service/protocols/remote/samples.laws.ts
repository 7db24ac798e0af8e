/** What servers of these protocols have said, each with where it comes from. @module */

import { hex, latin1, type Sample } from '../../sample.laws.ts';

/** The answers. */
export const remoteSamples: readonly Sample[] = [
  // Xvfb of Debian 12, cut short; the refusal by the X Window System Protocol, chapter 8.
  {
    protocol: 'X11',
    bytes: hex(
      '01000b00000053098fa5b80000002000ffff1f00000100001400ffff01060000202008ff0000000054686520582e4f726720466f756e646174696f6e01012000',
    ),
    facts: { access: 'granted' },
    product: 'X.Org X server',
    version: '21.1.7',
    cpe: ['cpe:/a:x.org:x_server:21.1.7'],
  },
  {
    protocol: 'X11',
    bytes: latin1('\0\x17\x0b\0\0\0\x06\0Authorization required\n\0'),
    facts: { access: 'refused', reason: 'Authorization required' },
  },
  // rmiregistry and jdwp of OpenJDK 17, Tomcat 10, epmd of Erlang 25, all of Debian 12; epmd's nodes by its document.
  { protocol: 'java-rmi', bytes: latin1('N\0\x09127.0.0.1\0\0\xe2\x5c'), product: 'Java RMI' },
  { protocol: 'ajp13', bytes: latin1('AB\0\x01\x09') },
  { protocol: 'jdwp', bytes: latin1('JDWP-Handshake'), product: 'Java Debug Wire Protocol' },
  { protocol: 'epmd', bytes: latin1('\0\0\x11\x11'), product: 'Erlang Port Mapper Daemon' },
  {
    protocol: 'epmd',
    bytes: latin1('\0\0\x11\x11name rabbit at port 25672\n'),
    facts: { nodes: ['rabbit 25672'] },
    product: 'Erlang Port Mapper Daemon',
  },
  // zabbix-agent and zabbix-proxy of Debian 12.
  {
    protocol: 'zabbix-agent',
    bytes: latin1('ZBXD\x01\x06\0\0\0\0\0\0\x006.0.14'),
    product: 'Zabbix agent',
    version: '6.0.14',
    cpe: ['cpe:/a:zabbix:zabbix_agent:6.0.14'],
  },
  {
    protocol: 'zabbix-trapper',
    bytes: latin1(
      'ZBXD\x01Z\0\0\0\0\0\0\0{"response":"success","info":"processed: 0; failed: 0; total: 0; seconds spent: 0.000016"}',
    ),
    product: 'Zabbix server or proxy',
  },
  // munin-node, nagios-nrpe-server and nsca of Debian 12.
  {
    protocol: 'munin',
    bytes: latin1('# munin node at node.lab\n'),
    facts: { hostname: 'node.lab' },
    product: 'Munin node',
  },
  {
    protocol: 'munin',
    bytes: latin1('# munin node at node.lab\nmunins node on node.lab version: 2.0.73\n'),
    product: 'Munin node',
    version: '2.0.73',
  },
  {
    protocol: 'nrpe',
    bytes: Uint8Array.from([
      ...latin1('\0\x02\0\x02\xe2\x5a\x1d\x07\0\0NRPE v4.1.0'),
      ...new Uint8Array(1015),
    ]),
    product: 'Nagios NRPE',
    version: '4.1.0',
  },
  {
    protocol: 'nsca',
    bytes: Uint8Array.from([
      ...Array.from({ length: 128 }, (_, i) => (i * 89 + 41) & 0xff),
      0x6b,
      0x0e,
      0x52,
      0xd6,
    ]),
  },
];
