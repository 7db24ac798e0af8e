/** What servers of these protocols have said, each with where it comes from. @module */

import { bytesFrom, le32, u16, zeros } from '../../byte-writer.ts';
import { hex, latin1, type Sample } from '../../sample.laws.ts';

const s7Confirm = hex('0300001611d00001000100c0010ac1020100c2020102');
const s7Setup = hex('0300001b02f080320300000000000800000000f0000001000100f0');

/** The answers. */
export const machinesSamples: readonly Sample[] = [
  // Modbus Application Protocol 1.1b3, 6.21 and 7.
  {
    protocol: 'modbus',
    bytes: modbusAnswer('Company identification', 'Product code XX', 'V2.11'),
    facts: { vendor: 'Company identification', model: 'Product code XX', revision: 'V2.11', unit: '255' },
    product: 'Company identification Product code XX',
    version: '2.11',
  },
  { protocol: 'modbus', bytes: hex('706f00000003ffab0b'), facts: { refusal: 'that unit does not answer' } },
  // RFC 1006 and ISO 8073, 13.4; Siemens' "System Software for S7-300/400, System and Standard Functions", lists 0x11, 0x1c.
  { protocol: 's7comm', name: 'iso-tsap', bytes: s7Confirm },
  { protocol: 's7comm', bytes: bytesFrom(s7Confirm, s7Setup) },
  {
    protocol: 's7comm',
    bytes: bytesFrom(
      s7Confirm,
      s7Setup,
      s7List(0x11, [
        bytesFrom(u16(1), '6ES7 315-2EH14-0AB0 ', u16(0xc0), u16(4), u16(1)),
        bytesFrom(u16(7), zeros(20), u16(0xc0), 0x56, 3, 2, 6),
      ]),
      s7List(0x1c, [
        bytesFrom(u16(1), 'SIMATIC 300', zeros(21)),
        bytesFrom(u16(5), 'S C-C2UR28922012', zeros(16)),
        bytesFrom(u16(7), 'CPU 315-2 PN/DP', zeros(17)),
      ]),
    ),
    facts: { system: 'SIMATIC 300', serial: 'S C-C2UR28922012', moduleType: 'CPU 315-2 PN/DP' },
    product: 'Siemens S7 6ES7 315-2EH14-0AB0',
    version: '3.2.6',
  },
  // ASHRAE 135, clause 20 and annex J: one property, then those of a device, then a refusal.
  {
    protocol: 'bacnet',
    transport: 'udp',
    bytes: hex('810a0017010030f10c0c023fffff194b3ec4020000013f'),
    facts: { instance: '1' },
  },
  {
    protocol: 'bacnet',
    transport: 'udp',
    bytes: bacnetAnswer({
      75: [0xc4, 2, 0, 4, 210],
      77: 'AHU-1',
      121: 'Lab Controls',
      120: [0x21, 36],
      70: 'LC-500',
      44: '4.2.1',
    }),
    facts: { instance: '1234', objectName: 'AHU-1', vendorId: '36' },
    product: 'Lab Controls LC-500',
    version: '4.2.1',
  },
  { protocol: 'bacnet', transport: 'udp', bytes: hex('810a00090100607009'), facts: { answer: 'refused' } },
  // CIP volume 2, 2-4.2.
  ...(['tcp', 'udp'] as const).map(
    (transport): Sample => ({
      protocol: 'EtherNetIP-2',
      ...(transport === 'udp' && { transport }),
      bytes: identityAnswer('1756-ENBT/A'),
      facts: { vendorId: '1', revision: '6.6', serial: '0x00a1b2c3' },
      product: 'Rockwell Automation 1756-ENBT/A',
      version: '6.6',
    }),
  ),
  // OPC UA part 6, 7.1.2.4 and 7.1.2.5.
  {
    protocol: 'opc-ua',
    bytes: bytesFrom('ACKF', le32(28), le32(0), le32(65_535), le32(65_535), le32(0), le32(0)),
    facts: { protocol: '0' },
  },
  {
    protocol: 'opc-ua',
    bytes: bytesFrom('ERRF', le32(20), le32(0x8083_0000), le32(4), 'nope'),
    facts: { error: '0x80830000', reason: 'nope' },
  },
  // IEC 60870-5-104, 5.3; IEEE 1815, 9.2.6.
  { protocol: 'iec-104', bytes: hex('680483000000') },
  { protocol: 'dnp3', bytes: hex('0564050b03000100fbfa'), facts: { address: '1', answer: 'link status' } },
  // A station as Tridium's documentation of its hello has it.
  {
    protocol: 'niagara-fox',
    bytes: latin1(
      'fox a 0 -1 fox hello\n{\nfox.version=s:1.0.1\nid=i:55\nhostName=s:10.0.0.5\nhostAddress=s:10.0.0.5\napp.name=s:Station\napp.version=s:3.8.38\nvm.name=s:Java HotSpot(TM) Client VM\nvm.version=s:1.5.0_34-b28\nos.name=s:QNX\nstation.name=s:LAB\nlang=s:en\ntimeZone=s:UTC;0;0;null;null\nhostId=s:Qnx-NPM2-0000-0000-0000\nbrandId=s:vykon\n};;\n',
    ),
    facts: { hostname: '10.0.0.5', station: 'LAB', system: 'QNX' },
    product: 'Tridium Niagara Station',
    version: '3.8.38',
    info: 'brand vykon',
  },
  // Veeder-Root's serial interface manual (576013-635), function I902.
  {
    protocol: 'atg',
    bytes: latin1(
      '\x01\r\nI90200\r\nDEC  1, 2026  5:10 AM\r\n\r\nSOFTWARE REVISION LEVEL\r\nVERSION 131.02\r\nSOFTWARE# 346331-100-C\r\nCREATED - 10.05.14.09.37\r\n\r\n\x03',
    ),
    facts: { version: '131.02' },
    product: 'Veeder-Root tank gauge',
    version: '131.02',
  },
  { protocol: 'atg', bytes: latin1('\x019999FF1B\x03') },
  // EN 13321-2, 7.5.2 and 7.5.4.2.
  {
    protocol: 'knx',
    transport: 'udp',
    bytes: bytesFrom(
      hex('06100204004436010200110a0000'),
      hex('00c501010203e000170c000102030405'),
      'KNX IP Router',
      zeros(17),
      hex('0802020102010301'),
    ),
    facts: { address: '1.1.10', mac: '00:01:02:03:04:05' },
    product: 'KNX IP Router',
  },
  // Omron W227, 5-3-8; Mitsubishi's SLMP reference.
  {
    protocol: 'fins',
    transport: 'udp',
    bytes: bytesFrom(
      hex('c000020063000000007005010000'),
      'CJ2M-CPU32'.padEnd(20),
      '02.01'.padEnd(20),
      zeros(40),
    ),
    product: 'Omron CJ2M-CPU32',
    version: '02.01',
  },
  {
    protocol: 'melsec',
    bytes: bytesFrom(hex('d00000ffff030014000000'), 'Q03UDECPU'.padEnd(16), hex('6802')),
    product: 'Mitsubishi MELSEC Q03UDECPU',
  },
  // saned of Debian 12; RFC 1179 leaves the words of queues to servers: LPRng's and CUPS's.
  {
    protocol: 'sane-port',
    bytes: hex('0000000001010003'),
    facts: { version: '1.1' },
    product: 'SANE network scanner',
  },
  { protocol: 'sane-port', bytes: hex('0000000b01010003'), facts: { access: 'denied' }, product: 'SANE' },
  {
    protocol: 'printer',
    bytes: latin1("Printer: portolan@lab - ERROR: spool queue for 'portolan' does not exist on server lab\n"),
    product: 'LPRng lpd',
  },
  { protocol: 'printer', bytes: latin1('lpd: portolan: unknown printer\n') },
];

