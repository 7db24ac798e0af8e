/**
 * EtherNet/IP (CIP volume 2, 2-4.2): the identity of whoever listens, which needs no session.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Facts, Parsed, ProductRule, Protocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { textOf } from '../../text.ts';

/** Over TCP. */
export const ethernetIp: Protocol = {
  name: 'EtherNetIP-2',
  transport: 'tcp',
  ports: [44818],
  request: { cost: 9, toStrangers: 'waits', bytes: questionOf('ethernet-ip') },
  parse,
  isWhole: (bytes) => bytes.length >= 24 && bytes.length >= 24 + new ByteReader(bytes.subarray(2)).u16le(),
  products: products(),
};

/** The same message over UDP. */
export const ethernetIpDatagrams: DatagramProtocol = {
  name: 'EtherNetIP-2',
  transport: 'udp',
  ports: [44818],
  request: { cost: 9, bytes: questionOf('ethernet-ip') },
  parse,
  products: products(),
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isIdentity = reader.u16le() === 0x63;
  const length = reader.u16le();
  const [session, status] = [reader.u32le(), reader.u32le()];
  reader.take(12);
  const isHead = isIdentity && session === 0 && !reader.isShort && length === reader.left;
  if (!isHead || (status === 0) !== length > 2) return undefined;
  if (status !== 0) return status < 0x100 ? { facts: { status: `0x${status.toString(16)}` } } : undefined;
  const items = reader.u16le();
  const type = reader.u16le();
  // Its length, the version of the protocol, and the address.
  reader.take(2 + 2 + 16);
  const [vendor, kind, code] = [reader.u16le(), reader.u16le(), reader.u16le()];
  const revision = `${reader.u8()}.${reader.u8()}`;
  reader.u16le();
  const serial = reader.u32le();
  const model = textOf(reader.take(reader.u8())).trim();
  if (items === 0 || type !== 0x0c || reader.isShort || !/^[\x20-\x7e]*$/.test(model)) return undefined;
  const facts: Facts = {
    vendorId: `${vendor}`,
    deviceType: `${kind}`,
    productCode: `${code}`,
    revision,
    serial: `0x${serial.toString(16).padStart(8, '0')}`,
    ...(vendors[vendor] !== undefined && { vendor: vendors[vendor] }),
    ...(model !== '' && { model }),
  };
  return { facts };
}

function products(): readonly ProductRule[] {
  return [
    {
      when: { vendor: /^(.*)$/, model: /^(.{1,80})$/, revision: /^(.*)$/ },
      product: '$1 $2',
      version: '$3',
      device: 'specialized',
    },
    {
      when: { model: /^(.{1,80})$/, revision: /^(.*)$/ },
      product: '$1',
      version: '$2',
      device: 'specialized',
    },
  ];
}

/** ODVA's numbers of those that are met most. */
const vendors: Readonly<Record<number, string>> = {
  1: 'Rockwell Automation',
  40: 'WAGO',
  47: 'Omron',
  243: 'Schneider Electric',
};
