/**
 * LDAP (RFC 4511): the root of a directory may be read by anybody, without a bind (RFC 4512, 5.1).
 *
 * @module
 */

import { elementsIn, encodedElement, tags } from '../../ber.ts';
import type { DatagramProtocol, Facts, Parsed, ProductRule, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

const products: readonly ProductRule[] = [
  {
    when: { domainControllerFunctionality: /^\d+$/ },
    product: 'Microsoft Windows Active Directory LDAP',
    os: 'Windows',
    confidence: 7,
  },
  {
    when: { objectClass: /\bOpenLDAProotDSE\b/i },
    product: 'OpenLDAP',
    cpe: 'a:openldap:openldap',
  },
  {
    when: { vendorVersion: /^389-Directory\/(\d[\w.]*)/ },
    product: '389 Directory Server',
    version: '$1',
    cpe: 'a:redhat:389_directory_server',
  },
  { when: { vendorVersion: /^(\D{2,60}?)[ /](\d[\w.]*)/ }, product: '$1', version: '$2' },
  { when: { vendorName: /^(.{2,60})$/ }, product: '$1' },
];

/** The extended request of STARTTLS, message 2 (RFC 4511, 4.14.1), and the tag of its answer. */
const startTls = encodedElement(
  tags.sequence,
  encodedElement(tags.integer, [2]),
  encodedElement(0x77, encodedElement(0x80, '1.3.6.1.4.1.1466.20037')),
);
const extendedResponse = 0x78;

/** Directories. */
export const ldap: Protocol = {
  name: 'ldap',
  transport: 'tcp',
  ports: [389, 3268, 1389],
  tlsPorts: [636, 3269],
  // OpenLDAP 2.5 takes letters for the head of a message, and hangs up when as many have come as it says: 71 at a request
  // of the web, which is longer.
  request: {
    cost: 5,
    toStrangers: 'closes',
    hangsUp: 'end',
    hangsUpAfter: 2,
    staysAtLine: true,
    bytes: () => rootQuery,
  },
  starttls: {
    cost: 5,
    isOffered: () => false,
    isWorthAsking: () => true,
    bytes: startTls,
    isAgreed: (bytes) => {
      const [answer] = messagesIn(bytes);
      return answer?.operation === extendedResponse && elementsIn(answer.content)[0]?.content[0] === 0;
    },
  },
  parse,
  isWhole: (bytes) => messagesIn(bytes).some(({ operation }) => operation === searchDone),
  products,
};

/** The same without a connection ([MS-ADTS] 3.1.1.3.3): controllers of domains answer it. */
export const cldap: DatagramProtocol = {
  name: 'ldap',
  transport: 'udp',
  ports: [389],
  request: { cost: 8, bytes: () => rootQuery },
  parse: (bytes) => {
    const parsed = parse(bytes);
    // The scan of ports asks for versions alone.
    return parsed && (Object.keys(parsed.facts).length > 2 ? parsed : { ...parsed, isAside: true });
  },
  products,
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const messages = messagesIn(bytes);
  const [first] = messages;
  if (first === undefined || !answers.includes(first.operation)) return undefined;
  const facts: Record<string, string | readonly string[]> = {};
  for (const { operation, content } of messages) {
    if (operation === searchEntry) Object.assign(facts, attributesOf(content));
    else if (results.includes(operation)) {
      const code = elementsIn(content)[0];
      // resultCode, matchedDN, diagnosticMessage: what else has this tag is no answer of LDAP.
      if (code?.tag !== tags.enumerated) return undefined;
      facts['result'] = String(code.content[0] ?? 0);
    } else return undefined;
  }
  return { facts };
}

interface Message {
  readonly operation: number;
  readonly content: Uint8Array;
}

/** The messages that are whole: a number, then an operation. */
function messagesIn(bytes: Uint8Array): readonly Message[] {
  const messages: Message[] = [];
  for (const { tag, content } of elementsIn(bytes, 16)) {
    const [id, operation] = elementsIn(content, 3);
    if (tag !== tags.sequence || id?.tag !== tags.integer || operation === undefined) break;
    messages.push({ operation: operation.tag, content: operation.content });
  }
  return messages;
}

/** objectName, then attributes: each a name and a set of values. */
function attributesOf(entry: Uint8Array): Facts {
  const facts: Record<string, string | readonly string[]> = {};
  const list = elementsIn(entry)[1]?.content ?? new Uint8Array(0);
  for (const { content } of elementsIn(list)) {
    const [name, set] = elementsIn(content);
    const known = name && asked.find((one) => one.toLowerCase() === textOf(name.content).toLowerCase());
    if (known === undefined || set === undefined) continue;
    const values = elementsIn(set.content, mostValues).map((value) => textOf(value.content));
    const [first = ''] = values;
    if (known === 'dnsHostName') facts['hostname'] = first;
    else if (lists.has(known)) facts[known] = values;
    else facts[known] = values.join(' ');
  }
  return facts;
}

function octets(text: string): Uint8Array {
  return encodedElement(tags.octetString, text);
}

const searchEntry = 0x64;
const searchDone = 0x65;
/** What ends in a result: a bind, a search, an extended operation, of which one is the notice of disconnection. */
const results: readonly number[] = [0x61, searchDone, 0x78];
const answers: readonly number[] = [searchEntry, ...results];
const mostValues = 32;
const asked = [
  'objectClass',
  'vendorName',
  'vendorVersion',
  'namingContexts',
  'supportedLDAPVersion',
  'supportedSASLMechanisms',
  'dnsHostName',
  'domainControllerFunctionality',
] as const;
const lists: ReadonlySet<string> = new Set([
  'namingContexts',
  'supportedLDAPVersion',
  'supportedSASLMechanisms',
]);
/** Of the root alone, what is there of these attributes; one entry, three seconds. */
const rootQuery = encodedElement(
  tags.sequence,
  [tags.integer, 1, 1],
  encodedElement(
    0x63,
    octets(''),
    [tags.enumerated, 1, 0],
    [tags.enumerated, 1, 0],
    [tags.integer, 1, 1],
    [tags.integer, 1, 3],
    [tags.boolean, 1, 0],
    encodedElement(0x87, 'objectClass'),
    encodedElement(tags.sequence, ...asked.map(octets)),
  ),
);
