/**
 * FTP (RFC 959), with what a server says that it can do (RFC 2389).
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { replyOf } from '../../reply-lines.ts';
import { bytesOf, linesOf } from '../../text.ts';

/** Servers for files. */
export const ftp: Protocol = {
  name: 'ftp',
  transport: 'tcp',
  ports: [21, 2100, 2121],
  tlsPorts: [990],
  greeting: true,
  more: { cost: 1, bytes: () => bytesOf('FEAT\r\n') },
  starttls: {
    cost: 5,
    isOffered: ({ features = [] }) => features.includes('AUTH TLS'),
    // Many name no features to strangers.
    isWorthAsking: ({ features }) => features === undefined || features.includes('AUTH TLS'),
    bytes: bytesOf('AUTH TLS\r\n'),
    isAgreed: (bytes) => linesOf(bytes)[0]?.startsWith('234') === true,
  },
  parse,
  isWhole: (bytes) => {
    const greeting = replyOf(bytes);
    return greeting !== undefined && replyOf(greeting.rest) !== undefined;
  },
  products: [
    {
      when: { greeting: /^\(vsFTPd (\d[\w.]*)\)/ },
      product: 'vsftpd',
      version: '$1',
      cpe: 'a:vsftpd:vsftpd',
    },
    {
      when: { greeting: /^ProFTPD (\d[\w.]*) Server \((Debian|Ubuntu)\)/ },
      product: 'ProFTPD',
      version: '$1',
      info: '$2',
      os: 'Linux',
      cpe: 'a:proftpd:proftpd',
    },
    {
      when: { greeting: /^ProFTPD (?:(\d[\w.]*) )?Server/ },
      product: 'ProFTPD',
      version: '$1',
      cpe: 'a:proftpd:proftpd',
    },
    { when: { greeting: /Welcome to Pure-FTPd/ }, product: 'Pure-FTPd', cpe: 'a:pureftpd:pure-ftpd' },
    {
      when: { greeting: /FileZilla Server (?:version )?(\d[\w.]*)/ },
      product: 'FileZilla ftpd',
      version: '$1',
      cpe: 'a:filezilla-project:filezilla_server',
    },
    { when: { greeting: /^Microsoft FTP Service/ }, product: 'Microsoft ftpd', os: 'Windows' },
    { when: { greeting: /^pyftpdlib (\d[\w.]*) ready/ }, product: 'pyftpdlib', version: '$1' },
    {
      when: { greeting: /^bftpd (\d[\w.]*) at/ },
      product: 'Bftpd',
      version: '$1',
      cpe: 'a:bftpd_project:bftpd',
    },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const greeting = replyOf(bytes);
  if (greeting === undefined || !/^(?:120|220|421|530)$/.test(greeting.code)) return undefined;
  const text = greeting.lines.join(' ');
  const answer = replyOf(greeting.rest);
  const isAnswered = answer !== undefined && knownAnswer.test(`${answer.code} ${answer.lines.join(' ')}`);
  const isNamed = /\bFTPd?\b|FTPd\b|FTP(?:-| )?server/i.test(text) && !/\bE?SMTP\b/.test(text);
  if (!isNamed && !isAnswered) return undefined;
  const features =
    answer?.code === '211' ? answer.lines.slice(1, -1).map((line) => line.trim().toUpperCase()) : [];
  return { facts: { greeting: text, ...(features.length > 0 && { features }) } };
}

/** What FEAT brings: the list, or a server that wants a login first; mail servers do not know the word. */
const knownAnswer = /^211[ -]|^530 .*\b(?:log ?in|USER)\b/i;
