/**
 * What a record says of a network, small enough to be compared with another: numbers for hosts and ports, and notes
 * of the few hosts of which more is known.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import type { CheckResult, Expected } from '../model/fact.ts';
import type { CertificateFact } from '../model/service-fact.ts';
import type { Protocol, Reason } from '../model/verdict.ts';
import { Entries } from './entries.ts';

/** Whether a host was there. */
export type Presence = 'up' | 'down' | 'unknown';

/** A service in the words that can be compared. */
export interface ServiceNote {
  /** null: nothing was proven. */
  readonly name: string | null;
  readonly product: string | undefined;
  readonly version: string | undefined;
  readonly info: string | undefined;
  readonly tls: boolean;
  readonly confidence: number;
}

/** A range of a filter's policy. */
export interface PolicyNote {
  readonly protocol: Protocol;
  readonly first: number;
  readonly last: number;
  readonly action: string;
  readonly exposure: string | null;
  readonly alternatives: readonly string[];
  readonly confidence: number;
}

/** A finding. */
export interface FindingNote {
  readonly rule: string;
  readonly severity: string | undefined;
  readonly claim: string;
  readonly confidence: number;
}

/** What an audit says of a port. */
export interface CheckNote {
  /** See `packLook`. */
  readonly look: number;
  readonly result: CheckResult;
  readonly expected: Expected;
  /** The policy's rule, and its line. */
  readonly rule: string;
  readonly line: number;
}

/** What is known of a host besides its ports. */
export interface HostNotes {
  /** What a reader would call it. */
  name?: string;
  /** The names that its address has; absent: nobody asked. */
  names?: readonly string[];
  mac?: string;
  /** By protocol and port. */
  certificates?: Map<number, CertificateFact>;
  os?: { readonly names: readonly string[]; readonly families: readonly string[]; readonly accuracy: number };
  device?: Readonly<Record<string, string>>;
  policies?: PolicyNote[];
  findings?: FindingNote[];
  /** By protocol, port and source port, see `checkPlaceOf`. */
  checks?: Map<number, CheckNote>;
}

/** What a record says of itself. */
export interface About {
  /** The highest loss that it does not exclude; absent: it states none. */
  lossHigh?: number;
  /** Everything was done that was planned. */
  isComplete: boolean;
  /** Who was asked, where the record says it. */
  isTarget?: (host: string) => boolean;
  /** A target of which the record says nothing was silent. */
  leavesOutSilent: boolean;
  /** How often a host was looked for, at least. */
  hostAttempts: number;
  /** The ports asked, by a protocol's and a technique's number (`askedKey`), as ascending first and last ones. */
  readonly asked: Map<number, readonly number[]>;
  /** Looks at ports that were asked and of which the record says nothing, see `askedKey`. */
  readonly implied: Map<number, number>;
  /** The filter was looked at. */
  looksAtFilter: boolean;
}

/** A record, ready to be compared. */
export class Snapshot {
  readonly about: About = {
    isComplete: false,
    leavesOutSilent: false,
    hostAttempts: 1,
    asked: new Map(),
    implied: new Map(),
    looksAtFilter: false,
  };
  readonly entries = new Entries();
  /** When the record ends, or was last heard of; 0: it does not say. */
  endMs = 0;
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  #presence = new Uint8Array(1024);
  #reasons: (Reason | undefined)[] = [];
  #times = new Float64Array(1024);
  readonly #notes: (HostNotes | undefined)[] = [];
  /** Where services are: a stretch is a protocol's number and a port, its look the number of a service. */
  readonly places = new Entries();
  readonly #services: ServiceNote[] = [];
  readonly #serviceNumbers = new Map<string, number>();

  /** The hosts, in the order in which they were told. */
  get hosts(): readonly string[] {
    return this.#names;
  }

