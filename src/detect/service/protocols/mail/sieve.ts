/**
 * ManageSieve (RFC 5804): filters of mailboxes. Servers greet with what they can do.
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { bytesOf, linesOf } from '../../text.ts';

/** Servers for mail filters. */
export const sieve: Protocol = {
  name: 'sieve',
  transport: 'tcp',
  ports: [4190],
  greeting: true,
  starttls: {
    cost: 5,
    isOffered: ({ capabilities = [] }) => capabilities.includes('STARTTLS'),
    bytes: bytesOf('STARTTLS\r\n'),
    isAgreed: (bytes) => linesOf(bytes)[0]?.startsWith('OK') === true,
  },
  parse,
  isWhole: (bytes) => linesOf(bytes).some((line) => endOfGreeting.test(line)),
  products: [
    {
      when: { implementation: /^Dovecot \((Debian|Ubuntu|Raspbian)\) Pigeonhole/ },
      product: 'Dovecot Pigeonhole sieve',
      info: '$1',
      os: 'Linux',
      cpe: 'a:dovecot:pigeonhole',
    },
    {
      when: { implementation: /^(?:Dovecot )?Pigeonhole/ },
      product: 'Dovecot Pigeonhole sieve',
      cpe: 'a:dovecot:pigeonhole',
    },
    {
      when: { implementation: /^Cyrus timsieved v?(\d[\w.]*)/ },
      product: 'Cyrus timsieved',
      version: '$1',
      cpe: 'a:cyrus:imap',
    },
  ],
};

/** Reads the capabilities, a name in quotes and perhaps a value on each line (RFC 5804, 1.7), as far as they have come. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const lines = linesOf(bytes);
  const end = lines.findIndex((line) => endOfGreeting.test(line));
  const told = new Map<string, string>();
  for (const line of lines.slice(0, end < 0 ? lines.length : end)) {
    const said = /^"([\w-]{1,64})"(?: "([^"]*)")?$/.exec(line);
    if (said === null) return undefined;
    told.set((said[1] as string).toUpperCase(), said[2] ?? '');
  }
  const implementation = told.get('IMPLEMENTATION');
  // RFC 5804, 1.7: whoever speaks it names both.
  if (implementation === undefined || !told.has('SIEVE')) return undefined;
  const [sasl = '', version] = [told.get('SASL'), told.get('VERSION')];
  return {
    facts: {
      implementation,
      capabilities: [...told.keys()],
      ...(sasl !== '' && { mechanisms: sasl.split(' ') }),
      ...(version !== undefined && { version }),
    },
  };
}

const endOfGreeting = /^(?:OK|NO|BYE)\b/;
