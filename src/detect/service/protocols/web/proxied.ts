/**
 * Servers that hear nobody who does not begin with the line of a proxy (HAProxy's PROXY protocol, 2.1): `UNKNOWN` says of
 * the caller nothing, and a request of the web behind it shows who is there. Whoever greets does so after the line.
 *
 * @module
 */

import type { Protocol } from '../../contract.ts';
import { bytesOf } from '../../text.ts';
import { http } from './http.ts';
import { get } from './request.ts';

/** The web behind such a line. */
export const proxied: Protocol = {
  ...http,
  name: 'proxy-protocol',
  ports: [],
  tlsPorts: [],
  isOnlyAtHome: true,
  request: {
    cost: 7,
    toStrangers: 'closes',
    hangsUp: 'reset',
    bytes: ({ host, port }) => Uint8Array.from([...bytesOf('PROXY UNKNOWN\r\n'), ...get('/', host, port)]),
  },
  parse: (bytes) => {
    const parsed = http.parse(bytes);
    // To others the line itself is a bad request.
    const isWanted = parsed !== undefined && parsed.facts['status'] !== '400';
    return parsed && { name: 'http', ...parsed, facts: { ...parsed.facts, ...(isWanted && wanted) } };
  },
};

const wanted = { proxyProtocol: 'required' };
