/**
 * XMPP (RFC 6120): a stream is opened and answered, with what the server offers or with the reason why it does not.
 *
 * @module
 */

import type { Asked, Facts, Parsed, ProductRule, Protocol, StartTls } from '../../contract.ts';
import { bytesOf, holds } from '../../text.ts';

/** Clients of a server of chat. */
export const xmppClient: Protocol = xmpp('xmpp-client', 'jabber:client', [5222], [5223]);

/** Servers among each other. */
export const xmppServer: Protocol = xmpp('xmpp-server', 'jabber:server', [5269], [5270]);

function xmpp(name: string, space: string, ports: readonly number[], tlsPorts: readonly number[]): Protocol {
  return {
    name,
    transport: 'tcp',
    ports,
    tlsPorts,
    request: { cost: 8, bytes: (asked) => streamTo(asked, space) },
    starttls: startTls(),
    parse: (bytes) => parse(bytes, space),
    isWhole: (bytes) => holds(bytes, '</stream:features>') || holds(bytes, '</stream:stream>'),
    products: products(),
  };
}

function streamTo({ host }: Asked, space: string): Uint8Array {
  const name = /^[\w.-]{1,255}$/.test(host) ? host : 'portolan.invalid';
  return bytesOf(
    `<?xml version='1.0'?><stream:stream to='${name}' xmlns='${space}' xmlns:stream='${streams}' version='1.0'>`,
  );
}

function parse(bytes: Uint8Array, space: string): Parsed | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  const [, attributes = ''] =
    /^\s{0,8}(?:<\?xml [^<>]{0,80}\?>\s{0,8})?<stream:stream ([^<>]{1,800})>/.exec(text) ?? [];
  const said = new Map(
    [...attributes.matchAll(/([\w:]{1,40})=(?:\x27([^\x27]{0,255})\x27|\x22([^\x22]{0,255})\x22)/g)].map(
      ([, name = '', single, double]) => [name, single ?? double ?? ''] as const,
    ),
  );
  const isOther = said.get('xmlns') !== space;
  if (said.get('xmlns:stream') !== streams || isOther) return undefined;
  const [error] = /(?<=<stream:error>\s{0,8}<)[a-z-]{1,40}/.exec(text) ?? [];
  const mechanisms = [...text.matchAll(/<mechanism>([\w-]{1,40})<\/mechanism>/g)].map(([, one = '']) => one);
  const domain = said.get(serverAttribute) ?? '';
  const [, node] = /<c [^<>]{0,300}\bnode=[\x22\x27]([^\x22\x27<>]{1,120})/.exec(text) ?? [];
  const tls = /<starttls [^<>]{0,100}>\s{0,8}<required/.test(text) ? 'required' : 'offered';
  const facts: Facts = {
    ...(domain !== '' && { domain }),
    ...(error !== undefined && { error }),
    ...(holds(bytes, '<starttls ') && { startTls: tls }),
    ...(mechanisms.length > 0 && { mechanisms: mechanisms.slice(0, 16) }),
    ...(node !== undefined && { node }),
  };
  // So is answered who says what is no XML.
  const isAside = error !== undefined && strange.has(error);
  return { facts, ...(isAside && { isAside }) };
}

function startTls(): StartTls {
  return {
    cost: 5,
    isOffered: ({ startTls: word }) => word !== undefined,
    bytes: bytesOf("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
    isAgreed: (bytes) => holds(bytes, '<proceed '),
  };
}

/** By what a server names in its capabilities (XEP-0115). */
function products(): readonly ProductRule[] {
  return [
    {
      when: { node: /^https?:\/\/[\w.-]{1,60}\/en\/ejabberd\/?$/ },
      product: 'ejabberd',
      cpe: 'a:process-one:ejabberd',
    },
    { when: { node: /^https?:\/\/prosody\.im\/?/ }, product: 'Prosody', cpe: 'a:prosody:prosody' },
  ];
}

const streams = 'http://etherx.jabber.org/streams';
const strange: ReadonlySet<string> = new Set([
  'bad-format',
  'invalid-namespace',
  'invalid-xml',
  'not-well-formed',
  'xml-not-well-formed',
]);
const serverAttribute = 'from';
