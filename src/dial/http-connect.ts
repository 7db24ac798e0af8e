/**
 * HTTP CONNECT (RFC 9110, 9.3.6).
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { addressFromBytes, formatAddress } from '../model/address.ts';
import type { ProxyUser } from '../model/proxy.ts';
import type { ProxyDialogue, ProxyTarget } from './proxy-dialogue.ts';

/** Asks a web proxy for a tunnel. */
export function* httpConnect(target: ProxyTarget, user?: ProxyUser): ProxyDialogue {
  const authority = authorityOf(target);
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (user !== undefined) {
    // RFC 7617, 2: a user name has no colon.
    const credentials = Buffer.from(`${user.name}:${user.password}`, 'utf8').toString('base64');
    lines.push(`Proxy-Authorization: Basic ${credentials}`);
  }
  const head = yield {
    send: new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`),
    expect: { mark: endOfHead, atMost: longestHead },
  };
  const status = /^HTTP\/1\.[01] ([1-5]\d\d)(?: |\r\n)/.exec(Buffer.from(head).toString('latin1'))?.[1];
  if (status === undefined) return { kind: 'failed', reason: 'the proxy does not speak HTTP' };
  if (status.startsWith('2')) return { kind: 'connected' };
  switch (status) {
    case '407':
      return { kind: 'failed', reason: 'the HTTP proxy wants a user and password, or refused these' };
    case '504':
      return { kind: 'unreached', cause: 'no-response', reason: 'the target did not answer the HTTP proxy' };
    case '502':
    case '503':
      // Refused, unreachable and unresolved targets all look like this.
      return { kind: 'unreached', reason: `the HTTP proxy answered ${status}` };
    default:
      return { kind: 'failed', reason: `the HTTP proxy answered ${status}` };
  }
}

function authorityOf({ host, port }: ProxyTarget): string {
  if (typeof host !== 'string') {
    const text = formatAddress(addressFromBytes(host));
    return host.length === 4 ? `${text}:${port}` : `[${text}]:${port}`;
  }
  // What ends a line or a field would let a name write headers.
  if (!/^[A-Za-z0-9._-]{1,255}$/.test(host)) throw badRequest(`Cannot ask a proxy for the host "${host}"`);
  return `${host}:${port}`;
}

const endOfHead = new TextEncoder().encode('\r\n\r\n');
const longestHead = 16_384;
