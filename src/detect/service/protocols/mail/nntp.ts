/**
 * NNTP (RFC 3977): news servers greet with 200 or 201.
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { replyOf } from '../../reply-lines.ts';
import { bytesOf } from '../../text.ts';

/** News servers. */
export const nntp: Protocol = {
  name: 'nntp',
  transport: 'tcp',
  ports: [119, 433],
  tlsPorts: [563],
  greeting: true,
  more: { cost: 1, bytes: () => bytesOf('CAPABILITIES\r\n') },
  parse,
  isWhole: (bytes) => {
    const greeting = replyOf(bytes);
    return greeting !== undefined && replyOf(greeting.rest) !== undefined;
  },
  products: [
    {
      when: { greeting: /InterNetNews (?:NNRP )?server INN (\d[\w.]*)/ },
      product: 'InterNetNews (INN)',
      version: '$1',
      cpe: 'a:isc:inn',
    },
    {
      when: { greeting: /Leafnode NNTP Daemon, version (\d[\w.]*)/i },
      product: 'Leafnode nntpd',
      version: '$1',
    },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const greeting = replyOf(bytes);
  if (greeting === undefined || !/^(?:200|201|400|502)$/.test(greeting.code)) return undefined;
  const text = greeting.lines.join(' ');
  const isNamed = /\bNNTP\b|\bInterNetNews\b|\bnews\b/i.test(text);
  return isNamed || replyOf(greeting.rest)?.code === '101' ? { facts: { greeting: text } } : undefined;
}
