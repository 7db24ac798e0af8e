/**
 * How devices let themselves be found: SSDP (UPnP Device Architecture 2.0, 1.3.3) and WS-Discovery (2005/04, 5.3).
 *
 * @module
 */

import type { DatagramProtocol, Parsed } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { bytesOf, linesOf, textOf } from '../../text.ts';

/** The search for devices of UPnP. */
export const ssdp: DatagramProtocol = {
  name: 'ssdp',
  transport: 'udp',
  ports: [1900],
  request: { cost: 8, bytes: questionOf('ssdp') },
  parse: parseSsdp,
  products: [
    {
      when: { server: /\bMiniDLNA\/(\d[\w.-]*)/ },
      product: 'MiniDLNA',
      version: '$1',
      cpe: 'a:readymedia_project:readymedia',
    },
    {
      when: { server: /\bMiniUPnPd\/(\d[\w.-]*)/ },
      product: 'MiniUPnP',
      version: '$1',
      cpe: 'a:miniupnp_project:miniupnpd',
    },
    {
      when: { server: /^Microsoft-Windows\/(\d[\d.]*) / },
      product: 'Microsoft Windows UPnP',
      os: 'Windows',
    },
    {
      when: { server: /\bPortable SDK for UPnP devices\/ ?(\d[\w.]*)/i },
      product: 'Portable SDK for UPnP devices',
      version: '$1',
      cpe: 'a:libupnp_project:libupnp',
    },
    // An operating system, UPnP, and what it is, as the architecture asks for.
    {
      when: { server: /^[^,]{1,100}? UPnP\/\d\.\d,? ([^/]{2,60})\/(\d[\w.-]*)/ },
      product: '$1',
      version: '$2',
    },
    { when: { server: /^.{1,100}? UPnP\/\d\.\d,? ([^/]{2,60})$/ }, product: '$1' },
  ],
};

/** Printers, cameras (ONVIF), Windows. */
export const wsDiscovery: DatagramProtocol = {
  name: 'ws-discovery',
  transport: 'udp',
  ports: [3702],
  request: { cost: 8, bytes: questionOf('ws-discovery') },
  parse: parseWsDiscovery,
  products: [],
};

function parseSsdp(bytes: Uint8Array): Parsed | undefined {
  const [first = '', ...lines] = linesOf(bytes, 32);
  if (!/^HTTP\/1\.[01] 200\b/.test(first)) return undefined;
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([\w.-]{1,40}):[ \t]*(.{0,400})$/.exec(line) ?? [];
    if (name !== '' && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value.trimEnd());
  }
  // What was searched for, and whose answer this is: web servers say neither.
  if (!fields.has('st') || !fields.has('usn')) return undefined;
  const facts: Record<string, string> = {};
  for (const [name, field] of ssdpFields) {
    const value = fields.get(field);
    if (value !== undefined && value !== '') facts[name] = value;
  }
  return { facts };
}

function parseWsDiscovery(bytes: Uint8Array): Parsed | undefined {
  const text = wholeText(bytes);
  if (!/<(?:[\w-]{1,20}:)?Envelope[\s>]/.test(text) || !text.includes(matchesAction)) return undefined;
  const of = (name: string) =>
    textOf(
      bytesOf(
        new RegExp(`<(?:[\\w-]{1,20}:)?${name}(?:\\s[^<>]{0,300})?>([^<]{1,600})<`).exec(text)?.[1]?.trim() ??
          '',
      ),
    );
  const types = of('Types')
    .split(/\s+/, 16)
    .map((type) => type.replace(/^.*:/, ''))
    .filter((type) => type !== '');
  const addresses = of('XAddrs')
    .split(/\s+/, 8)
    .filter((address) => address !== '');
  const scopes = of('Scopes').split(/\s+/, 32);
  const scope = (name: string) =>
    scopes.find((one) => one.startsWith(`onvif://www.onvif.org/${name}/`))?.slice(23 + name.length);
  const [endpoint, hardware, name] = [of('Address'), scope('hardware'), scope('name')];
  return {
    facts: {
      ...(types.length > 0 && { types }),
      ...(addresses.length > 0 && { addresses }),
      ...(endpoint !== '' && { endpoint }),
      ...(hardware !== undefined && { hardware }),
      ...(name !== undefined && { deviceName: name }),
    },
  };
}

/** All of a datagram, one character a byte: texts of names are found in it, and read as UTF-8 then. */
function wholeText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, mostTextBytes)) text += String.fromCharCode(byte);
  return text;
}

const mostTextBytes = 4096;
const ssdpFields: readonly (readonly [string, string])[] = [
  ['server', 'server'],
  ['location', 'location'],
  ['searchTarget', 'st'],
  ['usn', 'usn'],
];
const matchesAction = 'http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches';
