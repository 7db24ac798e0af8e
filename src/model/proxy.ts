/**
 * Proxies by URL: `socks4://`, `socks5://`, `http://`, with `user:password@` where they ask for it. This is the one
 * grammar, for plans and for sockets alike.
 *
 * @module
 */

import type { Address } from './address.ts';
import { parseAddress } from './parse-address.ts';

/** A proxy as it was named. */
export interface ProxyAddress {
  readonly protocol: ProxyProtocol;
  readonly host: string;
  readonly port: number;
  readonly user?: ProxyUser;
  /** Where it is, in place of what its name means; of the proxies of a chain only the first needs it. */
  readonly at?: readonly Address[];
}

/** Who asks, where the proxy wants to know. */
export interface ProxyUser {
  readonly name: string;
  readonly password: string;
}

/** The protocols, by the scheme of the URL. */
export type ProxyProtocol = keyof typeof ports;

/** Reads a proxy's URL; a text is what is wrong with it, and holds nothing of it: it may be a password. */
export function readProxy(text: string): ProxyAddress | string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const protocol = url?.protocol.slice(0, -1) ?? '';
  if (url === undefined || !Object.hasOwn(ports, protocol) || url.hostname === '') return 'it is none';
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') return 'found a path in it';
  // URL leaves out the port when it is the scheme's own.
  const port = url.port === '' ? ports[protocol as ProxyProtocol] : Number(url.port);
  if (port === 0) return 'found port 0 in it';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const plain = { protocol: protocol as ProxyProtocol, host, port };
  if (url.username === '' && url.password === '') return plain;
  try {
    const user = { name: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
    return problemOf(plain.protocol, user) ?? { ...plain, user };
  } catch {
    return 'found a broken % escape in it (%25 stands for %)';
  }
}

/** The name that the first of these proxies goes by; undefined where it is an address. */
export function firstProxyName(proxies: readonly string[]): string | undefined {
  const [first] = proxies;
  const proxy = first === undefined ? undefined : readProxy(first);
  if (proxy === undefined || typeof proxy === 'string') return undefined;
  return parseAddress(proxy.host) === undefined ? proxy.host : undefined;
}

/** What a protocol has no place for. */
function problemOf(protocol: ProxyProtocol, { name, password }: ProxyUser): string | undefined {
  if (protocol === 'socks4' && password !== '') return 'SOCKS4 knows users, but no passwords';
  if (protocol === 'socks4' && name.includes('\0')) return 'SOCKS4 cannot carry a NUL byte';
  // RFC 7617, 2.
  if (protocol === 'http' && name.includes(':')) return 'a user name has no colon in HTTP';
  // RFC 1929, 2.
  const isLong = [name, password].some((one) => new TextEncoder().encode(one).length > 255);
  return isLong && protocol !== 'http' ? 'SOCKS has room for 255 bytes of a user or password' : undefined;
}

/** What a URL of a proxy looks like. */
export const proxyForm = 'socks4://host:port, socks5://user:password@host:port or http://host:port';

/** Where such a proxy listens when nothing is said; for http:// that of a URL. */
const ports = { socks4: 1080, socks5: 1080, http: 80 } as const;
