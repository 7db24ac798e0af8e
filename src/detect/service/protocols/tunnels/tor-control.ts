/**
 * Tor's control port (control-spec, PROTOCOLINFO): the only question that it answers before anybody has proven himself.
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { beginsWith, bytesOf, linesOf } from '../../text.ts';

/** By which Tor is governed. */
export const torControl: Protocol = {
  name: 'tor-control',
  transport: 'tcp',
  ports: [9051, 9151],
  request: { cost: 8, bytes: () => bytesOf('PROTOCOLINFO 1\r\nQUIT\r\n') },
  parse,
  isWhole: (bytes) => linesOf(bytes).some((line) => /^(?:250 OK|514 .*)$/.test(line)),
  products: [
    { when: { version: /^(\d[\w.-]*)/ }, product: 'Tor', version: '$1', cpe: 'a:torproject:tor' },
    { when: {}, product: 'Tor', cpe: 'a:torproject:tor' },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  if (beginsWith(bytes, 'HTTP/1.0 501 Tor ControlPort is not an HTTP proxy\r\n'))
    return { facts: {}, isAside: true };
  const lines = linesOf(bytes, 8);
  if (lines[0] !== '250-PROTOCOLINFO 1') {
    const isRefused = lines.length === 1 && lines[0] === '514 Authentication required.';
    return isRefused ? { facts: {}, confidence: 7, isAside: true } : undefined;
  }
  const found = (expression: RegExp) => lines.map((line) => expression.exec(line)?.[1]).find(Boolean);
  const version = found(/^250-VERSION Tor="([\w.-]{1,40})/);
  const methods = found(/^250-AUTH METHODS=([A-Z,]{1,80})/);
  return {
    facts: {
      ...(version !== undefined && { version }),
      ...(methods !== undefined && { authentication: methods.split(',') }),
    },
  };
}
