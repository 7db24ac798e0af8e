/**
 * What services show of the device that they run on: names, keys, and what it is where that follows from the product.
 *
 * @module
 */

import type { DeviceKind, DeviceSource } from '../../model/device-fact.ts';
import type { ServiceFact } from '../../model/service-fact.ts';
import type { DeviceClaim } from './contract.ts';
import { kindOf, kindOfDeviceType, makerOf, measured, modelOf } from './words.ts';

/** What is looked at of a service. */
export type ShownService = Pick<
  ServiceFact,
  'name' | 'product' | 'device' | 'hostname' | 'confidence' | 'extra' | 'certificate'
>;

/** What a service shows of its device. */
export function claimsOfService(service: ShownService): readonly DeviceClaim[] {
  const { name, certificate } = service;
  const read = name === null || !Object.hasOwn(readers, name) ? undefined : readers[name];
  return [
    ...(read === undefined ? [] : read(service)),
    ...(certificate === undefined ? [] : ofCertificate(certificate)),
  ];
}

/** Reads what a protocol says. */
type Reader = (service: ShownService) => readonly DeviceClaim[];

const ofSnmp: Reader = ({ hostname, device, extra, confidence }) => {
  const description = textIn(extra, 'description');
  return [
    ...measured('snmp', 'name', hostname),
    ...productKind('snmp', device, confidence),
    ...measured('snmp', 'vendor', makerOf(textIn(extra, 'vendor'))),
    ...measured('snmp', 'description', description),
    ...measured('snmp', 'objectId', textIn(extra, 'objectId')),
    ...measured('snmp', 'engineId', textIn(extra, 'engineId')),
    ...measured('snmp', 'mac', textIn(extra, 'engineMac')),
  ];
};

const ofNetbios: Reader = ({ hostname, extra }) => {
  const mac = textIn(extra, 'mac');
  // A group of controllers and the name of the master of a domain: only servers have them.
  const isController = listIn(extra, 'names').some((name) => /<1c> group$|<1b>$/.test(name));
  return [
    ...measured('netbios', 'name', hostname),
    ...kindOf('netbios', isController ? 'server' : undefined, 1),
    ...measured('netbios', 'workgroup', textIn(extra, 'workgroup')),
    // Samba has none to tell.
    ...measured('netbios', 'mac', mac === noMac ? undefined : mac),
  ];
};

const ofMdns: Reader = ({ hostname, extra }) => [
  ...measured('mdns', 'name', hostname?.replace(/\.local$/i, '')),
  ...listIn(extra, 'services')
    .slice(0, mostServices)
    .flatMap((service) => measured('mdns', 'service', service)),
];

const ofLlmnr: Reader = ({ hostname }) => measured('llmnr', 'name', hostname);

const ofSsdp: Reader = ({ extra }) => [
  ...measured('ssdp', 'server', textIn(extra, 'server')),
  ...measured('ssdp', 'uuid', uuidIn(textIn(extra, 'usn'))),
  ...measured('ssdp', 'location', textIn(extra, 'location')),
];

const ofWsDiscovery: Reader = ({ extra }) => {
  const types = listIn(extra, 'types');
  return [
    ...measured('wsd', 'name', decoded(textIn(extra, 'deviceName'))),
    ...kindOf('wsd', kindOfTypes(types), 3),
    ...measured('wsd', 'model', modelOf(decoded(textIn(extra, 'hardware')))),
    ...measured('wsd', 'type', types.join(' ')),
    ...measured('wsd', 'uuid', uuidIn(textIn(extra, 'endpoint'))),
  ];
};

const ofSmb: Reader = ({ hostname, extra }) => [
  ...measured('smb', 'name', hostname ?? textIn(extra, 'netbiosName')),
  ...measured('smb', 'domain', textIn(extra, 'dnsDomain') ?? textIn(extra, 'netbiosDomain')),
  // The server's GUID ([MS-SMB2] 2.2.4); Samba makes it of its name, filled up with zeros.
  ...measured('smb', 'serverId', textIn(extra, 'server')),
];

const ofSsh: Reader = ({ device, confidence, extra }) => [
  ...productKind('ssh', device, confidence),
  ...listIn(extra, 'hostKeys').flatMap((key) => measured('ssh', 'hostKey', key)),
];

const ofHttp: Reader = ({ device, confidence }) => productKind('http', device, confidence);

function ofCertificate({
  subject,
  issuer,
  names,
  fingerprint,
}: NonNullable<ShownService['certificate']>): readonly DeviceClaim[] {
  const own = names.filter((name) => isHostName(name));
  return [
    // A certificate for many names says nothing of whose machine it stands on.
    ...(own.length > mostOwnNames ? [] : own.flatMap((name) => measured('tls', 'name', name))),
    // Who signs for himself has made it himself; others' certificates stand on as many machines as one likes.
    ...measured('tls', subject === issuer ? 'ownCertificate' : 'certificate', fingerprint),
  ];
}

/** What it is follows from a product that is certain, or nearly so. */
function productKind(
  source: DeviceSource,
  device: string | undefined,
  confidence: number,
): readonly DeviceClaim[] {
  return kindOf(source, confidence < 7 ? undefined : kindOfDeviceType(device), 2);
}

/** ONVIF's transmitters of video; printers and scanners of WSD. `Computer` is said by servers as well. */
function kindOfTypes(types: readonly string[]): DeviceKind | undefined {
  if (types.includes('NetworkVideoTransmitter')) return 'camera';
  return types.some((type) => type === 'PrintDeviceType') ? 'printer' : undefined;
}

/** The UUID that a device is known by, in small letters. */
export function uuidIn(text: string | undefined): string | undefined {
  const uuid = text === undefined ? undefined : uuidShape.exec(text)?.[1]?.toLowerCase();
  return uuid === undefined || /^[0-]+$/.test(uuid) ? undefined : uuid;
}

/** Scopes of ONVIF are URIs. */
function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isHostName(name: string): boolean {
  return /^[a-z\d](?:[a-z\d-]{0,62})(?:\.[a-z\d-]{1,63}){0,8}$/i.test(name) && !/^[\d.]+$/.test(name);
}

function textIn(extra: ShownService['extra'], name: string): string | undefined {
  const value = extra?.[name];
  return typeof value === 'string' ? value : undefined;
}

function listIn(extra: ShownService['extra'], name: string): readonly string[] {
  const value = extra?.[name];
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

const readers: Readonly<Record<string, Reader>> = {
  snmp: ofSnmp,
  'netbios-ns': ofNetbios,
  mdns: ofMdns,
  llmnr: ofLlmnr,
  ssdp: ofSsdp,
  'ws-discovery': ofWsDiscovery,
  'microsoft-ds': ofSmb,
  'netbios-ssn': ofSmb,
  ssh: ofSsh,
  http: ofHttp,
  ipp: ofHttp,
};
const noMac = '00:00:00:00:00:00';
const mostServices = 24;
const mostOwnNames = 4;
const uuidShape = /(?:uuid:|^)([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})/i;
