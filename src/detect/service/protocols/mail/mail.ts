/**
 * SMTP (RFC 5321), POP3 (RFC 1939) and IMAP (RFC 9051): mail servers greet with a line.
 *
 * @module
 */

import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { replyOf } from '../../reply-lines.ts';
import { bytesOf, linesOf } from '../../text.ts';
import { imapProducts, popProducts, smtpProducts } from './mail-products.ts';
import { greetingFacts, isHelloAnswered, smtpStartTls } from './smtp-hello.ts';

/** Mail transport. */
export const smtp: Protocol = {
  name: 'smtp',
  transport: 'tcp',
  ports: [25, 26, 587, 2525],
  tlsPorts: [465],
  greeting: true,
  more: { cost: 1, bytes: () => bytesOf('EHLO portolan.invalid\r\n') },
  starttls: smtpStartTls,
  parse: parseSmtp,
  isWhole: isHelloAnswered,
  products: smtpProducts,
};

/** Mailboxes by POP3. */
export const pop3: Protocol = {
  name: 'pop3',
  transport: 'tcp',
  ports: [110],
  tlsPorts: [995],
  greeting: true,
  more: { cost: 1, bytes: () => bytesOf('CAPA\r\n') },
  starttls: {
    cost: 5,
    isOffered: ({ capabilities = [] }) => capabilities.includes('STLS'),
    bytes: bytesOf('STLS\r\n'),
    isAgreed: (bytes) => linesOf(bytes)[0]?.startsWith('+OK') === true,
  },
  parse: parsePop,
  isWhole: (bytes) =>
    linesOf(bytes)
      .slice(1)
      .some((line) => line === '.' || line.startsWith('-ERR')),
  products: popProducts,
};

/** Mailboxes by IMAP. */
export const imap: Protocol = {
  name: 'imap',
  transport: 'tcp',
  ports: [143],
  tlsPorts: [993],
  greeting: true,
  // RFC 2971: asked before a login, a server says what it is.
  more: { cost: 1, bytes: () => bytesOf('p1 CAPABILITY\r\np2 ID NIL\r\n') },
  starttls: {
    cost: 5,
    isOffered: ({ capabilities = [] }) => capabilities.includes('STARTTLS'),
    bytes: bytesOf('p3 STARTTLS\r\n'),
    isAgreed: (bytes) => linesOf(bytes).some((line) => line.startsWith('p3 OK')),
  },
  parse: parseImap,
  isWhole: (bytes) => linesOf(bytes).some((line) => line.startsWith('p2 ')),
  products: imapProducts,
};

function parseSmtp(bytes: Uint8Array): Parsed | undefined {
  const greeting = replyOf(bytes);
  if (greeting === undefined || !/^(?:220|421|521|554)$/.test(greeting.code)) return undefined;
  const [first = ''] = greeting.lines;
  const hello = replyOf(greeting.rest);
  const isGreeted = hello?.code === '250';
  // Other protocols greet with 220 as well: the name of mail, a host's name before words, or what EHLO brings.
  if (!isGreeted && !/\bE?SMTP\b|\bmail\b/i.test(first)) return undefined;
  return { facts: greetingFacts(greeting, hello) };
}

function parsePop(bytes: Uint8Array): Parsed | undefined {
  const [greeting = '', ...rest] = linesOf(bytes);
  const said = /^\+OK(?: (.*))?$/.exec(greeting);
  if (said === null) return undefined;
  const at = rest.findIndex((line) => line.startsWith('+OK'));
  const end = rest.indexOf('.', at);
  const capabilities =
    at < 0 ? [] : rest.slice(at + 1, end < 0 ? rest.length : end).map((line) => line.toUpperCase());
  const implementation =
    capabilities.length === 0 ? undefined : rest.find((line) => /^IMPLEMENTATION /i.test(line));
  return {
    facts: {
      greeting: said[1] ?? '',
      ...(capabilities.length > 0 && { capabilities }),
      ...(implementation !== undefined && { implementation: implementation.slice('IMPLEMENTATION '.length) }),
    },
  };
}

function parseImap(bytes: Uint8Array): Parsed | undefined {
  const [greeting = '', ...rest] = linesOf(bytes);
  const said = /^\* (?:OK|PREAUTH|BYE)(?: (.*))?$/.exec(greeting);
  if (said === null) return undefined;
  const text = said[1] ?? '';
  const listed = [...rest, greeting]
    .map((line) => /^\* (?:OK \[)?CAPABILITY ([^\]]*)/i.exec(line)?.[1])
    .find(Boolean);
  const id = rest.find((line) => line.startsWith('* ID (')) ?? '';
  return {
    facts: {
      greeting: text.replace(/^\[[^\]]*\] ?/, ''),
      ...(listed !== undefined && { capabilities: listed.toUpperCase().split(' ') }),
      ...idFacts(id),
    },
  };
}

/** What an ID response names (RFC 2971, 3.3). */
function idFacts(line: string): Facts {
  const strings = [...line.matchAll(/"([^"]*)"/g)].map(([, text]) => text as string);
  const at = (name: string) => {
    const place = strings.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name);
    return place < 0 ? undefined : strings[place + 1];
  };
  const [name, version] = [at('name'), at('version')];
  return {
    ...(name !== undefined && { software: name }),
    ...(version !== undefined && { softwareVersion: version }),
  };
}
