/**
 * Calls and streams: SIP (RFC 3261) and RTSP (RFC 2326, 7826), which look like HTTP and are not.
 *
 * @module
 */

import type { DatagramProtocol, Facts, Parsed, ProductRule, Protocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { beginsWith, bytesOf, holds, linesOf } from '../../text.ts';

/** Calls. */
export const sip: Protocol = {
  name: 'sip',
  transport: 'tcp',
  ports: [5060],
  tlsPorts: [5061],
  request: {
    cost: 7,
    // Kamailio 5.6: a hello of TLS and a line are taken for the beginning of a request, and waited on.
    toStrangers: 'closes',
    hangsUp: 'end',
    staysAtHello: true,
    staysAtLine: true,
    bytes: ({ host, port }) =>
      bytesOf(
        [
          `OPTIONS sip:${host}:${port} SIP/2.0`,
          'Via: SIP/2.0/TCP portolan.invalid;branch=z9hG4bKportolan;rport',
          'Max-Forwards: 70',
          `To: <sip:${host}:${port}>`,
          'From: <sip:portolan@portolan.invalid>;tag=portolan',
          'Call-ID: portolan',
          `CSeq: ${sequence} OPTIONS`,
          'Accept: application/sdp',
          'Content-Length: 0',
          '',
          '',
        ].join('\r\n'),
      ),
  },
  parse: (bytes) => parse(bytes, 'SIP/2.0'),
  isWhole,
  products: sipProducts(),
};

/** Calls over UDP, where most are. */
export const sipDatagrams: DatagramProtocol = {
  name: 'sip',
  transport: 'udp',
  ports: [5060],
  request: { cost: 7, bytes: questionOf('sip') },
  parse: (bytes) => {
    const parsed = parse(bytes, 'SIP/2.0');
    // Of a long answer the scan of ports keeps the beginning.
    return parsed && !holds(bytes, '\r\n\r\n') ? { ...parsed, isAside: true } : parsed;
  },
  products: sipProducts(),
};

/** Streams. */
export const rtsp: Protocol = {
  name: 'rtsp',
  transport: 'tcp',
  ports: [554, 8554],
  tlsPorts: [322],
  request: {
    cost: 7,
    bytes: () => bytesOf(`OPTIONS * RTSP/1.0\r\nCSeq: ${sequence}\r\nUser-Agent: Portolan\r\n\r\n`),
  },
  parse: (bytes) => parse(bytes, 'RTSP/'),
  isWhole,
  products: namedProducts(),
};

/**
 * Whoever repeats the number that a request carried, or its way, speaks the protocol; to a request of HTTP a server of SIP or RTSP
 * answers in its own version, without a number to repeat.
 */
function parse(bytes: Uint8Array, version: string): Parsed | undefined {
  const [first = '', ...lines] = linesOf(bytes);
  const status = /^(SIP\/2\.0|RTSP\/[12]\.0) (\d{3})(?: |$)/.exec(first);
  if (status === null || !first.startsWith(version)) return undefined;
  const headers = new Map<string, string>();
  for (const line of lines) {
    if (line === '') break;
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const server = headers.get('server') ?? headers.get('user-agent');
  const methods = headers.get('allow') ?? headers.get('public');
  const facts: Facts = {
    status: status[2] as string,
    ...(server !== undefined && server !== '' && { server }),
    ...(methods !== undefined && methods !== '' && { methods: methods.split(/ *, */) }),
  };
  const isRepeated =
    headers.get('cseq')?.startsWith(sequence) === true ||
    headers.get('via')?.includes(' portolan.invalid;branch=z9hG4bK') === true;
  return isRepeated ? { facts } : { facts, confidence: 7, isAside: true };
}

function isWhole(bytes: Uint8Array): boolean {
  return (beginsWith(bytes, 'SIP/') || beginsWith(bytes, 'RTSP/')) && holds(bytes, '\r\n\r\n');
}

function sipProducts(): readonly ProductRule[] {
  return [
    {
      when: { server: /^Asterisk PBX (\d[\w.~+-]*)/ },
      product: 'Asterisk',
      version: '$1',
      cpe: 'a:digium:asterisk',
    },
    {
      when: { server: /^kamailio \((\d[\w.]*) / },
      product: 'Kamailio',
      version: '$1',
      cpe: 'a:kamailio:kamailio',
    },
    {
      when: { server: /^OpenSIPS \((\d[\w.]*) / },
      product: 'OpenSIPS',
      version: '$1',
      cpe: 'a:opensips:opensips',
    },
    ...namedProducts(),
  ];
}

function namedProducts(): readonly ProductRule[] {
  return [
    { when: { server: /^([A-Za-z][\w .-]{0,60}?)[/ ]v?(\d[\w.]*)/ }, product: '$1', version: '$2' },
    { when: { server: /^([A-Za-z][\w .-]{0,60})$/ }, product: '$1' },
  ];
}

const sequence = '4711';
