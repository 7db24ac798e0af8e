/**
 * What the texts of announced services say of their device (DNS-SD, RFC 6763, 6). Sources: Bonjour Printing Specification
 * 1.2.1; HomeKit Accessory Protocol, table of accessory categories; what devices were seen to announce.
 *
 * @module
 */

import type { DeviceKind } from '../../model/device-fact.ts';
import type { DeviceClaim, Weight } from './contract.ts';
import { kindOf, makerOf, measured, modelOf } from './words.ts';

/** The texts of a service by their keys, in small letters. */
export type Texts = ReadonlyMap<string, string>;

/** What a service that is announced says; `label` is its name for people. */
export function claimsOfAnnounced(type: string, label: string, texts: Texts): readonly DeviceClaim[] {
  const read = readers.get(type);
  return [...(read === undefined ? [] : read(texts, label)), ...idsIn(texts)];
}

type Reader = (texts: Texts, label: string) => readonly DeviceClaim[];

/** A printer is one by its own queue; what a server of printers lends to others stands below `printers/`. */
const printer: Reader = (texts, label) => {
  if (/^(?:printers|classes)\//.test(texts.get('rp') ?? '')) return measured('mdns', 'queue', label);
  const vendor = texts.get('usb_mfg');
  const model = texts.get('usb_mdl') ?? texts.get('ty') ?? /^\((.*)\)$/.exec(texts.get('product') ?? '')?.[1];
  return [
    ...kindOf('mdns', 'printer', 3),
    ...measured('mdns', 'vendor', makerOf(vendor)),
    ...measured('mdns', 'model', modelOf(model)),
    ...measured('mdns', 'location', texts.get('note')),
  ];
};

/** Apple's own: what others pretend to be, for the picture of it, has no version of macOS. */
const deviceInfo: Reader = (texts) => {
  const model = texts.get('model') ?? '';
  const known = appleModels.find(({ is }) => is.test(model));
  const isMac = texts.has('osxvers') && /^(?:Mac|iMac)/.test(model);
  if (known === undefined && !isMac) return measured('mdns', 'pretends', model);
  return [
    ...kindOf('mdns', isMac ? 'workstation' : known?.kind, 2),
    ...measured('mdns', 'vendor', 'Apple'),
    ...measured('mdns', 'model', model),
  ];
};

const appleModels: readonly { readonly is: RegExp; readonly kind: DeviceKind }[] = [
  { is: /^iPhone\d+,\d+$/, kind: 'phone' },
  { is: /^AppleTV\d+,\d+$/, kind: 'tv' },
  { is: /^AudioAccessory\d+,\d+$/, kind: 'media' },
];

const airPlay: Reader = (texts, label) => {
  const model = texts.get('model') ?? texts.get('am') ?? '';
  const known = appleModels.find(({ is }) => is.test(model));
  const name = label.replace(/^[\dA-F]{12}@/i, '');
  return [
    ...measured('mdns', 'title', name),
    // Macs and other makers' televisions take it too.
    ...kindOf('mdns', known?.kind ?? (isAppleModel.test(model) ? undefined : 'media'), known ? 2 : 1),
    ...measured('mdns', 'vendor', makerOf(texts.get('manufacturer') ?? (known && 'Apple'))),
    ...measured('mdns', 'model', modelOf(model)),
  ];
};

const cast: Reader = (texts) => [
  ...measured('mdns', 'title', texts.get('fn')),
  ...kindOf('mdns', 'media', 1),
  ...measured('mdns', 'model', modelOf(texts.get('md'))),
];

/** The category is a number of its own table. */
const homeKit: Reader = (texts, label) => [
  ...measured('mdns', 'title', label),
  ...kindOf('mdns', homeKitKinds[texts.get('ci') ?? ''], 3),
  ...measured('mdns', 'model', modelOf(texts.get('md'))),
];

const homeKitKinds: Readonly<Record<string, DeviceKind>> = {
  ...Object.fromEntries(
    [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 28, 29, 30].map((number) => [
      String(number),
      'iot' as const,
    ]),
  ),
  17: 'camera',
  24: 'tv',
  25: 'media',
  26: 'media',
  27: 'router',
  31: 'tv',
  33: 'router',
  34: 'media',
  35: 'media',
  36: 'media',
};

/** A maker's own service: what it is follows from that alone. */
function makers(kind: DeviceKind, weight: Weight, vendor?: string, modelKey = 'model'): Reader {
  return (texts, label) => [
    ...measured('mdns', 'title', label),
    ...kindOf('mdns', kind, weight),
    ...measured('mdns', 'vendor', vendor),
    ...measured('mdns', 'model', modelOf(texts.get(modelKey))),
    ...measured('mdns', 'version', texts.get('version') ?? texts.get('ver') ?? texts.get('fw_version')),
  ];
}

const synology: Reader = (texts, label) =>
  texts.get('vendor')?.startsWith('Synology') === true ? makers('nas', 3, 'Synology')(texts, label) : [];

/** What a device is known by, and nobody else. */
function idsIn(texts: Texts): readonly DeviceClaim[] {
  const [id, mac] = [texts.get('id'), texts.get('deviceid')].map((text) => text ?? '');
  const uuid = texts.get('uuid') ?? '';
  return [
    ...(/^[\da-f]{32}$|^(?:[\da-f]{2}:){5}[\da-f]{2}$/i.test(id ?? '') ? measured('mdns', 'id', id) : []),
    ...(/^(?:[\da-f]{2}:){5}[\da-f]{2}$/i.test(mac ?? '') ? measured('mdns', 'id', mac) : []),
    ...(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(uuid)
      ? measured('mdns', 'uuid', uuid.toLowerCase())
      : []),
  ];
}

const isAppleModel = /^(?:Mac|iMac|iPad|iPhone|AppleTV|AudioAccessory)[A-Za-z]*\d+,\d+$/;
const readers: ReadonlyMap<string, Reader> = new Map([
  ['_ipp._tcp', printer],
  ['_ipps._tcp', printer],
  ['_pdl-datastream._tcp', printer],
  ['_device-info._tcp', deviceInfo],
  ['_airplay._tcp', airPlay],
  ['_raop._tcp', airPlay],
  ['_googlecast._tcp', cast],
  ['_hap._tcp', homeKit],
  ['_hap._udp', homeKit],
  ['_androidtvremote2._tcp', makers('tv', 2)],
  ['_axis-video._tcp', makers('camera', 3, 'Axis')],
  ['_sonos._tcp', makers('media', 3, 'Sonos')],
  ['_hue._tcp', makers('iot', 3, 'Signify', 'modelid')],
  ['_shelly._tcp', makers('iot', 3, 'Shelly', 'app')],
  ['_esphomelib._tcp', makers('iot', 3, undefined, 'board')],
  ['_http._tcp', synology],
]);
