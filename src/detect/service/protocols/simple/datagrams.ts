/**
 * The small services of old over UDP: any datagram brings the answer, which has a shape and no name. Two of them, the
 * quote of the day (RFC 865) and who is logged in (RFC 866), say what they like: they are believed at home alone. Discard
 * says nothing.
 *
 * @module
 */

import type { DatagramProtocol, Parsed, Protocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { linesOf, textOf } from '../../text.ts';
import { daytime, time } from './simple.ts';

/** What was sent comes back. */
export const echoDatagrams: DatagramProtocol = {
  name: 'echo',
  transport: 'udp',
  ports: [7],
  request: { cost: 9, bytes: questionOf('echo') },
  parse: (bytes) =>
    /^portolan [0-9a-f]{8}\r\n/.test(textOf(bytes)) ? { facts: {}, confidence: 7 } : undefined,
  products: [],
};

/** The time in words. */
export const daytimeDatagrams: DatagramProtocol = {
  name: 'daytime',
  transport: 'udp',
  ports: [13],
  parse: daytime.parse,
  products: [],
};

/** The time in four bytes. */
export const timeDatagrams: DatagramProtocol = {
  name: 'time',
  transport: 'udp',
  ports: [37],
  isOnlyAtHome: true,
  parse: time.parse,
  products: [],
};

/** Characters one after the other. */
export const chargenDatagrams: DatagramProtocol = {
  name: 'chargen',
  transport: 'udp',
  ports: [19],
  parse: (bytes) => {
    const text = textOf(bytes.subarray(0, 512));
    const [line = ''] = text.split('\r\n');
    const isRing = [...line].every(
      (_, i) => i === 0 || followsInRing(line.charCodeAt(i - 1), line.charCodeAt(i)),
    );
    return line.length >= 16 && isRing ? { facts: {}, confidence: 7 } : undefined;
  },
  products: [],
};

/** A quote. */
export const quote: Protocol = {
  name: 'qotd',
  transport: 'tcp',
  ports: [17],
  greeting: true,
  isOnlyAtHome: true,
  parse: parseQuote,
  products: [],
};

/** A quote. */
export const quoteDatagrams: DatagramProtocol = {
  name: 'qotd',
  transport: 'udp',
  ports: [17],
  isOnlyAtHome: true,
  parse: parseQuote,
  products: [],
};

/** Who is there. */
export const systat: Protocol = {
  name: 'systat',
  transport: 'tcp',
  ports: [11],
  greeting: true,
  isOnlyAtHome: true,
  parse: parseTable,
  products: [],
};

/** Who is there. */
export const systatDatagrams: DatagramProtocol = {
  name: 'systat',
  transport: 'udp',
  ports: [11],
  isOnlyAtHome: true,
  parse: parseTable,
  products: [],
};

/** At most 512 characters of text (RFC 865). */
function parseQuote(bytes: Uint8Array): Parsed | undefined {
  const isText = /^[\t\r\n\x20-\x7e\x80-\xff]{8,512}$/.test(Buffer.from(bytes).toString('latin1'));
  return isText && textOf(bytes).includes(' ') ? { facts: {}, confidence: 7 } : undefined;
}

/** A head of `ps` or `w`, or lines of users with their terminals. */
function parseTable(bytes: Uint8Array): Parsed | undefined {
  const [first = ''] = linesOf(bytes, 1);
  const isTable =
    /^ {0,8}(?:USER|UID|PID|F S)\s+[A-Z%]/.test(first) ||
    /^[a-z_][\w-]{0,31}\s+(?:tty|pts\/|console)/.test(first);
  return isTable ? { facts: {}, confidence: 7 } : undefined;
}

/** Printable ASCII, and after the last of it the first again. */
function followsInRing(before: number, after: number): boolean {
  return after === before + 1 || (before >= 0x7d && after <= 0x21);
}
