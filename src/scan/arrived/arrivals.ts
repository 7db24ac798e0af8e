/**
 * What a listener on the inside has told, and what follows for single probes. Its lines come from another machine: each is
 * looked at before it counts, and no number of them fills the memory.
 *
 * @module
 */

import type { Arrival } from '../../audit/arrival.ts';
import { formatAddress } from '../../model/address.ts';
import type { ArrivedFact, ListeningFact } from '../../model/listener-facts.ts';
import { parseAddress } from '../../model/parse-address.ts';
import { isPortRanges, parsePortRanges } from '../../model/ports.ts';

/** A probe that was sent. */
export interface SentProbe {
  /** Canonical, without a zone. */
  readonly to: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly variant: string;
  /** The technique whose probe is meant. */
  readonly technique: string;
}

/** Everybody that probes were sent to. */
export interface Addressees {
  has(address: string): boolean;
  /** How many of a family. */
  count(family: 4 | 6): number;
}

/** Keeps what has arrived. */
export class Arrivals {
  /** What the listener hears; undefined: it has not said so yet. */
  listening: Pick<ListeningFact, 'addresses' | 'keyCheck'> | undefined;
  /** Lines beyond what is kept. */
  overflowing = 0;
  /** Probes that had been told of before the scan began: those of earlier ones. */
  held = 0;
  readonly #run: number;
  readonly #isHeard = { tcp: new Uint8Array(65_536), udp: new Uint8Array(65_536) };
  /** By protocol, port, technique and variant: whom the packets were addressed to. */
  readonly #arrived = new Map<string, Set<string>>();
  /** Everybody that packets were addressed to. */
  readonly #addressees = new Set<string>();
  #kept = 0;

  /** `run` is what the scan's own marks say; lines that name another one are others'. */
  constructor(run: number) {
    this.#run = run;
  }

  /** Takes a line; what is wrong with it, if anything is. `isHeld`: it was there before the scan began. */
  take(line: string, isHeld = false): string | undefined {
    const value = parsed(line);
    if (value === undefined) return 'is no JSON object';
    if (value['type'] === 'listening') return this.#begin(value);
    if (value['type'] === 'arrived') return this.#add(value, isHeld);
    return 'is neither listening nor arrived';
  }

  /** Whether any probe of the scan has arrived. */
  get isAnswered(): boolean {
    return this.#kept > 0;
  }

  /** Whether it hears what is sent to a port. */
  hears(protocol: 'tcp' | 'udp', port: number): boolean {
    return this.#isHeard[protocol][port] === 1;
  }

  /**
   * What became of a probe; `others` are all addresses that probes were sent to, `variants` all ways in which this port was
   * asked. Undefined where the listener cannot know: it does not hear that port, or nothing shows that it stands there.
   */
  of(probe: SentProbe, others: Addressees, variants: ReadonlySet<string>): Arrival | undefined {
    const { to, protocol, port, technique, variant } = probe;
    if (!this.hears(protocol, port)) return undefined;
    const found = this.#met(this.#arrived.get(keyOf(protocol, port, technique, variant)), to, others);
    if (found !== undefined) return found;
    if (this.#hasTranslated(probe, variants, others)) return 'perhaps';
    // Whoever wrote for an earlier scan need not listen any more.
    if (this.held > 0 && !this.isAnswered) return undefined;
    return this.#standsAt(to) ? 'not-arrived' : undefined;
  }

  /**
   * Whether the listener stands where probes to an address end, or on their way, and no translator before it: that might
   * change ports as well, and then a mark is not known any more.
   */
  #standsAt(to: string): boolean {
    return (
      this.listening?.addresses.includes(to) === true || this.#addressees.has(to) || this.#addressees.has('')
    );
  }

  /** Whether any probe to an address has reached the listener: then the way there works. */
  reaches(to: string, others: Addressees): boolean {
    return this.#met(this.#addressees, to, others) === 'arrived';
  }

