/** What servers of these protocols have said, each with where it comes from. @module */

import { bytesFrom, u16, u32, zeros } from '../../byte-writer.ts';
import { hex, latin1, type Sample } from '../../sample.laws.ts';

/** krb5kdc 1.20.1 of Debian. */
const ticketError =
  '~\x81\xa60\x81\xa3\xa0\x03\x02\x01\x05\xa1\x03\x02\x01\x1e\xa4\x11\x18\x0f20261201045437Z\xa5\x05\x02\x03\x06\xfe3\xa6\x03\x02\x01\x06\xa7\x12\x1b\x10PORTOLAN.INVALID\xa8\x150\x13\xa0\x03\x02\x01\x01\xa1\x0c0\x0a\x1b\x08portolan\xa9\x12\x1b\x10PORTOLAN.INVALID\xaa%0#\xa0\x03\x02\x01\x02\xa1\x1c0\x1a\x1b\x06krbtgt\x1b\x10PORTOLAN.INVALID\xab\x12\x1b\x10CLIENT_NOT_FOUND';

/** The answers. */
export const namesSamples: readonly Sample[] = [
  {
    // nmbd 4.17.12 of Debian.
    protocol: 'netbios-ns',
    transport: 'udp',
    bytes: latin1(
      `PO\x84\0\0\0\0\x01\0\0\0\0 CK${'A'.repeat(30)}\0\0!\0\x01\0\0\0\0\0\xad\x07LABHOST        \0\x04\0LABHOST        \x03\x04\0LABHOST         \x04\0\x01\x02__MSBROWSE__\x02\x01\x84\0LABGROUP       \0\x84\0LABGROUP       \x1d\x04\0LABGROUP       \x1e\x84\0${'\0'.repeat(46)}`,
    ),
    facts: { hostname: 'LABHOST', workgroup: 'LABGROUP', mac: '00:00:00:00:00:00' },
    product: 'Samba nmbd netbios-ns',
    info: 'workgroup: LABGROUP',
    cpe: ['cpe:/a:samba:samba'],
  },
  {
    // RFC 1002, 4.2.18: a machine that has a hardware address to tell.
    protocol: 'netbios-ns',
    transport: 'udp',
    bytes: nodeStatus(
      [
        nodeName('CHARTROOM', 0),
        nodeName('CHARTROOM', 0x20),
        nodeName('HARBOUR', 0, 'group'),
        nodeName('HARBOUR', 0x1e, 'group'),
        nodeName('HARBOUR', 0x1d),
      ],
      [0x02, 0x00, 0x5e, 0x10, 0x20, 0x30],
    ),
    facts: {
      hostname: 'CHARTROOM',
      workgroup: 'HARBOUR',
      mac: '02:00:5e:10:20:30',
      names: ['CHARTROOM<00>', 'CHARTROOM<20>', 'HARBOUR<00> group', 'HARBOUR<1e> group', 'HARBOUR<1d>'],
    },
    info: 'workgroup: HARBOUR',
  },
  {
    // avahi-daemon 0.8 of Debian, asked for its address, its services and its workstations.
    protocol: 'mdns',
    transport: 'udp',
    bytes: latin1(
      'PO\x84\0\0\x03\0\x04\0\0\0\0\x011\x010\x0299\x0210\x07in-addr\x04arpa\0\0\x0c\x80\x01\x09_services\x07_dns-sd\x04_udp\x05local\0\0\x0c\x80\x01\x0c_workstation\x04_tcp\xc0?\0\x0c\x80\x01\xc0J\0\x0c\0\x01\0\0\0\x0a\0\x1e\x1blabhost [f2:20:b6:32:67:91]\xc0J\xc0n\0!\0\x01\0\0\0\x0a\0\x10\0\0\0\0\0\x09\x07labhost\xc0?\xc0(\0\x0c\0\x01\0\0\0\x0a\0\x02\xc0J\xc0\x0c\0\x0c\0\x01\0\0\0\x0a\0\x02\xc0\x9e',
    ),
    facts: { hostname: 'labhost.local', services: ['_workstation._tcp'] },
  },
  {
    // In the form of RFC 4795, 2.1.1: the name of 127.0.0.1.
    protocol: 'llmnr',
    transport: 'udp',
    bytes: latin1(
      'PO\x80\0\0\x01\0\x01\0\0\0\0\x011\x010\x010\x03127\x07in-addr\x04arpa\0\0\x0c\0\x01\xc0\x0c\0\x0c\0\x01\0\0\0\x1e\0\x09\x07labhost\0',
    ),
    facts: { hostname: 'labhost' },
  },
  {
    // minidlnad 1.3.0 of Debian, asked by multicast.
    protocol: 'ssdp',
    transport: 'udp',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nDATE: Tue, 01 Dec 2026 04:46:13 GMT\r\nST: upnp:rootdevice\r\nUSN: uuid:4d696e69-444c-164e-9d41-d293d9b80b46::upnp:rootdevice\r\nEXT:\r\nSERVER: Debian DLNADOC/1.50 UPnP/1.0 MiniDLNA/1.3.0\r\nLOCATION: http://10.99.0.1:8200/rootDesc.xml\r\nContent-Length: 0\r\n\r\n',
    ),
    facts: { location: 'http://10.99.0.1:8200/rootDesc.xml', searchTarget: 'upnp:rootdevice' },
    product: 'MiniDLNA',
    version: '1.3.0',
    cpe: ['cpe:/a:readymedia_project:readymedia:1.3.0'],
  },
  {
    // In the form that the UPnP Device Architecture 2.0 gives, 1.3.3.
    protocol: 'ssdp',
    transport: 'udp',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\nSERVER: Linux/5.4 UPnP/1.1 Lamp Bridge/1.50.0\r\n\r\n',
    ),
    product: 'Lamp Bridge',
    version: '1.50.0',
  },
  {
    // A camera, in the form of ONVIF's core specification, 7.3.
    protocol: 'ws-discovery',
    transport: 'udp',
    bytes: latin1(
      '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header><a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header><s:Body><d:ProbeMatches xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:98190dc2-0890-4ef8-ac9a-5940995e6119</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/hardware/M11 onvif://www.onvif.org/name/Door</d:Scopes><d:XAddrs>http://10.0.0.9/onvif/device_service</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>',
    ),
    facts: {
      types: ['NetworkVideoTransmitter', 'Device'],
      addresses: ['http://10.0.0.9/onvif/device_service'],
      endpoint: 'urn:uuid:98190dc2-0890-4ef8-ac9a-5940995e6119',
      hardware: 'M11',
      deviceName: 'Door',
    },
  },
  {
    // RFC 5905, 7.3: a server with a receiver of its own, asked in version 3.
    protocol: 'ntp',
    transport: 'udp',
    bytes: bytesFrom(
      // No leap second, version 3, a server; stratum 1; asked each 2^6 s; a clock of 2^-20 s.
      [0x1c, 1, 6, 0x100 - 20],
      // Delay and dispersion to the clock itself, 0 and 2^-12 s, and what clock it is.
      u32(0),
      u32(16),
      'GPS\0',
      // When the clock was set, the client's own time, when the question came, when the answer went.
      ntpTime('2026-05-04T10:20:16Z'),
      ntpTime('2026-05-04T10:20:29Z'),
      ntpTime('2026-05-04T10:20:30Z'),
      ntpTime('2026-05-04T10:20:30Z'),
    ),
    facts: { stratum: '1', referenceId: 'GPS', time: '2026-05-04T10:20:30.000Z' },
    info: 'v3, stratum 1',
  },
  {
    // ntpd 1.2.2 of ntpsec of Debian, which has no time yet.
    protocol: 'ntp',
    transport: 'udp',
    bytes: latin1(
      '\xe4\0\0\xe8\0\0\0\0\0\0\0\x11INIT\0\0\0\0\0\0\0\0\x01\x02\x03\x04b\xaf\x14\x9e\xee\xb8\xcfv\xc9\xffi\x8e\xee\xb8\xcfv\xca\x06\xb22',
    ),
    facts: { stratum: '0', referenceId: 'INIT', synchronized: 'no' },
    info: 'v4, not synchronized',
  },
  {
    // The same, asked for its variables.
    protocol: 'ntp',
    transport: 'udp',
    bytes: latin1(
      '\xd6\x82\0\x01\xc0\x16\0\0\0\0\x01Yleap=3, stratum=16, precision=-24, rootdelay=0.000, rootdisp=0.075,\r\nrefid=INIT, reftime=0x00000000.00000000, tc=0, peer=0, offset=0.000000,\r\nfrequency=0.000000, sys_jitter=0.000000, clk_jitter=0.000060,\r\nclock=0xeeb8cf93.20eb60ae, processor="x86_64",\r\nsystem="Linux/6.18.44-fc-v769", version="ntpd ntpsec-1.2.2",\r\nclk_wander=0.000000, mintc=0\r\n\0\0\0',
    ),
    facts: { stratum: '16', processor: 'x86_64' },
    product: 'NTPsec ntpd',
    version: '1.2.2',
    os: 'Linux',
    cpe: ['cpe:/a:ntpsec:ntpsec:1.2.2'],
  },
  {
    // snmpd 5.9.3 of Debian.
    protocol: 'snmp',
    transport: 'udp',
    bytes: latin1(
      '0\x81\x88\x02\x01\x01\x04\x06public\xa2{\x02\x02PO\x02\x01\0\x02\x01\x000o0E\x06\x08+\x06\x01\x02\x01\x01\x01\0\x049Linux vm 6.18.44-fc-v769 #1 SMP PREEMPT_DYNAMIC @0 x86_640\x16\x06\x08+\x06\x01\x02\x01\x01\x02\0\x06\x0a+\x06\x01\x04\x01\xbf\x08\x03\x02\x0a0\x0e\x06\x08+\x06\x01\x02\x01\x01\x05\0\x04\x02vm',
    ),
    facts: { hostname: 'vm', objectId: '1.3.6.1.4.1.8072.3.2.10', vendor: 'net-snmp' },
    info: 'SNMPv2c server; public',
    product: 'net-snmp',
    os: 'Linux',
    cpe: ['cpe:/a:net-snmp:net-snmp'],
  },
  {
    // The same, asked for its engine.
    protocol: 'snmp',
    transport: 'udp',
    bytes: latin1(
      '0q\x02\x01\x030\x11\x02\x04\x01\x02\x03\x04\x02\x03\0\xff\xe3\x04\x01\0\x02\x01\x03\x04!0\x1f\x04\x11\x80\0\x1f\x88\x80\x1fGiX\xadP\x0ek\0\0\0\0\x02\x01\x01\x02\x01(\x04\0\x04\0\x04\x0006\x04\x11\x80\0\x1f\x88\x80\x1fGiX\xadP\x0ek\0\0\0\0\x04\0\xa8\x1f\x02\x04\x01\x02\x03\x04\x02\x01\0\x02\x01\x000\x110\x0f\x06\x0a+\x06\x01\x06\x03\x0f\x01\x01\x04\0A\x01\x01',
    ),
    facts: {
      engineId: '80001f88801f476958ad500e6b00000000',
      enterprise: '8072',
      engineBoots: '1',
      engineSeconds: '40',
    },
    info: 'SNMPv3 server',
    product: 'net-snmp',
  },
  {
    protocol: 'kerberos-sec',
    bytes: latin1(`\0\0\0\xa9${ticketError}`),
    facts: { time: '2026-12-01T04:54:37.000Z', error: 'client unknown' },
    info: 'server time: 2026-12-01T04:54:37.000Z',
    product: 'MIT Kerberos',
    cpe: ['cpe:/a:mit:kerberos_5'],
  },
  {
    protocol: 'kerberos-sec',
    transport: 'udp',
    bytes: latin1(ticketError),
    product: 'MIT Kerberos',
  },
  {
    // Windows, in the form of RFC 4120, 5.9.1: it tells its realm and no text.
    protocol: 'kerberos-sec',
    transport: 'udp',
    bytes: latin1(
      '~Q0O\xa0\x03\x02\x01\x05\xa1\x03\x02\x01\x1e\xa4\x11\x18\x0f20261201045437Z\xa5\x05\x02\x03\x06\xfe3\xa6\x03\x02\x01D\xa9\x0d\x1b\x0bCORP.LOCAL.\xaa\x150\x13\xa0\x03\x02\x01\0\xa1\x0c0\x0a\x1b\x08krbtgt01',
    ),
    facts: { realm: 'CORP.LOCAL.', error: 'wrong realm' },
  },
  {
    // FreeRADIUS 3.2.1 of Debian 12, and RFC 2865 for its words.
    protocol: 'radius',
    transport: 'udp',
    bytes: hex('03740014969f03d8bdd29bc11c4d453891f0adbc'),
    facts: { answer: 'rejected' },
  },
  {
    protocol: 'radius',
    transport: 'udp',
    bytes: latin1('\x03t\0\x1d................\x12\x09Go away'),
    facts: { answer: 'rejected', says: 'Go away' },
  },
  {
    // slapd 2.5 of Debian over TCP says so; without a connection it is the same message ([MS-ADTS] 3.1.1.3.3).
    protocol: 'ldap',
    transport: 'udp',
    bytes: latin1(
      '0B\x02\x01\x01d=\x04\x0009' +
        '0(\x04\x0bobjectClass1\x19\x04\x03top\x04\x12OpenLDAProotDSE\x20\x20\x20' +
        '0\x0d\x04\x04none1\x05\x04\x03abc' +
        '0\x0c\x02\x01\x01e\x07\x0a\x01\0\x04\0\x04\0',
    ),
    product: 'OpenLDAP',
  },
  {
    // krb5kdc 1.20.1 of Debian, told a length that cannot be.
    protocol: 'kerberos-sec',
    bytes: latin1(
      '\0\0\0^~\\0Z\xa0\x03\x02\x01\x05\xa1\x03\x02\x01\x1e\xa4\x11\x18\x0f20261201051952Z\xa5\x05\x02\x03\x0dA\x9c\xa6\x03\x02\x01=\xa9\x0d\x1b\x0bLAB.EXAMPLE\xaa 0\x1e\xa0\x03\x02\x01\x02\xa1\x170\x15\x1b\x06krbtgt\x1b\x0bLAB.EXAMPLE',
    ),
    facts: { realm: 'LAB.EXAMPLE', error: 'too long' },
    info: 'server time: 2026-12-01T05:19:52.000Z',
  },
  {
    // kadmind of the same.
    protocol: 'kerberos-sec',
    bytes: latin1(
      '\0\0\0[~Y0W\xa0\x03\x02\x01\x05\xa1\x03\x02\x01\x1e\xa4\x11\x18\x0f20261201051848Z\xa5\x05\x02\x03\x0dA\x9c\xa6\x03\x02\x01=\xa9\x0d\x1b\x0bLAB.EXAMPLE\xaa\x1d0\x1b\xa0\x03\x02\x01\x01\xa1\x140\x12\x1b\x06kadmin\x1b\x08changepw',
    ),
    name: 'kpasswd5',
    facts: { realm: 'LAB.EXAMPLE' },
  },
  // snmpd 5.9.3 of Debian, asked for a page of the web.
  { protocol: 'smux', bytes: latin1('A\x01\x03'), facts: { reason: '3' } },
  {
    // RFC 2453, 4.
    protocol: 'rip',
    transport: 'udp',
    bytes: hex('02020000000200000a000000ff0000000000000000000001'),
    facts: { version: '2', routes: '1' },
  },
  {
    // RFC 6886, 3.2 and 3.5.
    protocol: 'nat-pmp',
    transport: 'udp',
    bytes: hex('0080000000000010c6336405'),
    facts: { externalAddress: '198.51.100.5' },
  },
  { protocol: 'nat-pmp', transport: 'udp', bytes: hex('0080000100000010'), facts: { version: '0' } },
  {
    // RFC 2131, 4.3.5 and RFC 2132.
    protocol: 'dhcps',
    transport: 'udp',
    bytes: hex(`02010600706f7274${'00'.repeat(228)}6382536335010536040a00000103040a0000010f036c6162ff`),
    facts: { server: '10.0.0.1', router: '10.0.0.1', domain: 'lab' },
  },
  // BIND 9.18 of Debian 12 with `version none`: its own zone for the question stays.
  {
    protocol: 'domain',
    bytes: hex(
      '004d504f85000001000000010000' +
        '0776657273696f6e0462696e640000100003' +
        'c00c000600030001518000' +
        '23c00c0a686f73746d6173746572c00c000000000000708000001c2000093a8000015180',
    ),
    facts: { answer: 'ok' },
    product: 'ISC BIND',
  },
];

/** A node's answer about itself: its names, and after them its hardware address and statistics that are all 0. */
function nodeStatus(names: readonly Uint8Array[], unit: readonly number[]): Uint8Array {
  const data = bytesFrom(names.length, ...names, unit, zeros(40));
  return bytesFrom(
    // An answer with authority; no question in it, one record.
    ...[0x504f, 0x8400, 0, 1, 0, 0].map(u16),
    // The name `*`, each half of a byte a letter (RFC 1001, 14.1), and its type, class and time to live.
    [32, ...latin1(`CK${'A'.repeat(30)}`), 0],
    u16(0x21),
    u16(1),
    u32(0),
    u16(data.length),
    data,
  );
}

/** A name, what it stands for, and that it is active. */
function nodeName(name: string, suffix: number, kind?: 'group'): Uint8Array {
  return bytesFrom(name.padEnd(15), suffix, u16(kind === 'group' ? 0x8400 : 0x0400));
}

/** Seconds since 1900, and no part of one (RFC 5905, 6). */
function ntpTime(time: string): Uint8Array {
  return bytesFrom(u32((Date.parse(time) - Date.UTC(1900, 0)) / 1000), u32(0));
}
