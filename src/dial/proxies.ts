/**
 * Proxies by URL: `socks4://`, `socks5://`, `http://`, with `user:password@` where they ask for it.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { httpConnect } from './http-connect.ts';
import { type ProxyDialogue, ProxyHandshake, type ProxyTarget, type ProxyUser } from './proxy-dialogue.ts';
import { socks4, socks5 } from './socks.ts';

/** A proxy as it was named. */
export interface Proxy {
  readonly protocol: ProxyProtocol;
  readonly host: string;
  readonly port: number;
  readonly user?: ProxyUser;
}

/** The protocols, by the scheme of the URL. */
export type ProxyProtocol = keyof typeof protocols;

/** Reads a proxy's URL. */
export function parseProxy(text: string): Proxy {
  const wanted = `wanted ${Object.keys(protocols).join('://…, ')}://host:port`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const protocol = url?.protocol.slice(0, -1) ?? '';
  if (url === undefined || !Object.hasOwn(protocols, protocol) || url.hostname === '') {
    throw badRequest(`${named('proxies')}: found ${JSON.stringify(text)}; ${wanted}`);
  }
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') {
    throw badRequest(`${named('proxies')}: found a path in ${JSON.stringify(text)}; ${wanted}`);
  }
  const known = protocols[protocol as ProxyProtocol];
  // URL leaves out the port when it is the scheme's own.
  const port = url.port === '' ? known.port : Number(url.port);
  if (port === 0) throw badRequest(`${named('proxies')}: found port 0 in ${JSON.stringify(text)}; ${wanted}`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const user = url.username === '' && url.password === '' ? undefined : userOf(url, text);
  return { protocol: protocol as ProxyProtocol, host, port, ...(user !== undefined && { user }) };
}

/** Begins the talk that makes `proxy` connect to `target`. */
export function proxyHandshake(proxy: Proxy, target: ProxyTarget): ProxyHandshake {
  return new ProxyHandshake(protocols[proxy.protocol].speak(target, proxy.user));
}

function userOf(url: URL, text: string): ProxyUser {
  try {
    return { name: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  } catch {
    throw badRequest(
      `${named('proxies')}: found a broken % escape in ${JSON.stringify(text)}; wanted %25 for %`,
    );
  }
}

interface ProxyProtocolEntry {
  /** Where such a proxy listens when nothing is said; for http:// that of a URL. */
  readonly port: number;
  readonly speak: (target: ProxyTarget, user?: ProxyUser) => ProxyDialogue;
}

const protocols = {
  socks4: { port: 1080, speak: socks4 },
  socks5: { port: 1080, speak: socks5 },
  http: { port: 80, speak: httpConnect },
} as const satisfies Record<string, ProxyProtocolEntry>;
