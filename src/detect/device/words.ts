/**
 * Words for devices: what others call their kinds, what of a text may be told, and which makers make software alone.
 *
 * @module
 */

import type { DeviceKind, DeviceSource } from '../../model/device-fact.ts';
import type { DeviceClaim, Weight } from './contract.ts';

/** Something that a device has answered itself; undefined where there is no text. */
export function measured(
  source: DeviceSource,
  field: string,
  text: string | undefined,
): readonly DeviceClaim[] {
  const value = text === undefined ? '' : plain(text);
  return value === '' ? [] : [{ field, value, source, measured: true }];
}

/** What a device is, by its own answer. */
export function kindOf(
  source: DeviceSource,
  kind: DeviceKind | undefined,
  weight: Weight,
): readonly DeviceClaim[] {
  return kind === undefined ? [] : [{ field: 'kind', value: kind, source, measured: true, weight }];
}

/** A text in one line, without what is not printed, as long as a report bears. */
export function plain(text: string): string {
  return text
    .slice(0, 4 * mostCharacters)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s\ufffd]+/gu, ' ')
    .trim()
    .slice(0, mostCharacters);
}

/** The kind of a device in the words of services, which are nmap's. */
export function kindOfDeviceType(word: string | undefined): DeviceKind | undefined {
  return word === undefined ? undefined : deviceTypes[word];
}

/** A maker as one calls it: without its legal form. Undefined where it makes no devices but software for any. */
export function makerOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const maker = plain(text);
  if (maker === '' || softwareMakers.test(maker) || emptyWords.test(maker)) return undefined;
  return maker;
}

/** A model, where it names a device and no software. */
export function modelOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const model = plain(text);
  return model === '' || softwareModels.test(model) || emptyWords.test(model) ? undefined : model;
}

/** A model without its maker's name in front of it. */
export function withoutMaker(model: string, vendor: string | undefined): string {
  if (vendor === undefined) return model;
  const isNamed = model.toLowerCase().startsWith(`${vendor.toLowerCase()} `);
  const rest = isNamed ? model.slice(vendor.length).trim() : model;
  return rest === '' ? model : rest;
}

const mostCharacters = 200;
const deviceTypes: Readonly<Record<string, DeviceKind>> = {
  router: 'router',
  'broadband router': 'router',
  switch: 'switch',
  firewall: 'firewall',
  printer: 'printer',
  'print server': 'printer',
  webcam: 'camera',
  'storage-misc': 'nas',
  'media device': 'media',
  phone: 'phone',
  'VoIP phone': 'phone',
  'power-misc': 'iot',
};
/** What stands where nobody has filled anything in. */
const emptyWords =
  /^(?:unknown|none|n\/?a|null|default|manufacturer|model(?: ?name)?|undefined|to be filled.*|[-.? ]+)$/i;
/** They write what runs on anybody's machine. */
const softwareMakers =
  /^(?:Justin Maggard|MiniUPnP|Plex,? Inc|XBMC|Team Kodi|Kodi|Gerbera|MediaTomb|Rygel|Jellyfin|Emby|Universal Media Server|Serviio|Petr Nejedly|Terry Jan Reedy|net-snmp|UCD-SNMP|FreeBSD|OpenBSD|VideoLAN|Linux)\b/i;
const softwareModels =
  /MiniDLNA|ReadyMedia|\bPlex\b|\bKodi\b|Gerbera|MediaTomb|Rygel|Jellyfin|\bEmby\b|Universal Media Server|Serviio|MiniUPnP|Windows Media (?:Connect|Player)|^Linux$|^Router$|^Internet Gateway Device$|^Local (?:Raw|Socket)/i;
