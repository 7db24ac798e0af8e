/**
 * SNMP: versions 1 and 2c as far as they know everybody by the community `public` (RFC 1157, RFC 1901), and the engine
 * that version 3 tells to whoever asks (RFC 3414, 4).
 *
 * @module
 */

import { macText } from '../../../../wire/address-text.ts';
import { type Element, elementsIn, firstElement, identifierText, integerOf, tags } from '../../ber.ts';
import type { DatagramProtocol, Facts, Parsed, Protocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { textOf } from '../../text.ts';
import { snmpProducts, vendors } from './snmp-products.ts';

/** What a network's machines are watched by. */
export const snmp: DatagramProtocol = {
  name: 'snmp',
  transport: 'udp',
  ports: [161],
  request: { cost: 8, bytes: questionOf('snmp-v2c') },
  parse,
  products: snmpProducts,
};

/** The same, asked for the engine of version 3, which is told to strangers too. */
export const snmpEngine: DatagramProtocol = {
  ...snmp,
  ports: [],
  request: { cost: 7, bytes: questionOf('snmp-v3') },
};

/** What other agents report to one by (RFC 1227): it closes on those that it does not know, and says why. */
export const smux: Protocol = {
  name: 'smux',
  transport: 'tcp',
  ports: [199],
  // A ClosePDU in three bytes: its tag, its length, a reason of six.
  parse: (bytes) => {
    const [tag, length, reason = 6] = bytes;
    const isClose = bytes.length === 3 && tag === 0x41 && length === 1 && reason < 6;
    return isClose ? { facts: { reason: String(reason) }, confidence: 7 } : undefined;
  },
  isWhole: (bytes) => bytes.length === 3,
  products: [],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const message = firstElement(bytes)?.element;
  if (message?.tag !== tags.sequence) return undefined;
  const [version, second, third, fourth] = elementsIn(message.content, 4);
  const number = integerOf(version);
  if (number === 3) return parseEngine(second, third, fourth);
  if ((number !== 0 && number !== 1) || second?.tag !== tags.octetString || third?.tag !== getResponse)
    return undefined;
  const [id, status, index, variables] = elementsIn(third.content, 4);
  if (integerOf(id) === undefined || integerOf(status) === undefined || integerOf(index) === undefined)
    return undefined;
  if (variables?.tag !== tags.sequence) return undefined;
  const told = number === 0 ? 'SNMPv1 server' : 'SNMPv2c server';
  return { facts: { info: `${told}; public`, ...systemIn(variables) } };
}

/** What stands in the system's group (RFC 3418). */
function systemIn(variables: Element): Facts {
  const facts: Record<string, string> = {};
  for (const { content } of elementsIn(variables.content, 8)) {
    const [name, value] = elementsIn(content, 2);
    if (name?.tag !== tags.identifier || value === undefined) continue;
    const fact = systemNames[identifierText(name.content)];
    if (fact === undefined) continue;
    const text =
      value.tag === tags.octetString
        ? textOf(value.content).replace(/\s+/g, ' ').trim()
        : value.tag === tags.identifier
          ? identifierText(value.content)
          : '';
    if (text === '') continue;
    facts[fact] = text;
    if (fact !== 'objectId') continue;
    const vendor = vendors[/^1\.3\.6\.1\.4\.1\.(\d+)\b/.exec(text)?.[1] ?? ''];
    if (vendor !== undefined) facts['vendor'] = vendor;
  }
  return facts;
}

/** The report that tells an asker whose engine is unknown to it which engine this is. */
function parseEngine(
  header: Element | undefined,
  parameters: Element | undefined,
  scoped: Element | undefined,
): Parsed | undefined {
  const [id, size, flags, model] = elementsIn(header?.content ?? nothing, 4);
  if (header?.tag !== tags.sequence || integerOf(id) === undefined || integerOf(size) === undefined)
    return undefined;
  if (flags?.tag !== tags.octetString || integerOf(model) === undefined || scoped === undefined)
    return undefined;
  if (parameters?.tag !== tags.octetString) return undefined;
  const [engine, boots, seconds] = elementsIn(
    firstElement(parameters.content)?.element.content ?? nothing,
    3,
  );
  if (engine?.tag !== tags.octetString) return undefined;
  const [bootCount, uptime] = [integerOf(boots), integerOf(seconds)];
  return {
    facts: {
      info: 'SNMPv3 server',
      ...engineFacts(engine.content),
      ...(bootCount !== undefined && { engineBoots: String(bootCount) }),
      ...(uptime !== undefined && { engineSeconds: String(uptime) }),
    },
  };
}

/** An engine's id: a number of an enterprise, and in what form the rest is (RFC 3411, 5). */
function engineFacts(id: Uint8Array): Facts {
  if (id.length < 5 || id.length > 32) return {};
  const [a = 0, b = 0, c = 0, d = 0, form = 0] = id;
  const enterprise = String(((a & 0x7f) * 256 + b) * 65_536 + c * 256 + d);
  const vendor = vendors[enterprise];
  const rest = id.subarray(5);
  const isKnownForm = a >= 0x80;
  const mac = isKnownForm && form === 3 && rest.length === 6 ? macText(rest) : undefined;
  const name = isKnownForm && form === 4 ? textOf(rest) : '';
  return {
    engineId: Buffer.from(id).toString('hex'),
    enterprise,
    ...(vendor !== undefined && { vendor }),
    ...(mac !== undefined && { engineMac: mac }),
    ...(isKnownForm && form === 1 && rest.length === 4 && { engineAddress: [...rest].join('.') }),
    ...(name !== '' && { engineName: name }),
  };
}

const getResponse = 0xa2;
const nothing = new Uint8Array(0);
const systemNames: Readonly<Record<string, string>> = {
  '1.3.6.1.2.1.1.1.0': 'description',
  '1.3.6.1.2.1.1.2.0': 'objectId',
  '1.3.6.1.2.1.1.5.0': 'hostname',
};
