/**
 * A way with routers and filters that tests ask hop-limited questions: it answers as Linux does, limits its ICMP errors as
 * Linux does, and loses what it is told to lose.
 *
 * @module
 */

import type { FirewallQuestion, Quote, Seen } from './contract.ts';
import type { Location } from './stopped.ts';

/** A filter at a hop, and what it does with ports. */
interface FakeFilter {
  readonly hop: number;
  readonly hook: 'prerouting' | 'forward' | 'input';
  readonly does: 'drop' | 'rst' | 'icmp';
  readonly ports: readonly number[];
}

/** A way. */
export interface FakeWay {
  /** The hop of the host; behind a way of another length, with some probes. */
  readonly distance: number;
  readonly otherDistance?: number;
  readonly filters?: readonly FakeFilter[];
  /** A hop that gives all packets a new TTL before it routes them. */
  readonly renewsAt?: number;
  /** Hops that send no time-exceeded. */
  readonly mute?: readonly number[];
  /** By how many hops more answers of each hop come back. */
  readonly backBy?: (hop: number) => number;
  readonly openPorts?: readonly number[];
  /** Packets lost, 0 to 1. */
  readonly loss?: number;
  /** Errors that each router has left at first; Linux has six, and one more each second. */
  readonly errorsLeft?: number;
  /** How likely somebody else has just used up the errors of a router, 0 to 1: another scan from the same address. */
  readonly takenErrors?: number;
  /** How the SYNs look that a hop quotes; absent: as they left. */
  readonly quotes?: (hop: number) => Partial<Quote> & { readonly isShort?: true };
  /** Resets begin with another TTL than 64. */
  readonly resetTtl?: number;
}

/** Answers questions about a way. */
export class FakeHost {
  readonly #way: FakeWay;
  readonly #random: () => number;
  readonly #tokens = new Map<number, { left: number; atUs: number }>();
  #nowUs = 0;
  sent = 0;
  pauses = 0;

  constructor(way: FakeWay, random: () => number) {
    this.#way = way;
    this.#random = random;
  }

  /** What comes of a question: silence costs two transmissions. */
  ask({ protocol, port, variant }: FirewallQuestion): Seen {
    const ttl = Number(/^ttl (\d+)$/.exec(variant)?.[1] ?? 64);
    for (let attempt = 1; attempt <= 2; attempt++) {
      this.sent++;
      const seen = this.#lost ? undefined : this.#send(protocol, port, ttl);
      if (variant === 'pause') {
        this.pauses++;
        this.#nowUs += 1_100_000;
      }
      this.#nowUs += seen === undefined ? 200_000 : 1000;
      if (seen !== undefined && !this.#lost) return { ...seen, attempts: attempt };
    }
    return { ...silence, attempts: 2 };
  }

  get #lost(): boolean {
    return this.#random() < (this.#way.loss ?? 0);
  }

  #send(protocol: string, port: number, ttl: number): Seen | undefined {
    const { distance: usual, otherDistance, filters = [], openPorts = [22], resetTtl = 64 } = this.#way;
    const distance = otherDistance !== undefined && this.#random() < 0.5 ? otherDistance : usual;
    // The longer way has more routers in its middle: hops from the end on are the same.
    const shift = distance - usual;
    for (let hop = 1; hop <= distance; hop++) {
      const known = hop > 1 ? hop - shift : hop;
      const meets = (hook: FakeFilter['hook']) =>
        filters.find((each) => each.hop === known && each.hook === hook && each.ports.includes(port));
      const before = meets(hop === distance ? 'input' : 'prerouting');
      if (before !== undefined) return this.#stop(before, hop, resetTtl);
      if (hop === distance) break;
      if (ttl === hop && hop < (this.#way.renewsAt ?? Number.POSITIVE_INFINITY))
        return this.#icmp(hop, 'time-exceeded', addressOf(known));
      const forwards = meets('forward');
      if (forwards !== undefined) return this.#stop(forwards, hop, resetTtl);
    }
    if (protocol === 'udp') return this.#icmp(distance, 'port-unreach', undefined);
    const flags = openPorts.includes(port) ? 0x12 : 0x14;
    return { ...silence, answer: 'tcp', flags, ttl: this.#ttlFrom(distance, 64) };
  }

  #stop({ does, hop, hook }: FakeFilter, at: number, resetTtl: number): Seen | undefined {
    if (does === 'drop') return undefined;
    if (does === 'rst') return { ...silence, answer: 'tcp', flags: 0x14, ttl: this.#ttlFrom(at, resetTtl) };
    return this.#icmp(at, 'admin-prohibited', hook === 'input' ? undefined : addressOf(hop));
  }

  #icmp(hop: number, meaning: 'time-exceeded' | 'port-unreach' | 'admin-prohibited', from?: string) {
    if (meaning === 'time-exceeded' && this.#way.mute?.includes(hop)) return undefined;
    const bucket = this.#tokens.get(hop) ?? { left: this.#way.errorsLeft ?? 6, atUs: this.#nowUs };
    this.#tokens.set(hop, bucket);
    bucket.left = Math.min(6, bucket.left + (this.#nowUs - bucket.atUs) / 1e6);
    bucket.atUs = this.#nowUs;
    if (this.#random() < (this.#way.takenErrors ?? 0)) bucket.left = Math.min(bucket.left, 0.5);
    if (bucket.left < 1) return undefined;
    bucket.left--;
    const { isShort, ...changed } = this.#way.quotes?.(hop) ?? {};
    const quote: Quote = isShort ? { dscp: 0, ecn: 0, dontFragment: true } : { ...usualQuote, ...changed };
    const seen = { ...silence, answer: 'icmp', meaning, ttl: this.#ttlFrom(hop, 64), quote } as const;
    return from === undefined ? seen : { ...seen, from };
  }

  #ttlFrom(hop: number, first: number): number {
    return first - hop + 1 - (this.#way.backBy?.(hop) ?? 0);
  }
}

/** The address of the router at a hop. */
export function addressOf(hop: number): string {
  return `10.0.${hop}.1`;
}

/** What was asked of a port with which TTL, and the ICMP error that came, if any. */
interface Asked {
  readonly port: number;
  readonly variant: string;
  readonly meaning: Seen['meaning'];
}

/** Asks until nothing more is wanted; questions of a round come in a random order. Returns what was asked, by index. */
export function carryOut(location: Location, host: FakeHost, random: () => number): readonly Asked[] {
  const waiting: FirewallQuestion[] = [...location.agenda()];
  const asked: Asked[] = [];
  while (waiting.length > 0) {
    const [question] = waiting.splice(Math.floor(random() * waiting.length), 1) as [FirewallQuestion];
    const seen = host.ask(question);
    if (!location.fold(question, seen, asked.length)) throw new Error(`not asked: ${question.variant}`);
    asked.push({ port: question.port, variant: question.variant, meaning: seen.meaning });
    waiting.push(...location.agenda());
  }
  return asked;
}

const usualQuote: Quote = {
  dscp: 0,
  ecn: 0,
  dontFragment: true,
  options: 'mss,sack,ts,nop,wscale',
  mss: 1460,
  windowScale: 10,
};

/** Nothing came. */
export const silence: Seen = {
  answer: 'silence',
  flags: 0,
  window: 0,
  options: '',
  ttl: 0,
  dontFragment: false,
  ipId: -1,
  rttUs: -1,
  attempts: 1,
};
