/**
 * One host of nmap's XML, element by element.
 *
 * @module
 */

import { formatAddress } from '../../model/address.ts';
import { parseAddress, parseDecimal } from '../../model/parse-address.ts';
import { isPortRanges } from '../../model/ports.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import { type PortState, type Protocol, portStates, type Reason, reasons } from '../../model/verdict.ts';
import { packLook, protocols, techniqueOfKey } from '../look.ts';
import { type HostNotes, placeOf, type Snapshot } from '../snapshot.ts';
import { eachRange } from '../take-fact.ts';
import type { Attributes, Refuse } from './nmap-xml-run.ts';
import { inShort } from './reader.ts';

/** A host while its elements come; at its end it is entered. */
export class XmlHost {
  readonly #snapshot: Snapshot;
  readonly #atMs: number;
  #address: string | undefined;
  #presence: 'up' | 'down' | 'unknown' = 'unknown';
  #reason: Reason | undefined;
  readonly #notes: HostNotes = {};
  readonly #names = new Set<string>();
  readonly #ports: Port[] = [];
  readonly #rests: Rest[] = [];
  readonly #systems: { name: string; accuracy: number; family: string }[] = [];

  constructor(snapshot: Snapshot, { endtime, starttime }: Attributes) {
    this.#snapshot = snapshot;
    const seconds = Number(endtime ?? starttime);
    this.#atMs = seconds > 0 && seconds < lastSecond ? Math.trunc(seconds) * 1000 : 0;
  }

  /** Takes an element; `path` leads to it. */
  open(name: string, attributes: Attributes, path: readonly string[], refuse: Refuse): void {
    const within = path.at(-2);
    if (name === 'status' && within === 'host') this.#status(attributes);
    else if (name === 'address' && within === 'host') this.#takeAddress(attributes, refuse);
    else if (name === 'hostname' && within === 'hostnames') this.#name(attributes);
    else if (name === 'port' && within === 'ports') this.#port(attributes, refuse);
    else if (name === 'state' && within === 'port') this.#state(attributes, refuse);
    else if (name === 'service' && within === 'port') this.#service(attributes);
    else if (name === 'extraports' && within === 'ports') this.#rest(attributes, refuse);
    else if (name === 'extrareasons' && within === 'extraports') this.#restReason(attributes);
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
    for (const port of this.#ports) this.#enter(host, port);
    this.#enterRests(host);
    const notes = this.#notes;
    if (this.#names.size > 0) notes.names = [...this.#names].sort();
    const [best] = this.#systems;
    if (best !== undefined)
      notes.os = {
        names: this.#systems.map(({ name }) => name),
        families: this.#systems.map(({ family }) => family),
        accuracy: best.accuracy,
      };
    if (Object.keys(notes).length > 0) Object.assign(snapshot.notesOf(host), notes);
  }

  #status({ state, reason }: Attributes): void {
    this.#presence = state === 'up' || state === 'down' ? state : 'unknown';
    this.#reason = reasonOf(reason);
  }

  #takeAddress({ addr = '', addrtype }: Attributes, refuse: Refuse): void {
    if (addrtype === 'mac') this.#notes.mac = addr.toLowerCase();
    else {
      const address = parseAddress(addr);
      if (address === undefined) refuse(`found the address ${inShort(addr)}, wanted one of IPv4 or IPv6`);
      this.#address ??= formatAddress(address);
    }
  }

  #name({ name = '', type }: Attributes): void {
    if (type === 'user') this.#notes.name = name;
    else this.#names.add(name);
    this.#notes.name ??= name;
  }

  #port({ protocol, portid = '' }: Attributes, refuse: Refuse): void {
    const port = parseDecimal(portid, 65_535);
    if (port === undefined) refuse(`found the port ${inShort(portid)}, wanted 0 to 65535`);
    if (!protocols.includes(protocol as Protocol))
      refuse(`found the protocol ${inShort(protocol ?? '')}, wanted tcp, udp, sctp or ip`);
    this.#ports.push({
      protocol: protocol as Protocol,
      port,
      state: 'unknown',
      reason: undefined,
      service: undefined,
    });
  }

  #state({ state = '', reason }: Attributes, refuse: Refuse): void {
    const last = this.#ports.at(-1);
    if (last === undefined) return;
    last.state = stateOf(state, refuse);
    last.reason = reasonOf(reason);
  }

  #service(attributes: Attributes): void {
    const last = this.#ports.at(-1);
    if (last !== undefined) last.service = attributes;
  }

  #rest({ state = '', count }: Attributes, refuse: Refuse): void {
    this.#rests.push({ state: stateOf(state, refuse), count: Number(count), reason: undefined, parts: [] });
  }

  #restReason({ reason, proto, ports, count }: Attributes): void {
    const rest = this.#rests.at(-1);
    if (rest === undefined) return;
    const why = reasonOf(reason);
    rest.reason ??= why;
    if (ports !== undefined && protocols.includes(proto as Protocol) && isPortRanges(ports))
      rest.parts.push({ protocol: proto as Protocol, ports, reason: why });
    else if (Number(count) < rest.count) rest.reason = undefined;
  }

  #enter(host: number, { protocol, port, state, reason, service }: Port): void {
    const technique = this.#techniqueOf(protocol);
    this.#snapshot.entries.add(
      host,
      port,
      port,
      packLook({ protocol, technique, state, reason, attempts: 0 }),
    );
    // What stands in a table was not asked.
    if (service === undefined || service['method'] !== 'probed') return;
    const { name = '', product, version, extrainfo, tunnel, conf } = service;
    this.#snapshot.addService(host, placeOf(protocols.indexOf(protocol), port), {
      name,
      product,
      version,
      info: extrainfo,
      tls: tunnel === 'ssl',
      confidence: Number(conf ?? 0),
    });
  }

  /** Ports that are not listed. Which they are follows where all have one state, or where newer versions list them. */
  #enterRests(host: number): void {
    for (const { state, parts } of this.#rests) {
      for (const { protocol, ports, reason } of parts) {
        const technique = this.#techniqueOf(protocol);
        const look = packLook({ protocol, technique, state, reason, attempts: 0 });
        for (const [first, last] of eachRange(ports)) this.#snapshot.entries.add(host, first, last, look);
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

  /** The technique by which the run asked a protocol's ports; of several the first. */
  #techniqueOf(protocol: Protocol): PortTechniqueName | undefined {
    for (const key of this.#snapshot.about.asked.keys()) {
      const asked = techniqueOfKey(key);
      if (asked.protocol === protocol) return asked.technique;
    }
    return undefined;
  }
}

interface Port {
  readonly protocol: Protocol;
  readonly port: number;
  state: PortState;
  reason: Reason | undefined;
  service: Attributes | undefined;
}

/** Ports of a state that are not listed one by one. */
interface Rest {
  readonly state: PortState;
  readonly count: number;
  /** Absent where there are several. */
  reason: Reason | undefined;
  readonly parts: {
    readonly protocol: Protocol;
    readonly ports: string;
    readonly reason: Reason | undefined;
  }[];
}

function stateOf(text: string, refuse: Refuse): PortState {
  const state = portStates.find((one) => one === text);
  return state ?? refuse(`found the state ${inShort(text)}, wanted one of ${portStates.join(', ')}`);
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
