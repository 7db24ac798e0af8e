/**
 * SOCKS 5 (RFC 1928): which ways to prove oneself a proxy takes. Nobody proves himself, and nothing is asked to be
 * reached: so version 4, which knows no other word, is not asked for.
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { beginsWith } from '../../text.ts';

/** Offered: nothing, GSSAPI, a name with a password. */
export const socks: Protocol = {
  name: 'socks5',
  transport: 'tcp',
  ports: [1080, 1081, 9050, 9150],
  request: {
    cost: 5,
    toStrangers: 'closes',
    hangsUp: 'end',
    hangsUpAfter: 1,
    bytes: () => Uint8Array.of(5, 3, 0, 1, 2),
  },
  parse,
  isWhole: (bytes) => bytes.length >= 2,
  products: [{ when: { says: /^Tor / }, product: 'Tor', cpe: 'a:torproject:tor' }],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const says = 'Tor is not an HTTP Proxy';
  if (beginsWith(bytes, `HTTP/1.0 501 ${says}\r\n`)) return { facts: { says } };
  const [version, method = -1] = bytes;
  const authentication = methods[method];
  if (bytes.length !== 2 || version !== 5 || authentication === undefined) return undefined;
  return { facts: { authentication }, confidence: 7 };
}

const methods: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'GSSAPI',
  2: 'user name and password',
  255: 'none of those offered',
};