  /** The number of a host, which it gets when it is named first. */
  hostOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const host = this.#names.length;
    if (host === mostHosts) throw badRequest(`holds more than ${mostHosts} hosts`);
    this.#numbers.set(name, host);
    this.#names.push(name);
    if (host === this.#presence.length) {
      this.#presence = twice(this.#presence, new Uint8Array(2 * host));
      this.#times = twice(this.#times, new Float64Array(2 * host));
    }
    return host;
  }

  /** The number of a host; undefined: the record does not name it. */
  find(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  /** Notes that a host was heard of at a time. */
  touch(host: number, atMs: number): void {
    if (atMs > (this.#times[host] as number)) this.#times[host] = atMs;
    if (atMs > this.endMs) this.endMs = atMs;
  }

  setPresence(host: number, presence: Presence, reason: Reason | undefined): void {
    this.#presence[host] = presences.indexOf(presence);
    this.#reasons[host] = reason;
  }

  presenceOf(host: number): Presence {
    return presences[this.#presence[host] as number] as Presence;
  }

  reasonOf(host: number): Reason | undefined {
    return this.#reasons[host];
  }

  /** When the host was last heard of, milliseconds since 1970; 0: never. */
  timeOf(host: number): number {
    return this.#times[host] as number;
  }

  /** What is known of a host besides; made when it is first asked for. */
  notesOf(host: number): HostNotes {
    let notes = this.#notes[host];
    if (notes === undefined) {
      notes = {};
      this.#notes[host] = notes;
    }
    return notes;
  }

  /** Adds to what is known of a host. */
  note(host: number, notes: HostNotes): void {
    const known = this.#notes[host];
    this.#notes[host] = known === undefined ? notes : { ...known, ...notes };
  }

  /** The same, where there is something. */
  knownOf(host: number): HostNotes | undefined {
    return this.#notes[host];
  }

  addService(host: number, place: number, service: ServiceNote): void {
    this.addKnownService(host, place, this.serviceNumber(service));
  }

  /** The number of a service: those that are alike have one. */
  serviceNumber(service: ServiceNote): number {
    const key = JSON.stringify(service);
    const known = this.#serviceNumbers.get(key);
    if (known !== undefined) return known;
    this.#services.push(service);
    if (this.#serviceNumbers.size < mostServices) this.#serviceNumbers.set(key, this.#services.length - 1);
    return this.#services.length - 1;
  }

  addKnownService(host: number, place: number, number: number): void {
    this.places.add(host, place >>> 16, place & 65_535, number);
  }

  /** The services of a host by place, in the order in which they were told. */
  servicesOf(host: number): ReadonlyMap<number, readonly ServiceNote[]> {
    const services = new Map<number, ServiceNote[]>();
    for (const { first, last, look } of this.places.of(host).reverse()) {
      const place = placeOf(first, last);
      const service = this.serviceAt(look);
      const others = services.get(place);
      if (others === undefined) services.set(place, [service]);
      else others.push(service);
    }
    return services;
  }

  /** The service of a number. */
  serviceAt(number: number): ServiceNote {
    return this.#services[number] as ServiceNote;
  }

  addCertificate(host: number, place: number, certificate: CertificateFact): void {
    const notes = this.notesOf(host);
    notes.certificates ??= new Map();
    notes.certificates.set(place, certificate);
  }
}

/** A protocol's and a port's number as one. */
export function placeOf(protocol: number, port: number): number {
  return protocol * 65_536 + port;
}

/** A protocol's and a technique's number as one: the upper bits of a look. */
export function askedKey(look: number): number {
  return look >>> 26;
}

function twice<Numbers extends Uint8Array | Float64Array>(from: Numbers, into: Numbers): Numbers {
  into.set(from);
  return into;
}

const presences = ['unknown', 'up', 'down'] as const satisfies readonly Presence[];
/** More would be gigabytes of names. */
const mostHosts = 8_000_000;
/** Different ones; what is beyond is kept once a port. */
const mostServices = 100_000;
