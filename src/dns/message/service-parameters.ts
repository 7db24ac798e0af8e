/**
 * What SVCB and HTTPS records say of a service (RFC 9460), in presentation form.
 *
 * @module
 */

import type { DataReader } from './data-reader.ts';
import { BrokenData, DataReader as Reader } from './data-reader.ts';
import { ipv4Text, ipv6Text } from './data-text.ts';

/** Priority, target and parameters in their order. */
export function serviceBinding(data: DataReader): string {
  let text = `${data.u16()} ${data.name()}`;
  let last = -1;
  while (data.left > 0) {
    const key = data.u16();
    // RFC 9460, 2.2: strictly ascending.
    if (key <= last) throw new BrokenData();
    last = key;
    const value = data.take(data.u16());
    text += ` ${parameter(key, value)}`;
  }
  return text;
}

function parameter(key: number, value: Uint8Array): string {
  const name = names[key] ?? `key${key}`;
  const reader = new Reader(value, 0, value.length);
  switch (name) {
    case 'mandatory': {
      const keys: string[] = [];
      while (reader.left > 0) {
        const one = reader.u16();
        keys.push(names[one] ?? `key${one}`);
      }
      return `mandatory=${keys.join(',')}`;
    }
    case 'alpn': {
      const protocols: string[] = [];
      while (reader.left > 0) protocols.push(inList(reader.string()));
      return `alpn="${protocols.join(',')}"`;
    }
    case 'no-default-alpn':
    case 'ohttp':
      return name;
    case 'port':
      return `port=${reader.u16()}`;
    case 'ipv4hint':
      return `ipv4hint=${addresses(reader, 4, ipv4Text)}`;
    case 'ipv6hint':
      return `ipv6hint=${addresses(reader, 16, ipv6Text)}`;
    case 'ech':
      return `ech=${Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64')}`;
    default:
      return value.length === 0 ? name : `${name}="${escaped(value)}"`;
  }
}

function addresses(reader: DataReader, length: number, text: (bytes: Uint8Array) => string): string {
  const all: string[] = [];
  while (reader.left > 0) all.push(text(reader.take(length)));
  return all.join(',');
}

/** A value of a list within quotes: a comma and a backslash that belong to it are escaped twice (RFC 9460, A.1). */
function inList(bytes: Uint8Array): string {
  return escaped(
    Uint8Array.from(
      [...bytes].flatMap((octet) => (octet === 0x2c || octet === 0x5c ? [0x5c, octet] : [octet])),
    ),
  );
}

function escaped(bytes: Uint8Array): string {
  let text = '';
  for (const octet of bytes) {
    if (octet === 0x22 || octet === 0x5c) text += `\\${String.fromCharCode(octet)}`;
    else if (octet >= 0x20 && octet < 0x7f) text += String.fromCharCode(octet);
    else text += `\\${String(octet).padStart(3, '0')}`;
  }
  return text;
}

/** The names of the keys (RFC 9460, 14.3.2; RFC 9461, RFC 9540). */
const names: Readonly<Record<number, string>> = {
  0: 'mandatory',
  1: 'alpn',
  2: 'no-default-alpn',
  3: 'port',
  4: 'ipv4hint',
  5: 'ech',
  6: 'ipv6hint',
  7: 'dohpath',
  8: 'ohttp',
};
