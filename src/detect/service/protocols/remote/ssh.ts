/**
 * SSH (RFC 4253): the identification line, and the algorithms that a server offers.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { bytesOf, textOf } from '../../text.ts';

/** SSH servers. */
export const ssh: Protocol = {
  name: 'ssh',
  transport: 'tcp',
  ports: [22, 222, 830, 2022, 2200, 2222, 10022, 22222],
  greeting: true,
  // A server names its algorithms when it knows who is there, or at once.
  more: { cost: 1, bytes: () => bytesOf('SSH-2.0-Portolan\r\n') },
  parse,
  isWhole: (bytes) => algorithmsOf(bytes, lineAt(bytes)?.end ?? bytes.length) !== undefined,
  products: [
    {
      when: { software: /^OpenSSH_for_Windows_(\d[\w.]*)/ },
      product: 'OpenSSH for_Windows',
      version: '$1',
      os: 'Windows',
      cpe: 'a:openbsd:openssh',
    },
    {
      when: { software: /^OpenSSH_(\d[\w.]*)/, comment: /^(Debian|Ubuntu|Raspbian)-(.+)$/ },
      product: 'OpenSSH',
      version: '$1',
      info: '$2 $3',
      os: 'Linux',
      cpe: 'a:openbsd:openssh',
    },
    {
      when: { software: /^OpenSSH_(\d[\w.]*)/, comment: /^(FreeBSD|NetBSD)[-_](.+)$/ },
      product: 'OpenSSH',
      version: '$1',
      info: '$2 $3',
      os: '$2',
      cpe: 'a:openbsd:openssh',
    },
    {
      when: { software: /^OpenSSH_(\d[\w.]*)/, comment: /^(.+)$/ },
      product: 'OpenSSH',
      version: '$1',
      info: '$2',
      cpe: 'a:openbsd:openssh',
    },
    {
      when: { software: /^OpenSSH(?:_(\d[\w.]*))?/ },
      product: 'OpenSSH',
      version: '$1',
      cpe: 'a:openbsd:openssh',
    },
    {
      when: { software: /^dropbear(?:_(\d[\w.]*))?$/ },
      product: 'Dropbear sshd',
      version: '$1',
      cpe: 'a:matt_johnston:dropbear_ssh_server',
    },
    { when: { software: /^tinyssh_(\S+)/i }, product: 'TinySSH', version: '$1' },
    {
      when: { software: /^libssh[_-](\d[\w.]*)$/ },
      product: 'libssh',
      version: '$1',
      cpe: 'a:libssh:libssh',
    },
    { when: { software: /^Cisco-(\d[\w.]*)/ }, product: 'Cisco SSH', version: '$1', os: 'IOS' },
    { when: { software: /^ROSSSH/ }, product: 'MikroTik RouterOS sshd', os: 'RouterOS', device: 'router' },
    { when: { software: /^([A-Za-z][A-Za-z .+]*?)[_-]v?(\d[\w.]*)$/ }, product: '$1', version: '$2' },
    { when: { software: /^([A-Za-z][\w.+ -]*)$/ }, product: '$1' },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const line = lineAt(bytes);
  const said = identification.exec(line?.text ?? '');
  if (line === undefined || said === null) return undefined;
  const [, protocol = '', software = '', comment] = said;
  const facts: Facts = {
    protocol,
    software,
    ...(comment !== undefined && comment !== '' && { comment }),
    ...algorithmsOf(bytes, line.end),
  };
  return { facts };
}

/** The identification line; lines may come before it (RFC 4253, 4.2), as from a server that is too busy. */
function lineAt(bytes: Uint8Array): { readonly text: string; readonly end: number } | undefined {
  let start = 0;
  for (let lines = 0; lines < mostLinesBefore; lines++) {
    const end = bytes.indexOf(lineFeed, start);
    if (end < 0) return undefined;
    const text = textOf(bytes.subarray(start, end)).replace(/\r$/, '');
    if (text.startsWith('SSH-')) return { text, end: end + 1 };
    start = end + 1;
  }
  return undefined;
}

/** The name lists of SSH_MSG_KEXINIT (RFC 4253, 7.1). */
function algorithmsOf(bytes: Uint8Array, from: number): Facts | undefined {
  const reader = new ByteReader(bytes.subarray(from));
  reader.u32();
  reader.u8();
  if (reader.u8() !== keyExchangeInit) return undefined;
  reader.take(16);
  const lists = listNames.map((name) => [name, textOf(reader.take(reader.u32()))] as const);
  if (reader.isShort) return undefined;
  return Object.fromEntries(
    lists.flatMap(([name, list]) => (name === '' || list === '' ? [] : [[name, list.split(',')]])),
  );
}

const identification = /^SSH-(\d+\.\d+)-([!-~]{1,128})(?: (.{0,128}))?$/;
/** In their order; those from server to client are the others' twins. */
const listNames = ['keyExchange', 'hostKeys', 'ciphers', '', 'macs', ''] as const;
const keyExchangeInit = 20;
const lineFeed = 10;
const mostLinesBefore = 8;
