/**
 * What buildings and filling stations have: Niagara's Fox (its hello, as stations exchange it in plain text), KNXnet/IP
 * (EN 13321-2, 7.5.2: the description of a device), gauges of tanks (Veeder-Root's serial interface, I902: which software
 * runs).
 *
 * @module
 */

import { macText } from '../../../../wire/address-text.ts';
import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Facts, Parsed, Protocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { bytesOf, holds, linesOf, textOf } from '../../text.ts';

/** A hello, and what a station answers before anybody logs in. */
export const fox: Protocol = {
  name: 'niagara-fox',
  transport: 'tcp',
  ports: [1911, 3011],
  tlsPorts: [4911],
  request: {
    cost: 9,
    toStrangers: 'closes',
    bytes: () => bytesOf('fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\n};;\n'),
  },
  parse: parseFox,
  isWhole: (bytes) => holds(bytes, '};;'),
  products: [
    {
      when: { app: /^(\w{2,30})$/, appVersion: /^(\d[\w.]*)/, brand: /^(\w[\w .-]{1,40})$/ },
      product: 'Tridium Niagara $1',
      version: '$2',
      info: 'brand $3',
      cpe: 'a:tridium:niagara',
    },
    {
      when: { appVersion: /^(\d[\w.]*)/ },
      product: 'Tridium Niagara',
      version: '$1',
      cpe: 'a:tridium:niagara',
    },
  ],
};

/** A gauge tells its software. Alarms and levels are not read. */
export const tankGauge: Protocol = {
  name: 'atg',
  transport: 'tcp',
  ports: [10001],
  request: { cost: 9, toStrangers: 'waits', bytes: () => bytesOf('\x01I90200\n') },
  parse: (bytes) => {
    const text = textOf(bytes.subarray(1));
    // The function comes back, or the word for one that is not known.
    if (bytes[0] !== 1 || !/^[\r\n]{0,4}I\d{5}[\r\n]|^9999FF1B/.test(text)) return undefined;
    const [, software] = /SOFTWARE ?#? ?:? ?([\w.-]{3,20})/.exec(text) ?? [];
    const [, version] = /VERSION ([\w.]{1,20})/.exec(text) ?? [];
    return {
      facts: { ...(software !== undefined && { software }), ...(version !== undefined && { version }) },
    };
  },
  isWhole: (bytes) => bytes.includes(3),
  products: [{ when: { version: /^(\d[\w.]*)/ }, product: 'Veeder-Root tank gauge', version: '$1' }],
};

/** Who a gateway to the wires of a building is. */
export const knx: DatagramProtocol = {
  name: 'knx',
  transport: 'udp',
  ports: [3671],
  request: { cost: 9, bytes: questionOf('knx') },
  parse: parseKnx,
  products: [{ when: { device: /^(\w.{1,29})$/ }, product: '$1' }],
};

function parseFox(bytes: Uint8Array): Parsed | undefined {
  const [first = '', ...lines] = linesOf(bytes, 40, true);
  if (!/^fox a \d{1,3} -?\d{1,3} fox (?:hello|challenge|rejected)$/.test(first)) return undefined;
  const facts: Record<string, string> = {};
  for (const line of lines) {
    const [, key = '', value = ''] = /^([\w.]{1,30})=[a-z]:(.{1,120})$/.exec(line) ?? [];
    const name = foxNames[key];
    if (name !== undefined) facts[name] ??= value.trim();
  }
  const told: Facts = facts;
  return { facts: told };
}

/** A description answer: the device's own block comes first. */
function parseKnx(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isAnswer = reader.u32() === 0x0610_0204 && reader.u16() === bytes.length;
  const [blockBytes, block] = [reader.u8(), reader.u8()];
  reader.take(2);
  const address = reader.u16();
  reader.u16();
  const serial = reader.take(6);
  reader.take(4);
  const mac = reader.take(6);
  const device = textOf(reader.take(30)).replace(/\0.*$/s, '').trim();
  if (!isAnswer || reader.isShort || blockBytes !== 54 || block !== 1) return undefined;
  return {
    facts: {
      address: `${address >> 12}.${(address >> 8) & 15}.${address & 255}`,
      serial: Buffer.from(serial).toString('hex'),
      mac: macText(mac),
      ...(device !== '' && { device }),
    },
  };
}

const foxNames: Readonly<Record<string, string>> = {
  hostName: 'hostname',
  'app.name': 'app',
  'app.version': 'appVersion',
  'vm.version': 'java',
  'os.name': 'system',
  'station.name': 'station',
  brandId: 'brand',
};
