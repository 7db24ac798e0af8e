/**
 * What is spoken with each kind of proxy.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import type { Address } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import {
  type ProxyAddress,
  type ProxyProtocol,
  type ProxyUser,
  proxyForm,
  readProxy,
} from '../model/proxy.ts';
import { httpConnect } from './http-connect.ts';
import { type ProxyDialogue, ProxyHandshake, type ProxyTarget } from './proxy-dialogue.ts';
import { socks4, socks5 } from './socks.ts';

/** Reads a proxy's URL; throws a PortolanError for what is none. Where it goes by a name, `at` says where that leads. */
export function parseProxy(text: string, at: readonly string[] = []): ProxyAddress {
  const proxy = readProxy(text);
  if (typeof proxy !== 'string') return { ...proxy, at: addressesOf(proxy.host, at) };
  throw badRequest(`${named('proxies')}: the URL of a proxy: ${proxy}; wanted ${proxyForm}`);
}

/** Begins the talk that makes `proxy` connect to `target`. */
export function proxyHandshake(proxy: ProxyAddress, target: ProxyTarget): ProxyHandshake {
  return new ProxyHandshake(protocols[proxy.protocol](target, proxy.user));
}

function addressesOf(host: string, at: readonly string[]): readonly Address[] {
  const address = parseAddress(host);
  return address === undefined ? at.flatMap((text) => parseAddress(text) ?? []) : [address];
}

const protocols = { socks4, socks5, http: httpConnect } as const satisfies Record<
  ProxyProtocol,
  (target: ProxyTarget, user?: ProxyUser) => ProxyDialogue
>;
