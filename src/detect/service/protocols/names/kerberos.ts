/**
 * Kerberos (RFC 4120): a message that is longer than any is refused with the server's realm and time (7.2.2), and so is a
 * wish for a ticket of a realm that is not there. Nobody is named and nothing is proven. The change of passwords (RFC
 * 3244) answers in the same words.
 *
 * @module
 */

import { type Element, elementsIn, firstElement, integerOf, tags } from '../../ber.ts';
import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u32 } from '../../byte-writer.ts';
import type { DatagramProtocol, Parsed, ProductRule, Protocol } from '../../contract.ts';
import { dateTimeText } from '../../iso-time.ts';
import { questionOf } from '../../payload.ts';
import { textOf } from '../../text.ts';

const products: readonly ProductRule[] = [
  // Texts of each implementation (measured); Windows has none.
  {
    when: { errorText: /^[A-Z]{3,20}_[A-Z_]{3,40}$/ },
    product: 'MIT Kerberos',
    cpe: 'a:mit:kerberos_5',
    confidence: 7,
  },
];

/** Tickets over TCP, by a length that cannot be: the answer is new each time, and has the server's own realm. */
export const kerberos: Protocol = {
  name: 'kerberos-sec',
  transport: 'tcp',
  ports: [88, 464],
  // A request of the web is such a length as well.
  request: { cost: 8, bytes: () => Uint8Array.of(0x7f, 0xff, 0xff, 0xff) },
  parse: (bytes) => parse(afterLength(bytes)),
  isWhole: (bytes) => afterLength(bytes).length > 0,
  products,
};

/** The same for those who hang up on it. */
export const kerberosTickets: Protocol = {
  ...kerberos,
  ports: [88],
  request: {
    cost: 9,
    toStrangers: 'closes',
    bytes: () => bytesFrom(u32(ticketRequest.length), ticketRequest),
  },
};

/**
 * Tickets over UDP, as the scan of ports asks for them. Nothing is asked besides: MIT's server answers the same words with
 * its old answer, whose time is wrong.
 */
export const kerberosOverUdp: DatagramProtocol = {
  name: 'kerberos-sec',
  transport: 'udp',
  ports: [88],
  parse,
  products,
};

/** An error (RFC 4120, 5.9.1): nothing else can be the answer to a realm that is not there. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const message = firstElement(bytes)?.element;
  const body = firstElement(message?.content ?? nothing)?.element;
  if (message?.tag !== errorTag || body?.tag !== tags.sequence) return undefined;
  const fields = new Map(elementsIn(body.content, 16).map(({ tag, content }) => [tag & 0x1f, content]));
  const field = (number: number): Element | undefined => firstElement(fields.get(number) ?? nothing)?.element;
  const code = integerOf(field(6));
  if (integerOf(field(0)) !== version || integerOf(field(1)) !== errorType || code === undefined)
    return undefined;
  const time = timeOf(field(4));
  if (time === undefined) return undefined;
  const [realm, errorText] = [realmOf(field(9)), textIn(field(11))];
  return {
    ...(isPasswordService(field(10)) && { name: 'kpasswd5' }),
    facts: {
      info: `server time: ${time}`,
      time,
      error: errors[code] ?? `code ${code}`,
      ...(realm !== undefined && { realm }),
      ...(errorText !== undefined && { errorText }),
    },
  };
}

/** `kadmin/changepw` (RFC 3244, 2). */
function isPasswordService(principal: Element | undefined): boolean {
  const [, names] = elementsIn(principal?.content ?? nothing, 2);
  const list = firstElement(names?.content ?? nothing)?.element;
  return (
    elementsIn(list?.content ?? nothing, 2)
      .map(textIn)
      .join('/') === 'kadmin/changepw'
  );
}

/** A realm of the server's own: many repeat what was asked for. */
function realmOf(element: Element | undefined): string | undefined {
  const realm = textIn(element);
  return realm === askedRealm ? undefined : realm;
}

function textIn(element: Element | undefined): string | undefined {
  if (element?.tag !== generalString || element.content.length === 0) return undefined;
  return textOf(element.content).replace(/\0+$/, '');
}

/** `20261201045437Z` */
function timeOf(element: Element | undefined): string | undefined {
  if (element?.tag !== tags.generalizedTime) return undefined;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(textOf(element.content));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts?.slice(1).map(Number) ?? [];
  return dateTimeText(year, month, day, hour, minute, second);
}

/** A message of TCP: its length comes before it (RFC 4120, 7.2.2). */
function afterLength(bytes: Uint8Array): Uint8Array {
  const length = new ByteReader(bytes).u32();
  return length > 0 && length <= bytes.length - 4 ? bytes.subarray(4, 4 + length) : nothing;
}

const nothing = new Uint8Array(0);
const version = 5;
const errorTag = 0x7e;
const errorType = 30;
const generalString = 0x1b;
const errors: Readonly<Record<number, string>> = {
  6: 'client unknown',
  7: 'server unknown',
  12: 'policy',
  14: 'no such encryption',
  25: 'proof needed first',
  37: 'clocks differ',
  52: 'answer too big for UDP',
  60: 'generic',
  61: 'too long',
  68: 'wrong realm',
};
/** As the question names it. */
const askedRealm = 'PORTOLAN.INVALID';
const ticketRequest = questionOf('kerberos')();
