/**
 * One host of nmap's XML, element by element.
 *
 * @module
 */

import { formatAddress } from '../../model/address.ts';
import { parseAddress, parseDecimal } from '../../model/parse-address.ts';
import { isPortRanges } from '../../model/ports.ts';
import { type PortState, type Protocol, portStates, type Reason, reasons } from '../../model/verdict.ts';
import { type Look, packed, packLook, protocols, techniqueOfKey } from '../look.ts';
import { type HostNotes, placeOf, type ServiceNote, type Snapshot } from '../snapshot.ts';
import { eachRange } from '../take-fact.ts';
import type { Refuse } from './nmap-xml-run.ts';
import { inShort } from './reader.ts';
import type { Attributes, XmlElement } from './xml-block.ts';

/** A host while its elements come; at its end it is entered. */
export class XmlHost {
  readonly #snapshot: Snapshot;
  #atMs = 0;
  #address: string | undefined;
  #presence: 'up' | 'down' | 'unknown' = 'unknown';
  #reason: Reason | undefined;
  #name: string | undefined;
  #mac: string | undefined;
  #names: string[] = [];
  /** Of each port its place, its state and reason as part of a look, and the number of its service, counted from 1. */
  readonly #ports: number[] = [];
  #rests: Rest[] = [];
  #systems: { name: string; accuracy: number; family: string }[] = [];
  /** By protocol the technique that asked, as part of a look. */
  readonly #techniques: (number | undefined)[] = [];

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** Begins a host, whatever became of the one before. */
  begin({ endtime, starttime }: Attributes): void {
    const seconds = Number(endtime ?? starttime);
    this.#atMs = seconds > 0 && seconds < lastSecond ? Math.trunc(seconds) * 1000 : 0;
    this.#address = undefined;
    this.#presence = 'unknown';
    this.#reason = undefined;
    this.#name = undefined;
    this.#mac = undefined;
    this.#ports.length = 0;
    if (this.#names.length > 0) this.#names = [];
    if (this.#rests.length > 0) this.#rests = [];
    if (this.#systems.length > 0) this.#systems = [];
    this.#techniques.length = 0;
  }

  /** Takes an element; `path` leads to it. */
  open(element: XmlElement, path: readonly string[], refuse: Refuse): void {
    const { name, attributes } = element;
    const within = path.at(-2);
    if (name === 'status' && within === 'host') this.#status(element);
    else if (name === 'address' && within === 'host') this.#takeAddress(attributes, refuse);
    else if (name === 'hostname' && within === 'hostnames') this.#takeName(attributes);
    else if (name === 'port' && within === 'ports') this.#port(element, refuse);
    else if (name === 'state' && within === 'port') this.#state(element, refuse);
    else if (name === 'service' && within === 'port') this.#service(element);
    else if (name === 'extraports' && within === 'ports') this.#rest(attributes, refuse);
    else if (name === 'extrareasons' && within === 'extraports') this.#restReason(element);
    else if (name === 'osmatch' && within === 'os') {
      const accuracy = Number(attributes['accuracy'] ?? 0);
      this.#systems.push({ name: attributes['name'] ?? '', accuracy, family: '' });
    } else if (name === 'osclass' && within === 'osmatch') {
      const last = this.#systems.at(-1);
      if (last !== undefined && last.family === '') last.family = attributes['osfamily'] ?? '';
    }
  }

  /** Enters what was read. A host without an address is none of which anything could be said. */
  end(): void {
    if (this.#address === undefined) return;
    const snapshot = this.#snapshot;
    const host = snapshot.hostOf(this.#address);
    snapshot.setPresence(host, this.#reason === 'user-set' ? 'unknown' : this.#presence, this.#reason);
    snapshot.touch(host, this.#atMs);
    for (let i = 0; i < this.#ports.length; i += 3) this.#enter(host, i);
    this.#enterRests(host);
    const notes: HostNotes = {};
    if (this.#name !== undefined) notes.name = this.#name;
    if (this.#mac !== undefined) notes.mac = this.#mac;
    const names = this.#names;
    if (names.length > 0) notes.names = names.length === 1 ? names : [...new Set(names)].sort();
    const [best] = this.#systems;
    if (best !== undefined)
      notes.os = {
        names: this.#systems.map(({ name }) => name),
        families: this.#systems.map(({ family }) => family),
        accuracy: best.accuracy,
      };
    if (notes.name !== undefined || notes.mac !== undefined || notes.os !== undefined)
      snapshot.note(host, notes);
  }

  #status(element: XmlElement): void {
    element.meaning ??= statusIn(element.attributes);
    const { presence, reason } = element.meaning as Status;
    this.#presence = presence;
    this.#reason = reason;
  }

  #takeAddress({ addr = '', addrtype }: Attributes, refuse: Refuse): void {
    if (addrtype === 'mac') this.#mac = addr.toLowerCase();
    else {
      const address = plainV4.test(addr) ? addr : formatted(addr);
      if (address === undefined) refuse(`found the address ${inShort(addr)}, wanted one of IPv4 or IPv6`);
      this.#address ??= address;
    }
  }

  #takeName({ name = '', type }: Attributes): void {
    if (type === 'user') this.#name = name;
    else this.#names.push(name);
    this.#name ??= name;
  }

  #port(element: XmlElement, refuse: Refuse): void {
    element.meaning ??= placeIn(element.attributes, refuse);
    this.#ports.push(element.meaning as number, lookOfNone, 0);
  }

  #state(element: XmlElement, refuse: Refuse): void {
    if (this.#ports.length === 0) return;
    const { state = '', reason } = element.attributes;
    element.meaning ??= packed(
      0,
      0,
      portStates.indexOf(stateOf(state, refuse)),
      numberOf(reasonOf(reason)),
      0,
    );
    this.#ports[this.#ports.length - 2] = element.meaning as number;
  }

  #service(element: XmlElement): void {
    // What stands in a table was not asked.
    if (this.#ports.length === 0 || element.attributes['method'] !== 'probed') return;
    element.meaning ??= this.#snapshot.serviceNumber(serviceIn(element.attributes));
    this.#ports[this.#ports.length - 1] = (element.meaning as number) + 1;
  }

  #rest({ state = '', count }: Attributes, refuse: Refuse): void {
    this.#rests.push({ state: stateOf(state, refuse), count: Number(count), reason: undefined, parts: [] });
  }

  #restReason(element: XmlElement): void {
    const rest = this.#rests.at(-1);
    if (rest === undefined) return;
    element.meaning ??= restIn(element.attributes);
    const { reason, count, part } = element.meaning as RestMeaning;
    rest.reason ??= reason;
    if (part !== undefined) rest.parts.push(part);
    else if (count < rest.count) rest.reason = undefined;
  }

  #enter(host: number, at: number): void {
    const [place, seen, service] = [this.#ports[at], this.#ports[at + 1], this.#ports[at + 2]] as Triple;
    const [protocol, port] = [place >>> 16, place & 65_535];
    const look = (seen | this.#techniqueOf(protocol)) >>> 0;
    this.#snapshot.entries.add(host, port, port, look);
    if (service > 0) this.#snapshot.addKnownService(host, place, service - 1);
  }

  /** Ports that are not listed. Which they are follows where all have one state, or where newer versions list them. */
  #enterRests(host: number): void {
    for (const { state, parts } of this.#rests) {
      for (const { protocol, ranges, reason } of parts) {
        const seen = packed(0, 0, portStates.indexOf(state), numberOf(reason), 0);
        const look = (seen | this.#techniqueOf(protocols.indexOf(protocol))) >>> 0;
        for (let i = 0; i < ranges.length; i += 2)
          this.#snapshot.entries.add(host, ranges[i] as number, ranges[i + 1] as number, look);
      }
    }
    const [only, ...others] = this.#rests;
    if (only === undefined || others.length > 0 || only.parts.length > 0) return;
    for (const key of this.#snapshot.about.asked.keys()) {
      const { protocol, technique } = techniqueOfKey(key);
      const { state, reason } = only;
      const look = packLook({ protocol, technique, state, reason, attempts: 0 });
      this.#snapshot.entries.add(host, 1, 0, look);
    }
  }

  /** The technique by which the run asked a protocol's ports, of several the first, and the protocol: as part of a look. */
  #techniqueOf(protocol: number): number {
    const known = this.#techniques[protocol];
    if (known !== undefined) return known;
    const keys = [...this.#snapshot.about.asked.keys()].map(techniqueOfKey);
    const { technique } = keys.find((one) => one.protocol === protocols[protocol]) ?? {
      technique: undefined,
    };
    const look: Look = {
      protocol: protocols[protocol] as Protocol,
      technique,
      state: portStates[0],
      reason: undefined,
      attempts: 0,
    };
    const part = packLook(look) & ~packed(0, 0, 7, 127, 255);
    this.#techniques[protocol] = part;
    return part;
  }
}

type Triple = readonly [place: number, seen: number, service: number];

interface Status {
  readonly presence: 'up' | 'down' | 'unknown';
  readonly reason: Reason | undefined;
}

/** Ports of a state that are not listed one by one. */
interface Rest {
  readonly state: PortState;
  readonly count: number;
  /** Absent where there are several. */
  reason: Reason | undefined;
  readonly parts: RestPart[];
}

/** Those of them that have one reason, as first and last ones. */
interface RestPart {
  readonly protocol: Protocol;
  readonly ranges: readonly number[];
  readonly reason: Reason | undefined;
}

interface RestMeaning {
  readonly reason: Reason | undefined;
  readonly count: number;
  readonly part: RestPart | undefined;
}

function statusIn({ state, reason }: Attributes): Status {
  return { presence: state === 'up' || state === 'down' ? state : 'unknown', reason: reasonOf(reason) };
}

function formatted(text: string): string | undefined {
  const address = parseAddress(text);
  return address === undefined ? undefined : formatAddress(address);
}

function placeIn({ protocol, portid = '' }: Attributes, refuse: Refuse): number {
  const port = parseDecimal(portid, 65_535);
  if (port === undefined) refuse(`found the port ${inShort(portid)}, wanted 0 to 65535`);
  if (!protocols.includes(protocol as Protocol))
    refuse(`found the protocol ${inShort(protocol ?? '')}, wanted tcp, udp, sctp or ip`);
  return placeOf(protocols.indexOf(protocol as Protocol), port);
}

function serviceIn({ name = '', product, version, extrainfo, tunnel, conf }: Attributes): ServiceNote {
  const confidence = Number(conf ?? 0);
  return { name, product, version, info: extrainfo, tls: tunnel === 'ssl', confidence };
}

function restIn({ reason: text, proto, ports, count }: Attributes): RestMeaning {
  const reason = reasonOf(text);
  const isList = ports !== undefined && protocols.includes(proto as Protocol) && isPortRanges(ports);
  const part = isList
    ? { protocol: proto as Protocol, ranges: [...eachRange(ports)].flat(), reason }
    : undefined;
  return { reason, count: Number(count), part };
}

function stateOf(text: string, refuse: Refuse): PortState {
  const state = portStates.find((one) => one === text);
  return state ?? refuse(`found the state ${inShort(text)}, wanted one of ${portStates.join(', ')}`);
}

/** A reason's number in a look. */
function numberOf(reason: Reason | undefined): number {
  return reason === undefined ? 0 : reasons.indexOf(reason) + 1;
}

/** nmap's words for reasons, and their plurals. */
function reasonOf(text: string | undefined): Reason | undefined {
  if (text === undefined) return undefined;
  const known = own[text] ?? text;
  return reasons.find((one) => one === known || `${one}s` === known || `${one}es` === known);
}

const own: Readonly<Record<string, Reason>> = {
  'conn-refused': 'refused',
  'conn-accept': 'connected',
  'conn-accepts': 'connected',
  'localhost-response': 'localhost',
  'nd-response': 'nd-response',
};
const lastSecond = 253_402_300_800;
/** What a port without a state is taken to be. */
const lookOfNone = packed(0, 0, portStates.indexOf('unknown'), 0, 0);
/** An address as we write it ourselves. */
const plainV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