  /** Whether packets to one of these were sent to an address. */
  #met(addressees: ReadonlySet<string> | undefined, to: string, others: Addressees): Arrival | undefined {
    if (addressees === undefined) return undefined;
    if (addressees.has(to) || addressees.has('')) return 'arrived';
    const translated = [...addressees].filter((one) => !others.has(one));
    if (translated.length === 0) return undefined;
    const family = familyOf(to);
    const isAlone = others.count(family) === 1 && translated.some((one) => familyOf(one) === family);
    return isAlone ? 'arrived' : 'perhaps';
  }

  /** Whether one has arrived from a source port that nobody asked from: a translator has changed it. */
  #hasTranslated(
    { to, protocol, port, technique, variant }: SentProbe,
    variants: ReadonlySet<string>,
    others: Addressees,
  ): boolean {
    if (!variant.startsWith(fromPort)) return false;
    const start = keyOf(protocol, port, technique, fromPort);
    for (const [key, addressees] of this.#arrived) {
      if (!key.startsWith(start) || variants.has(key.slice(start.length - fromPort.length))) continue;
      if (this.#met(addressees, to, others) !== undefined) return true;
    }
    return false;
  }

  #begin({ addresses, tcp, udp, keyCheck }: Fields): string | undefined {
    if (typeof tcp !== 'string' || !isPortRanges(tcp)) return 'has no ranges of TCP ports in tcp';
    if (typeof udp !== 'string' || !isPortRanges(udp)) return 'has no ranges of UDP ports in udp';
    if (keyCheck !== undefined && typeof keyCheck !== 'string') return 'has no text in keyCheck';
    const own = Array.isArray(addresses) ? addresses.map(canonical) : [];
    if (own.includes(undefined)) return 'has something else than addresses in addresses';
    for (const port of parsePortRanges(tcp)) this.#isHeard.tcp[port] = 1;
    for (const port of parsePortRanges(udp)) this.#isHeard.udp[port] = 1;
    this.listening = { addresses: own as string[], keyCheck: keyCheck ?? '' };
    return undefined;
  }

  #add({ protocol, port, technique, variant, from, to, run }: Fields, isHeld: boolean): string | undefined {
    if (protocol !== 'tcp' && protocol !== 'udp') return 'has neither tcp nor udp in protocol';
    if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65_535)
      return 'has no port';
    if (typeof variant !== 'string' || variant.length > mostWord) return 'has no variant';
    if (technique !== undefined && (typeof technique !== 'string' || technique.length > mostWord))
      return 'has no name in technique';
    if (canonical(from) === undefined) return 'has no address in from';
    // Who tells none leaves it to the reader.
    const addressee = to === undefined ? '' : canonical(to);
    if (addressee === undefined) return 'has no address in to';
    if (isHeld) {
      this.held++;
      return undefined;
    }
    if (run !== undefined && run !== this.#run) return undefined;
    const usual = protocol === 'tcp' ? 'syn' : 'udp';
    const key = keyOf(protocol, port, technique ?? usual, variant);
    const addressees = this.#arrived.get(key) ?? new Set();
    if (addressees.has(addressee)) return undefined;
    if (this.#kept >= mostKept) {
      this.overflowing++;
      return undefined;
    }
    this.#kept++;
    addressees.add(addressee);
    this.#arrived.set(key, addressees);
    this.#addressees.add(addressee);
    return undefined;
  }
}

function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

type Fields = Readonly<Partial<Record<keyof ListeningFact | keyof ArrivedFact, unknown>>>;

function keyOf(protocol: string, port: number, technique: string, variant: string): string {
  return `${protocol} ${port} ${technique} ${variant}`;
}

function canonical(text: unknown): string | undefined {
  const address = typeof text === 'string' ? parseAddress(text) : undefined;
  return address && formatAddress({ family: address.family, value: address.value });
}

function parsed(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const fromPort = 'source-port ';
const mostWord = 64;
/** All ports of both protocols, in two ways. */
const mostKept = 262_144;
