/**
 * Every byte that service detection may say to anybody, taken from the tables: what docs/requests.md prints, and what a
 * conversation is held against.
 *
 * @module
 */

import { udpPayloads } from '../../techniques/payloads/index.ts';
import type { Asked, DatagramProtocol, Protocol, Request } from './contract.ts';
import { datagramProtocols, protocols } from './protocols/index.ts';
import { ssh } from './protocols/remote/ssh.ts';
import { samples } from './samples.laws.ts';
import { escaped } from './text.ts';

/** Words, and when they are said. */
export interface Words {
  readonly when: string;
  readonly cost: number;
  readonly bytes: Uint8Array;
}

/** All that a protocol may say. `heard`: what its servers may have said before. */
export function wordsOf(
  protocol: Protocol | DatagramProtocol,
  asked: Asked,
  heard: readonly Uint8Array[],
): readonly Words[] {
  const words: Words[] = [];
  const add = (when: string, cost: number, bytes: Uint8Array | undefined) => {
    if (bytes !== undefined && bytes.length > 0) words.push({ when, cost, bytes });
  };
  const said = (when: string, request: Request | undefined) => {
    const answers = heard.map((each) => request?.bytes(asked, each) ?? nothing);
    add(when, request?.cost ?? 0, request?.bytes(asked, nothing));
    for (const bytes of answers)
      if (!words.some((one) => Buffer.compare(one.bytes, bytes) === 0)) add(when, request?.cost ?? 0, bytes);
  };
  if (protocol.transport === 'udp') {
    const { request, more } = protocol;
    add('asked', request?.cost ?? 0, request?.bytes(asked, nothing));
    add('then', more?.cost ?? 0, more?.bytes(asked, nothing));
    return words;
  }
  said('asked', protocol.request);
  const asking = protocol.request?.bytes(asked, nothing) ?? nothing;
  for (const [i, end] of [...(protocol.request?.pieces ?? []), asking.length].entries()) {
    const begin = protocol.request?.pieces?.[i - 1] ?? 0;
    if (end - begin < asking.length) add(inPieces, protocol.request?.cost ?? 0, asking.subarray(begin, end));
  }
  for (let more = protocol.more, step = 1; more !== undefined; more = more.next, step++)
    said(step === 1 ? 'then' : `then (${step})`, more);
  const { starttls } = protocol;
  add('for TLS', starttls?.cost ?? 0, starttls?.bytes);
  said('inside that', starttls?.more);
  for (const each of heard) {
    const facts = protocol.parse(each)?.facts;
    for (const { name, cost, bytes } of (facts && protocol.further?.(facts, asked)) ?? []) {
      const told = bytes(asked);
      if (!words.some((one) => Buffer.compare(one.bytes, told) === 0)) add(`besides: ${name}`, cost, told);
    }
  }
  return words;
}

/** What servers of a protocol have said. */
export function heardFrom({ name, transport }: Protocol | DatagramProtocol): readonly Uint8Array[] {
  return samples
    .filter((one) => one.protocol === name && (one.transport ?? 'tcp') === transport)
    .map(({ bytes }) => bytes);
}

/** docs/requests.md. */
export function requestsPage(): string {
  return [
    intro,
    '## TCP',
    ...protocols.map(section),
    '## UDP',
    ...datagramProtocols.map(section),
    ...scanned(),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function section(protocol: Protocol | DatagramProtocol): string {
  const { name, ports, request } = protocol;
  const [home = 65_000] = ports;
  const words = wordsOf(protocol, { host: '192.0.2.1', port: home }, heardFrom(protocol));
  if (words.length === 0) return '';
  const tls = protocol.transport === 'tcp' ? (protocol.tlsPorts ?? []) : [];
  const where = [
    ...(ports.length > 0 ? [`Its ports: ${ports.join(', ')}.`] : []),
    ...(tls.length > 0 ? [`Inside TLS: ${tls.join(', ')}.`] : []),
    ...(request === undefined
      ? ['It greets, and is told nothing before.']
      : [strangers(protocol, request.cost)]),
  ];
  // What follows from answers has as many forms as these: one shows what they are.
  const shown = words.filter(
    ({ when, cost }, i) =>
      when !== inPieces && words.findIndex((one) => one.when === when && one.cost === cost) === i,
  );
  const lines = shown.map(
    ({ when, cost, bytes }) =>
      `- ${when}${when === 'asked' ? '' : `, from intensity ${cost} on`}: ${printed(bytes)}`,
  );
  return [`### ${name}`, '', where.join(' '), '', ...lines].join('\n');
}

function strangers(protocol: Protocol | DatagramProtocol, cost: number): string {
  if (protocol.transport === 'udp') return `Other ports that were silent: from intensity ${cost} on.`;
  const { toStrangers, isHomely, pieces } = protocol.request ?? {};
  if (isHomely === true) return 'Other ports hear other words for it.';
  const ways = { closes: 'hang up on', waits: 'wait at', varies: 'hang up on or wait at' } as const;
  const who = toStrangers === undefined ? '' : ` that ${ways[toStrangers]} HTTP`;
  const how = pieces === undefined ? '' : `, in pieces that end after ${pieces.join(' and ')} bytes`;
  return `Other ports${who}: from intensity ${cost} on${how}.`;
}

/** What the scan of UDP ports says, which is read as well. */
function scanned(): readonly string[] {
  return [
    '## What a scan of UDP ports says',
    ...udpPayloads.map(({ name, ports, build }) =>
      [
        `### ${name} (scan)`,
        '',
        `Its ports: ${ports.join(', ')}.`,
        '',
        `- asked: ${printed(build(number))}`,
      ].join('\n'),
    ),
  ];
}

/** Bytes as code; runs are counted. */
function printed(bytes: Uint8Array): string {
  const text = escaped(bytes)
    .replaceAll('`', '\\x60')
    .replaceAll(/(\\x[0-9a-f]{2}|[^\\])\1{11,}/g, (run, one: string) => `${one}{${run.length / one.length}}`);
  return `\`${text}\``;
}

const inPieces = 'asked in pieces';
const nothing = new Uint8Array(0);
const number = 0x706f_7274;
const intro = `# Every byte that is said

\`-sV\` says to a port what stands here and nothing else. Nothing logs in, writes, begins a session that it does not end by
hanging up, or is known to crash somebody. Bytes are those said to 192.0.2.1 on the first of the ports: host and port stand
in some of them. \`\\x00{12}\` are twelve zeros.

- To the TCP ports 9100 to 9107 nothing is said, whoever greets there: printers put on paper what comes.
- Where TLS is tried (from intensity 2 on, and at its own ports from 1 on), the hello is OpenSSL's: TLS 1.0 to 1.3, all
  ciphers, the name that was asked for, and ALPN \`http/1.1\`, \`h2\` or none.
- Whoever is known by what it said is asked in the words of its protocol, on any port.
- From intensity 8 on, whoever has answered is asked what else stands behind its port, but for machines: TLS with a
  request of the web inside, or that request in plain text where TLS or SSH stood first; and SSH, the line
  ${printed(ssh.more?.bytes({ host: '192.0.2.1', port: 22 }, nothing) ?? nothing)} first of all.
- What follows from an answer (a key exchange, a page on the same host) is shown for one of them.

This page is made from the tables by \`npx vitest run src/detect/service/said.test.ts -u\`, and a test holds it to them.`;
