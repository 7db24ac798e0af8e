/**
 * L2TP (RFC 2661): who begins a control connection is told who answers, or why it does not.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Facts, Parsed } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { textOf } from '../../text.ts';

/** Tunnels of the second layer. */
export const l2tp: DatagramProtocol = {
  name: 'l2tp',
  transport: 'udp',
  ports: [1701],
  request: { cost: 9, bytes: questionOf('l2tp') },
  parse,
  products: [
    { when: { vendor: /^xelerance\.com$/ }, product: 'xl2tpd', cpe: 'a:xelerance:xl2tpd' },
    { when: { vendor: /^(\w[\x20-\x7e]{0,40})$/ }, product: '$1 L2TP' },
  ],
};

/** A control message (3.1), and its attributes (4.1) as far as they are plain. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isControl = (reader.u16() & 0xcb0f) === 0xc802;
  const length = reader.u16();
  reader.take(8);
  if (!isControl || length !== bytes.length || reader.isShort) return undefined;
  const found = new Map<number, Uint8Array>();
  while (reader.left > 0 && found.size < 32) {
    const head = reader.u16();
    const vendor = reader.u16();
    const type = reader.u16();
    const value = reader.take((head & 0x3ff) - 6);
    if (reader.isShort) return undefined;
    if (vendor === 0 && (head & 0x4000) === 0) found.set(type, value);
  }
  const number = (type: number) => new ByteReader(found.get(type) ?? new Uint8Array(0)).u16();
  const text = (type: number) => textOf(found.get(type) ?? new Uint8Array(0)).trim();
  const kind = number(0);
  const answer = answers[kind] ?? (length === 12 ? 'acknowledged' : undefined);
  if (answer === undefined) return undefined;
  const facts: Facts = {
    answer,
    ...(/^[\x21-\x7e]{1,255}$/.test(text(7)) && { hostname: text(7) }),
    ...(/^[\x20-\x7e]{1,255}$/.test(text(8)) && { vendor: text(8) }),
    ...(found.has(6) && { firmware: `${number(6)}` }),
  };
  return { facts };
}

const answers: Readonly<Record<number, string>> = { 2: 'accepted', 4: 'refused' };
