/**
 * LMTP (RFC 2033): the last step of mail, into mailboxes. It is SMTP but for its hello.
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { replyOf } from '../../reply-lines.ts';
import { bytesOf } from '../../text.ts';
import { greetingFacts, isHelloAnswered, smtpStartTls } from './smtp-hello.ts';

/** Delivery into mailboxes. */
export const lmtp: Protocol = {
  name: 'lmtp',
  transport: 'tcp',
  ports: [24],
  greeting: true,
  more: { cost: 1, bytes: () => bytesOf('LHLO portolan.invalid\r\n') },
  starttls: smtpStartTls,
  parse,
  isWhole: isHelloAnswered,
  products: [
    {
      when: { greeting: /\bDovecot \((Debian|Ubuntu|Raspbian)\) ready/ },
      product: 'Dovecot lmtpd',
      info: '$1',
      os: 'Linux',
      cpe: 'a:dovecot:dovecot',
    },
    { when: { greeting: /\bDovecot ready/ }, product: 'Dovecot lmtpd', cpe: 'a:dovecot:dovecot' },
    {
      when: { greeting: /\bCyrus LMTP v?(\d[\w.]*)/ },
      product: 'Cyrus lmtpd',
      version: '$1',
      cpe: 'a:cyrus:imap',
    },
  ],
};

/** Others greet with 220 as well: it names itself, or knows the hello that only it has. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const greeting = replyOf(bytes);
  if (greeting?.code !== '220') return undefined;
  const [first = ''] = greeting.lines;
  const hello = replyOf(greeting.rest);
  const isGreeted = hello?.code === '250';
  if (/\bE?SMTP\b/.test(first) || (!isGreeted && !/\bLMTP\b/.test(first))) return undefined;
  return { facts: greetingFacts(greeting, hello) };
}
