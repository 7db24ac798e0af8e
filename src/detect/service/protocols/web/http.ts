/**
 * HTTP/1 (RFC 9112), and what answers as 0.9 did.
 *
 * @module
 */

import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { beginsWith, bytesOf, linesOf, textOf } from '../../text.ts';
import { httpProducts } from './http-products.ts';

/** Web servers, and what is spoken over HTTP: printing, proxies. */
export const http: Protocol = {
  name: 'http',
  transport: 'tcp',
  ports: [
    80, 81, 591, 631, 2375, 3000, 3128, 5000, 5985, 7080, 8000, 8008, 8080, 8081, 8088, 8888, 9000, 9090,
  ],
  tlsPorts: [443, 832, 1311, 2376, 4443, 4433, 5001, 5986, 6443, 7443, 8443, 8834, 9443, 10443],
  request: {
    cost: 1,
    bytes: ({ host, port }) =>
      bytesOf(
        `GET / HTTP/1.1\r\nHost: ${host}:${port}\r\nUser-Agent: Mozilla/5.0 (compatible; Portolan)\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
      ),
  },
  parse,
  isWhole,
  products: httpProducts,
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const status = statusLine.exec(textOf(bytes.subarray(0, lineEnd(bytes, 0))));
  if (status === null) return parseBare(bytes);
  const [, version = '', code = ''] = status;
  const body = bodyAt(bytes);
  const headers = headersOf(bytes.subarray(0, body ?? bytes.length));
  const page = body === undefined ? '' : latin1(bytes.subarray(body));
  const facts: Facts = { version, status: code, ...factsOf(headers), ...titleOf(page) };
  const wantsTls = code === '400' && plainToTls.test(page);
  const name = nameOf(facts, headers);
  return { facts, ...(name !== undefined && { name }), ...(wantsTls && { wantsTls: true as const }) };
}

/** A page without a head: HTTP/0.9. What else begins with a tag is no proof. */
function parseBare(bytes: Uint8Array): Parsed | undefined {
  const page = latin1(bytes);
  if (!/^\s{0,8}<(?:!doctype html|html)[\s>]/i.test(page.slice(0, 64))) return undefined;
  return { facts: { version: '0.9', ...titleOf(page) }, confidence: 7 };
}

/** Everything that will come has come: the head, and the title or as much of a page as is said to be there. */
function isWhole(bytes: Uint8Array): boolean {
  if (!beginsWith(bytes, 'HTTP/')) return false;
  const body = bodyAt(bytes);
  if (body === undefined) return false;
  const headers = headersOf(bytes.subarray(0, body));
  const length = Number(headers.get('content-length') ?? Number.NaN);
  if (bytes.length - body >= length) return true;
  return /<\/title>/i.test(latin1(bytes.subarray(body)));
}

function factsOf(headers: ReadonlyMap<string, string>): Facts {
  const facts: Record<string, string> = {};
  for (const [header, name] of shown) {
    const value = headers.get(header);
    if (value !== undefined && value !== '') facts[name] = value;
  }
  const realm = /realm="([^"]*)"/i.exec(headers.get('www-authenticate') ?? '')?.[1];
  if (realm !== undefined && realm !== '') facts['realm'] = realm;
  return facts;
}

/** A printing server says so in the versions it names, a proxy by what only proxies ask or say. */
function nameOf({ server = '', status }: Facts, headers: ReadonlyMap<string, string>): string | undefined {
  if (/\bIPP\/\d/.test(`${server}`) || /^CUPS\//.test(`${server}`)) return 'ipp';
  const isProxy = status === '407' || headers.has('proxy-authenticate') || headers.has('x-squid-error');
  return isProxy ? 'http-proxy' : undefined;
}

function titleOf(page: string): Facts {
  const from = /<title(?:\s[^<>]{0,200})?>/i.exec(page);
  if (from === null) return {};
  const start = from.index + from[0].length;
  const end = page.toLowerCase().indexOf('</title', start);
  const raw = page.slice(start, end < 0 ? start + mostTitle : Math.min(end, start + mostTitle));
  const title = textOf(Buffer.from(raw, 'latin1')).replaceAll(/\s+/g, ' ').trim();
  return title === '' ? {} : { title };
}

/** Fields by lower-case name; what comes several times is joined (RFC 9110, 5.3). Continued lines end it (9112, 5.2). */
function headersOf(head: Uint8Array): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of linesOf(head).slice(1)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

/** Where the body begins; undefined while the head is not over. */
function bodyAt(bytes: Uint8Array): number | undefined {
  for (let at = lineEnd(bytes, 0); at < bytes.length; ) {
    const next = at + 1;
    const end = lineEnd(bytes, next);
    if (end >= bytes.length) return undefined;
    if (end === next || (end === next + 1 && bytes[next] === carriageReturn)) return end + 1;
    at = end;
  }
  return undefined;
}

/** Where the line that begins there ends; the end of all where it does not. */
function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(lineFeed, from);
  return end < 0 ? bytes.length : end;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

const statusLine = /^HTTP\/(\d\.\d) (\d{3})(?: |\r?$)/;
/** How servers say that they were spoken to in plain text behind TLS: nginx, Apache, lighttpd, Go. */
const plainToTls =
  /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled server port|HTTP request to an HTTPS server/i;
const shown = [
  ['server', 'server'],
  ['x-powered-by', 'poweredBy'],
  ['location', 'redirect'],
  ['via', 'via'],
  ['www-authenticate', 'authenticate'],
] as const;
const mostTitle = 200;
const lineFeed = 10;
const carriageReturn = 13;