function modbusAnswer(...objects: readonly string[]): Uint8Array {
  const list = objects.flatMap((text, id) => [id, text.length, ...latin1(text)]);
  const content = bytesFrom(255, 0x2b, 0x0e, 1, 1, 0, 0, objects.length, list);
  return bytesFrom(u16(0x706f), u16(0), u16(content.length), content);
}

function s7List(list: number, records: readonly Uint8Array[]): Uint8Array {
  const bytes = records[0]?.length ?? 0;
  const body = bytesFrom(u16(list), u16(0), u16(bytes), u16(records.length), ...records);
  const answer = bytesFrom(0xff, 9, u16(body.length), body);
  const head = bytesFrom(0x32, 7, 0, 0, 0, 0, u16(12), u16(answer.length), hex('000112081284010100000000'));
  return bytesFrom(3, 0, u16(7 + head.length + answer.length), hex('02f080'), head, answer);
}

function bacnetAnswer(values: Readonly<Record<number, string | readonly number[]>>): Uint8Array {
  const results = Object.entries(values).map(([property, value]) => {
    const text = typeof value === 'string' ? [0x75, value.length + 1, 0, ...latin1(value)] : value;
    return bytesFrom(0x29, Number(property), 0x4e, text, 0x4f);
  });
  const content = bytesFrom(hex('010030700e0c020004d21e'), ...results, 0x1f);
  return bytesFrom(0x81, 0x0a, u16(4 + content.length), content);
}

function identityAnswer(model: string): Uint8Array {
  const item = bytesFrom(
    [1, 0, ...hex('0002af12c0a80105'), ...zeros(8)],
    hex('01000c003a0006066000c3b2a100'),
    [model.length, ...latin1(model), 3],
  );
  const body = bytesFrom(hex('01000c00'), [item.length, 0], item);
  return bytesFrom(hex('6300'), [body.length, 0], zeros(8), latin1('portolan'), zeros(4), body);
}
