/**
 * HTTP/1 (RFC 9112), and what answers as 0.9 did.
 *
 * @module
 */

import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { productOf } from '../../products.ts';
import { bytesOf, textOf } from '../../text.ts';
import { applications } from './applications.ts';
import { devices } from './devices.ts';
import { furtherOf } from './further.ts';
import { latin1, type Message, readMessage } from './message.ts';
import { get } from './request.ts';
import { by } from './rule.ts';
import { frameworks, privoxyRefusal, servers } from './servers.ts';

/** Web servers, and what is spoken over HTTP: printing, proxies. */
export const http: Protocol = {
  name: 'http',
  transport: 'tcp',
  ports: [
    80, 81, 591, 631, 2375, 3000, 3128, 5000, 5985, 7080, 8000, 8008, 8080, 8081, 8088, 8888, 9000, 9090,
  ],
  tlsPorts: [443, 832, 1311, 2376, 4443, 4433, 5001, 5986, 6443, 7443, 8443, 8834, 9443, 10443],
  request: { cost: 1, bytes: ({ host, port }) => get('/', host, port) },
  parse,
  isWhole,
  further: (facts, asked) => furtherOf(facts, asked, parse),
  products: [
    ...servers,
    ...applications,
    ...devices,
    // Known by a page that the first one sends to.
    by('application', /^(.{1,80}?)(?: v?(\d[\w.+~-]*))?$/, '$1', { version: '$2' }),
    ...frameworks,
  ],
};

/**
 * The same for those who hang up on a request of HTTP/1.1, or on a name that they do not know (nginx: `return 444`): the
 * version of old, and a host that none can have, which is refused before it is looked up.
 */
export const httpRefused: Protocol = {
  ...http,
  name: 'http-refused',
  ports: [],
  tlsPorts: [],
  isOnlyAtHome: true,
  request: {
    cost: 7,
    toStrangers: 'closes',
    hangsUp: 'either',
    bytes: () => bytesOf('GET / HTTP/1.0\r\nHost: /\r\n\r\n'),
  },
  parse: (bytes) => {
    const parsed = parse(bytes);
    return parsed && { name: 'http', ...parsed };
  },
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const message = readMessage(bytes);
  if (message === undefined) return parseBare(bytes);
  const { headers, status, version } = message;
  const page = message.body === undefined ? '' : latin1(message.body);
  const told: Facts = { version, status, ...factsOf(message), ...titleOf(page), ...generatorOf(page) };
  const fields = [...headers.keys()].join(' ');
  const hints = {
    ...Object.fromEntries(headers),
    fields,
    cookie: message.cookies.join(' '),
    body: page,
    json: page,
  };
  const application = productOf([...applications, ...devices], { ...hints, ...told });
  const { product, version: release } = application ?? {};
  const facts: Facts = {
    ...told,
    ...(product !== undefined && { application: release === undefined ? product : `${product} ${release}` }),
  };
  const name = nameOf(told, headers, page);
  return {
    facts,
    hints,
    ...(name !== undefined && { name }),
    ...(wantsTls(told, page) && { wantsTls: true as const }),
    ...(message.isAfterNoise && { confidence: 7 as const }),
  };
}

/** A page without a head: HTTP/0.9. What else begins with a tag is no proof. */
function parseBare(bytes: Uint8Array): Parsed | undefined {
  const page = latin1(bytes);
  if (!/^\s{0,8}<(?:!doctype html|html)[\s>]/i.test(page.slice(0, 64))) return undefined;
  return { facts: { version: '0.9', ...titleOf(page) }, hints: { body: page }, confidence: 7 };
}

/** Everything that will come has come: the head, and the title or as much of a page as is said to be there. */
function isWhole(bytes: Uint8Array): boolean {
  const message = readMessage(bytes);
  if (message?.body === undefined) return false;
  return message.isWhole || /<\/title>/i.test(latin1(message.body));
}

function factsOf({ headers, cookies }: Message): Facts {
  const facts: Record<string, string | readonly string[]> = {};
  for (const [header, name] of shown) {
    const value = headers.get(header);
    if (value !== undefined && value !== '') facts[name] = value;
  }
  const realm = /realm="([^"]*)"/i.exec(headers.get('www-authenticate') ?? '')?.[1];
  if (realm !== undefined && realm !== '') facts['realm'] = realm;
  if (cookies.length > 0) facts['cookies'] = cookies;
  return facts;
}

/** A printing server says so in the versions it names, a proxy by what only proxies ask or say. */
function nameOf(
  { server = '', status, version }: Facts,
  headers: ReadonlyMap<string, string>,
  page: string,
): string | undefined {
  if (version === 'ICY') return 'shoutcast';
  if (/\bIPP\/\d/.test(`${server}`) || /^CUPS\//.test(`${server}`)) return 'ipp';
  const isProxy =
    status === '407' ||
    headers.has('proxy-authenticate') ||
    headers.has('x-squid-error') ||
    isOnlyProxy.test(`${server}`) ||
    privoxyRefusal.test(page) ||
    (/^[45]/.test(`${status}`) && ownTitle.test(page));
  return isProxy ? 'http-proxy' : undefined;
}

/** It says so, or sends to a port with TLS, which may be this one. */
function wantsTls({ status, redirect = '' }: Facts, page: string): boolean {
  return (`${status}`.startsWith('4') && plainToTls.test(page)) || /^https:\/\/[^/]*:\d/.test(`${redirect}`);
}

function titleOf(page: string): Facts {
  const from = /<title(?:\s[^<>]{0,200})?>/i.exec(page);
  if (from === null) return {};
  const start = from.index + from[0].length;
  const end = page.toLowerCase().indexOf('</title', start);
  const title = plain(page.slice(start, end < 0 ? start + mostTitle : Math.min(end, start + mostTitle)));
  return title === '' ? {} : { title };
}

/** `<meta name="generator" content="…">`, in either order. */
function generatorOf(page: string): Facts {
  const meta = /<meta [^<>]{0,100}name=["']?generator["']?[^<>]{0,200}>/i.exec(page)?.[0] ?? '';
  const generator = plain(/content=["']([^"'<>]{1,120})["']/i.exec(meta)?.[1] ?? '');
  return generator === '' ? {} : { generator };
}

/** What is told of a page: as UTF-8, in one line. */
function plain(raw: string): string {
  return textOf(Buffer.from(raw, 'latin1')).replaceAll(/\s+/g, ' ').trim();
}

/** How servers say that they were spoken to in plain text behind TLS: nginx, Apache, Go, Tomcat, Cheroot. */
const plainToTls =
  /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled server port|HTTP request to an HTTPS server|combination of host and port requires TLS|sent a plain HTTP request, but this server only speaks HTTPS/i;
const shown = [
  ['server', 'server'],
  ['x-powered-by', 'poweredBy'],
  ['location', 'redirect'],
  ['via', 'via'],
  ['www-authenticate', 'authenticate'],
] as const;
const mostTitle = 200;
/** A refusal that is headed by what refuses; a gateway's "proxy error" speaks of one behind. */
const ownTitle = /<title>[^<>]{0,60}\bHTTP proxy<\/title>/i;
/** Programs that are nothing else, where they name themselves. */
const isOnlyProxy = /^(?:squid|tinyproxy|mitmproxy|Privoxy|CCProxy)\b/i;
