/**
 * What hop-limited probes have shown of the way to a host: who answers at which hop, and how many hops away an answer says
 * it was sent.
 *
 * @module
 */

import type { Quote, Seen } from './contract.ts';
import type { Aim, HopAnswer } from './hop-rounds.ts';
import type { Reference, StoppedClass } from './stopped.ts';
import { farthestHop } from './variants.ts';

/**
 * What became of a hop-limited probe: it ended on the way, it met what plain probes meet, it met something else, or there
 * was no answer. `unknown`: it could not be asked.
 */
export type Fate = 'expired' | 'through' | 'else' | 'silent' | 'unknown';

/** Tells what became of a probe to ports that answer plain ones so. */
export function fateOf(plain: Seen, { answer, meaning }: Seen): Fate {
  if (answer === 'icmp' && meaning === 'time-exceeded') return 'expired';
  if (answer === 'silence') return 'silent';
  if (answer === 'unknown' || answer === 'in-use') return 'unknown';
  return answer === plain.answer ? 'through' : 'else';
}

/**
 * How many hops back an answer comes from, by the TTL it arrives with; 0: not known. Systems begin with one of few numbers
 * (RFC 1340 says 64; Linux 64, Windows 128, routers and ICMP of some systems 255).
 */
export function hopsBack({ ttl }: Pick<Seen, 'ttl'>): number {
  const first = firstTtls.find((each) => each >= ttl);
  return ttl === 0 || first === undefined ? 0 : first - ttl + 1;
}

const firstTtls = [32, 64, 128, 255] as const;

/** One hop that has answered. */
interface Hop {
  /** Who answers there; several where ways divide. Empty: the host's own address, as a translator before it has. */
  readonly addresses: Set<string>;
  /** How many hops back those answers come from. */
  readonly back: Set<number>;
  /** Places of answers in the order of folds. */
  readonly cites: number[];
  /** How a SYN looked there, where one was quoted, and the place of the answer. */
  quote?: { readonly of: Quote; readonly index: number };
}

/** The way, as far as it is known. */
export class HopPath {
  readonly #hops = new Map<number, Hop>();
  readonly #reference: Reference | undefined;
  /** TTLs with which the reference was reached, and with which it was not though somebody answered. */
  readonly #reached = new Map<number, number>();
  #farthestExpired = 0;

  /** Errors that came only when they were asked for again. */
  late = 0;

  /** How many hops back the host's echo came from; 0: not known. */
  readonly echoBack: number;

  constructor(reference: Reference | undefined, echoTtl = 0) {
    this.#reference = reference;
    this.echoBack = hopsBack({ ttl: echoTtl });
  }

  /** Takes what came of a probe with this TTL, and returns what became of it. */
  note(aim: Reference | StoppedClass, ttl: number, { seen, index }: HopAnswer): Fate {
    const fate = fateOf(aim.seen, seen);
    if (fate === 'expired') {
      const hop = this.#hops.get(ttl) ?? { addresses: new Set(), back: new Set(), cites: [] };
      this.#hops.set(ttl, hop);
      if (seen.from !== undefined) hop.addresses.add(seen.from);
      hop.back.add(hopsBack(seen));
      if (seen.attempts > 1) this.late++;
      hop.cites.push(index);
      if (aim.technique === 'syn' && seen.quote !== undefined) hop.quote ??= { of: seen.quote, index };
    }
    if (aim !== this.#reference) return fate;
    if (fate === 'through' && !this.#reached.has(ttl)) this.#reached.set(ttl, index);
    if (fate === 'expired') this.#farthestExpired = Math.max(this.#farthestExpired, ttl);
    return fate;
  }

  /** The hop of the host: the least TTL that reaches the reference. */
  get distance(): number | undefined {
    return this.#reached.size === 0 ? undefined : Math.min(...this.#reached.keys());
  }

  /** The place of the answer that shows it. */
  get distanceCites(): readonly number[] {
    const cite = this.#reached.get(this.distance ?? 0);
    return cite === undefined ? [] : [cite];
  }

  /** Whether routers answer there. */
  answers(hop: number): boolean {
    return this.#hops.has(hop);
  }

  /** Hops between two, both excluded, that answer, or that do not. */
  between(low: number, high: number, doAnswer: boolean): readonly number[] {
    const length = Math.max(0, Math.min(high, farthestHop + 1) - low - 1);
    return Array.from({ length }, (_, i) => low + 1 + i).filter((hop) => this.answers(hop) === doAnswer);
  }

  /** The one address that answers there, where it is one. */
  addressAt(hop: number): string | undefined {
    const addresses = this.#hops.get(hop)?.addresses;
    return addresses?.size === 1 ? [...addresses][0] : undefined;
  }

  /** The hop at which an address answers, where it is one. */
  hopOf(address: string): number | undefined {
    const found = [...this.#hops].flatMap(([hop, { addresses }]) => (addresses.has(address) ? [hop] : []));
    return found.length === 1 ? found[0] : undefined;
  }

  /** How many hops back what is said at a hop comes from: as far as it was seen, for the host as its own answer shows. */
  backOf(hop: number): number | undefined {
    if (hop === this.distance) return hopsBack(this.#reference?.seen ?? { ttl: 0 }) || undefined;
    const back = this.#hops.get(hop)?.back;
    return back?.size === 1 ? [...back][0] || undefined : undefined;
  }

  /** Whether routers are short of errors, of which they have few: somebody else may use them up. One is lost now and then. */
  get isScarce(): boolean {
    return this.late > 1;
  }

  /**
   * How far the host may be at most: answers that come back by more hops than the least TTL that reaches it show a longer way
   * back, or somebody who gives probes a new TTL, behind whom no hop shows.
   */
  get farthest(): number | undefined {
    const { distance } = this;
    return distance === undefined ? undefined : Math.max(distance, this.backOf(distance) ?? 0);
  }

  /** Whether answers come back by as many hops as probes took, wherever that is known. */
  get isSymmetric(): boolean {
    const hops = [...this.#hops.keys(), ...(this.distance === undefined ? [] : [this.distance])];
    return hops.every((hop) => this.backOf(hop) === hop);
  }

  /** Whether ways of several lengths lead to the host: an address at two hops, or the host before and behind a router. */
  get isUneven(): boolean {
    const all = [...this.#hops.values()].flatMap(({ addresses }) => [...addresses]);
    return (
      new Set(all).size < all.length || this.#farthestExpired >= (this.distance ?? Number.POSITIVE_INFINITY)
    );
  }

  /** How SYNs looked at the hops that quoted one, nearest first. */
  get quotes(): readonly { readonly hop: number; readonly of: Quote; readonly index: number }[] {
    return [...this.#hops]
      .flatMap(([hop, { quote }]) => (quote === undefined ? [] : [{ hop, ...quote }]))
      .sort((a, b) => a.hop - b.hop);
  }

  /** The places of the answers of a hop. */
  citesOf(hop: number): readonly number[] {
    return this.#hops.get(hop)?.cites.slice(0, mostCites) ?? [];
  }
}

/** The one port that a search asks: answers about several never make one place, for they may end at several. */
export function aimOf(target: Reference | StoppedClass): Aim {
  const { protocol, technique } = target;
  return { protocol, technique, port: 'ports' in target ? (target.ports[0] as number) : target.port };
}

/** Answers of one hop that are cited. */
const mostCites = 2;
