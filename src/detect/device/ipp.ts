/**
 * IPP: what a printer says of itself (RFC 8011, 4.2.5), at the place where printers have themselves (IPP Everywhere 1.1,
 * 4.2.1). A queue that a server lends is no printer, whatever model it is for.
 *
 * @module
 */

import { ByteReader } from '../service/byte-reader.ts';
import { bytesFrom, type Part, u16, u32 } from '../service/byte-writer.ts';
import { textOf } from '../service/text.ts';
import { exchangeHttp, httpRequest, nothingLearnt } from './ask.ts';
import type { DeviceQuestion, DeviceTalk, Learnt } from './contract.ts';
import { uuidIn } from './of-service.ts';
import { kindOf, makerOf, measured, modelOf } from './words.ts';

/** The printer's attributes. */
export const ippQuestion: DeviceQuestion = {
  name: 'ipp',
  transport: 'tcp',
  port: 631,
  *ask({ address }): DeviceTalk {
    const host = `${address.includes(':') ? `[${address}]` : address}:631`;
    const bytes = attributesWanted(`ipp://${host}${place}`);
    const answer = yield* exchangeHttp(httpRequest('POST', place, host, { type: 'application/ipp', bytes }));
    return answer?.status === '200' && answer.body !== undefined ? readPrinter(answer.body) : nothingLearnt;
  },
};

/** Reads the answer to that. */
export function readPrinter(bytes: Uint8Array): Learnt {
  const attributes = attributesIn(bytes);
  if (attributes === undefined) return nothingLearnt;
  const of = (name: string) => attributes.get(name)?.[0];
  const queues = attributes.get('printer-uri-supported') ?? [];
  const isQueue = queues.some((uri) => /\/(?:printers|classes)\//.test(uri));
  const [model, name] = [of('printer-make-and-model'), of('printer-dns-sd-name') ?? of('printer-name')];
  if (isQueue) return { claims: measured('ipp', 'queue', name) };
  if (model === undefined && name === undefined) return nothingLearnt;
  const id = deviceIdIn(of('printer-device-id'));
  return {
    claims: [
      ...measured('ipp', 'name', name),
      ...kindOf('ipp', 'printer', 3),
      ...measured('ipp', 'vendor', makerOf(id.get('MFG') ?? id.get('MANUFACTURER'))),
      ...measured('ipp', 'model', modelOf(model)),
      ...measured('ipp', 'version', of('printer-firmware-string-version')),
      ...measured('ipp', 'description', of('printer-info')),
      ...measured('ipp', 'uuid', uuidIn(of('printer-uuid'))),
    ],
  };
}

/** Get-Printer-Attributes in version 1.1, which all speak. */
function attributesWanted(uri: string): Uint8Array {
  const attribute = (tag: number, name: string, value: string): readonly Part[] => [
    tag,
    u16(name.length),
    name,
    u16(value.length),
    value,
  ];
  return bytesFrom(
    [1, 1],
    u16(0x000b),
    u32(1),
    0x01,
    ...attribute(0x47, 'attributes-charset', 'utf-8'),
    ...attribute(0x48, 'attributes-natural-language', 'en'),
    ...attribute(0x45, 'printer-uri', uri),
    ...wanted.flatMap((name, i) => attribute(0x44, i === 0 ? 'requested-attributes' : '', name)),
    0x03,
  );
}

/** The texts of an answer's attributes by their names; undefined where it is none, or says no (RFC 8010, 3.1). */
function attributesIn(bytes: Uint8Array): ReadonlyMap<string, readonly string[]> | undefined {
  const reader = new ByteReader(bytes);
  const major = reader.u8();
  reader.u8();
  const status = reader.u16();
  reader.u32();
  if (reader.isShort || major < 1 || major > 2 || status >= 0x0100) return undefined;
  const attributes = new Map<string, string[]>();
  let name = '';
  for (let read = 0; read < mostAttributes && reader.left > 0; read++) {
    const tag = reader.u8();
    if (tag === 0x03) break;
    // The beginning of a group.
    if (tag < 0x10) continue;
    const own = textOf(reader.take(reader.u16()));
    const value = reader.take(reader.u16());
    if (reader.isShort) break;
    // A further value of the same attribute has no name.
    if (own !== '') name = own;
    if (tag < 0x40) continue;
    const values = attributes.get(name) ?? [];
    attributes.set(name, [...values.slice(0, mostValues), textOf(value)]);
  }
  return attributes;
}

/** IEEE 1284: pairs such as `MFG:HP;MDL:LaserJet;`. */
function deviceIdIn(text = ''): ReadonlyMap<string, string> {
  return new Map(
    text.split(';', 32).flatMap((pair) => {
      const [, key, value] = /^\s*([A-Za-z ]{1,32}):(.{1,200})$/.exec(pair) ?? [];
      return key === undefined || value === undefined ? [] : [[key.trim().toUpperCase(), value.trim()]];
    }),
  );
}

const place = '/ipp/print';
const wanted = [
  'printer-make-and-model',
  'printer-name',
  'printer-dns-sd-name',
  'printer-info',
  'printer-uuid',
  'printer-device-id',
  'printer-uri-supported',
  'printer-firmware-string-version',
] as const;
const mostAttributes = 256;
const mostValues = 16;
