/**
 * Telnet (RFC 854): a server begins to negotiate before it asks for a name.
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Terminals. */
export const telnet: Protocol = {
  name: 'telnet',
  transport: 'tcp',
  ports: [23, 2323],
  tlsPorts: [992],
  greeting: true,
  parse,
  products: [
    {
      when: { text: /^BusyBox v(\d[\w.]*)/ },
      product: 'BusyBox telnetd',
      version: '$1',
      cpe: 'a:busybox:busybox',
    },
    {
      when: { text: /^User Access Verification/ },
      product: 'Cisco router telnetd',
      os: 'IOS',
      device: 'router',
      confidence: 7,
    },
    { when: { text: /^MikroTik v(\d[\w.]*)/ }, product: 'MikroTik telnetd', version: '$1', os: 'RouterOS' },
    {
      when: { text: /^Debian GNU\/Linux (\S+)/ },
      product: 'Linux telnetd',
      info: 'Debian $1',
      os: 'Linux',
      confidence: 7,
    },
    {
      when: { text: /^Ubuntu (\d[\d.]*)/ },
      product: 'Linux telnetd',
      info: 'Ubuntu $1',
      os: 'Linux',
      confidence: 7,
    },
  ],
};

/** Commands as RFC 854 has them from the first byte on; what stands between them is text. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const options: string[] = [];
  const text: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== iac) {
      if (options.length === 0) return undefined;
      text.push(bytes[at++] as number);
      continue;
    }
    const command = bytes[at + 1];
    const option = bytes[at + 2];
    if (command === subnegotiation) {
      at = bytes.indexOf(iac, at + 2);
      if (at < 0) break;
      at += 2;
      continue;
    }
    const word = words[(command ?? 0) - firstWord];
    if (word === undefined || option === undefined) {
      if (options.length === 0) return undefined;
      at += 2;
      continue;
    }
    if (options.length < mostOptions) options.push(`${word} ${option}`);
    at += 3;
  }
  if (options.length === 0) return undefined;
  const shown = textOf(Uint8Array.from(text)).trim();
  return { facts: { options, ...(shown !== '' && { text: shown }) } };
}

const iac = 255;
const subnegotiation = 250;
const words = ['will', 'wont', 'do', 'dont'] as const;
const firstWord = 251;
const mostOptions = 32;
