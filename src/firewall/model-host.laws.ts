/**
 * A host behind routers and filters, as a function from questions to what is seen of it, with loss and limits, repeatable
 * by seed. Its rules see packets as Linux' do: a router answers a TTL that has ended before its rules of forwarding.
 *
 * @module
 */

import type { IcmpError } from '../model/reply.ts';
import type { FilteredProtocol, FirewallQuestion, FirewallView, Inference, Seen } from './contract.ts';
import { packetsOf } from './cost.ts';
import { firewallVariants } from './variants.ts';

/** A packet as rules see it. */
export interface Packet {
  readonly protocol: FilteredProtocol;
  readonly port: number;
  readonly from: number;
  /** Zero where the first fragment does not hold them. */
  readonly flags: number;
  readonly isFragment: boolean;
  /** What connection tracking says. */
  readonly state: 'new' | 'invalid' | 'established';
}

/** What a rule does. */
export type Verdict = 'accept' | 'drop' | 'rst' | IcmpError;

/** A filter: at which hop, and what it does. */
export interface ModelFilter {
  readonly hop: number;
  readonly judge: (packet: Packet) => Verdict;
  /** Fragments are put together before it looks. */
  readonly isTracking?: boolean;
  /** It answers wrong checksums too. */
  readonly isBlind?: boolean;
}

/** A host and the way to it. */
export interface ModelHost {
  readonly ports: readonly number[];
  readonly udpPorts?: readonly number[];
  readonly open?: readonly number[];
  readonly udpOpen?: readonly number[];
  /** UDP services that say nothing. */
  readonly udpMute?: readonly number[];
  /** The hop of the host; 1: on the own link. */
  readonly distance?: number;
  /** Open ports before which a SYN proxy stands. */
  readonly shut?: readonly number[];
  /** Nothing of it was seen before. */
  readonly isMute?: true | undefined;
  /** Its echo was seen. */
  readonly hasEcho?: boolean;
  /** TCP ports that it leads to another host, one hop behind it, and those that the router at hop 1 answers for it. */
  readonly forwards?: readonly number[];
  readonly proxied?: readonly number[];
  readonly filters?: readonly ModelFilter[];
  readonly greeters?: readonly number[];
  readonly loss?: number;
  readonly seed?: number;
  /** Milliseconds that an answer may be late. */
  readonly jitterMs?: number;
  /** The hop at which a filter drops the host's resets. */
  readonly keepsResets?: number;
  readonly busyPorts?: readonly number[];
  readonly limits?: FirewallView['limits'];
  /** A limit by a filter before the host that the firewall's own questions meet; ten were saved up, others come one a second. */
  readonly limited?: 'syn' | 'rst';
  /** The plain scan asks ports in an order made by chance, as a real one does. */
  readonly isShuffled?: boolean;
  /** Transmissions to a silent port, and those of the plain scan where it makes others. */
  readonly attempts?: number;
  readonly scanAttempts?: number;
}

/** What a whole inference came to. */
export interface ModelRun {
  readonly packets: number;
  readonly planPackets: number;
  readonly elapsedMs: number;
  /** How often silence was waited for: questions that are asked together are waited for once. */
  readonly waits: number;
  readonly questions: readonly FirewallQuestion[];
  readonly inference: Inference;
}

/** The kernel's limit on ICMP errors to one peer. */
class Purse {
  readonly #most: number;
  #tokens: number;
  #at = 0;

  constructor(most = 6) {
    this.#most = most;
    this.#tokens = most;
  }

  take(now: number): boolean {
    this.#tokens = Math.min(this.#most, this.#tokens + (now - this.#at) / 1000);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

/** The network. */
export class ModelNetwork {
  now = 0;
  readonly #host: ModelHost;
  readonly #purses = new Map<number, Purse>();
  readonly #connected = new Set<string>();
  readonly #limit = new Purse(10);
  #isPlainScan = false;
  #random: number;

  constructor(host: ModelHost) {
    this.#host = host;
    this.#random = (host.seed ?? 1) * 2654435761;
  }

  chance(): number {
    this.#random = (Math.imul(this.#random ^ (this.#random >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    let mixed = this.#random;
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39) >>> 0;
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000;
  }

  /** Asks up to `attempts` times. */
  ask(question: FirewallQuestion, attempts: number, isPlainScan = false): Seen {
    this.#isPlainScan = isPlainScan;
    if (question.technique === 'connect') return this.#connect(question);
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const loss = this.#host.loss ?? 0;
      const reply = this.chance() < loss ? undefined : this.#probe(question);
      if (reply !== undefined && this.chance() >= loss) {
        const rtt = 1 + this.chance() * (this.#host.jitterMs ?? 0);
        this.now += isPlainScan ? 0.2 : rtt;
        this.#pause(question);
        return { ...blank, ...reply, attempts: attempt, rttUs: rtt * 1000 };
      }
      this.now += isPlainScan ? 0.5 : 250;
    }
    this.#pause(question);
    return { ...blank, answer: 'silence', attempts };
  }

  #pause({ variant }: FirewallQuestion): void {
    this.now += firewallVariants.find(({ name }) => name === variant)?.spacingMs ?? 0;
  }

  #connect({ port, variant }: FirewallQuestion): Seen {
    const from = sourcePortOf(variant);
    if (this.#host.busyPorts?.includes(from)) return { ...blank, answer: 'in-use', attempts: 0 };
    const reply = this.#probe({ protocol: 'tcp', technique: 'syn', port, variant });
    if (reply === undefined || reply.answer === 'icmp') return { ...blank, answer: 'silence', attempts: 3 };
    if (((reply.flags ?? 0) & 4) !== 0) return { ...blank, answer: 'refused', attempts: 1 };
    this.#connected.add(`${from} ${port}`);
    const greeting = this.#host.greeters?.includes(port) ? { greeting: Buffer.from('220 hello\r\n') } : {};
    return { ...blank, answer: 'connected', attempts: 1, ...greeting };
  }

  /** How far probes to a port go. */
  #distanceOf({ protocol, port }: Pick<FirewallQuestion, 'protocol' | 'port'>): number {
    const { distance = 1, forwards, proxied } = this.#host;
    if (protocol === 'udp') return distance;
    return proxied?.includes(port) === true ? 1 : distance + (forwards?.includes(port) === true ? 1 : 0);
  }

  #probe({ protocol, technique, port, variant }: FirewallQuestion): Partial<Seen> | undefined {
    const row = firewallVariants.find(({ name }) => name === variant);
    const flags = row?.flags ?? flagsOf[technique] ?? 0;
    const distance = this.#distanceOf({ protocol, port });
    const ttl = row?.ttl ?? 64;
    const size = row?.fragments?.sizes[0];
    for (let hop = 1; hop <= distance; hop++) {
      if (hop < distance && ttl <= hop) {
        return this.#icmp(hop, 'time-exceeded');
      }
      for (const filter of this.#host.filters ?? []) {
        if (filter.hop !== hop) continue;
        const isWhole = size === undefined || filter.isTracking === true;
        const packet: Packet = {
          protocol,
          port,
          from: row?.sourcePort ?? 54321,
          flags: isWhole || size >= 16 ? flags : 0,
          isFragment: !isWhole,
          state: protocol === 'udp' || (flags & 0x3f) === 2 || (flags & 0x37) === 0x10 ? 'new' : 'invalid',
        };
        const verdict = filter.judge(packet);
        if (row?.badChecksum && !filter.isBlind && verdict !== 'accept') return undefined;
        if (verdict === 'drop') return undefined;
        if (verdict === 'rst') return (flags & 4) !== 0 ? undefined : this.#reset(hop);
        if (verdict !== 'accept') return this.#icmp(hop, verdict);
      }
    }
    if (row?.badChecksum) return undefined;
    if (protocol === 'tcp' && this.#host.limited === 'syn' && (flags & 0x12) === 2 && !this.#passesLimit())
      return undefined;
    const reply = this.#reply(protocol, port, flags);
    const isReset = reply?.answer === 'tcp' && ((reply.flags ?? 0) & 4) !== 0;
    return isReset && this.#host.limited === 'rst' && !this.#passesLimit() ? undefined : reply;
  }

  #passesLimit(): boolean {
    return this.#isPlainScan || this.#limit.take(this.now);
  }

  #reply(protocol: FilteredProtocol, port: number, flags: number): Partial<Seen> | undefined {
    const distance = this.#distanceOf({ protocol, port });
    if (protocol === 'udp') {
      if (this.#host.udpOpen?.includes(port)) return { answer: 'udp', ttl: 65 - distance };
      if (this.#host.udpMute?.includes(port)) return undefined;
      return this.#icmp(distance, 'port-unreach');
    }
    const isOpen = this.#host.open?.includes(port) === true;
    if (!isOpen) return this.#reset(distance);
    if ((flags & 0x10) !== 0) return this.#reset(distance);
    if ((flags & 2) === 0) return undefined;
    return {
      answer: 'tcp',
      flags: 0x12,
      window: this.#host.shut?.includes(port) === true ? 0 : 65160,
      options: 'mss,sack,ts',
      ttl: 65 - distance,
      dontFragment: true,
    };
  }

  #reset(hop: number): Partial<Seen> | undefined {
    if (hop > (this.#host.keepsResets ?? hop)) return undefined;
    return { answer: 'tcp', flags: 0x14, ttl: 65 - hop, dontFragment: true };
  }

  #icmp(hop: number, meaning: IcmpError): Partial<Seen> | undefined {
    const purse = this.#purses.get(hop) ?? new Purse();
    this.#purses.set(hop, purse);
    if (!purse.take(this.now)) return undefined;
    const isHost = hop === (this.#host.distance ?? 1);
    return { answer: 'icmp', meaning, ttl: 65 - hop, ...(isHost ? {} : { from: `10.0.${hop}.1` }) };
  }
}

/** Scans the ports plainly, then infers; `begin` is what is tried. */
export function runModel(host: ModelHost, begin: (view: FirewallView) => Inference): ModelRun {
  const network = new ModelNetwork(host);
  const attempts = host.attempts ?? ((host.loss ?? 0) > 0 ? 3 : 2);
  const looks = new Map<string, Seen>();
  let [planPackets, packets] = [0, 0];
  const scanned = new Map<string, Seen>();
  for (const [protocol, ports] of [
    ['tcp', host.ports],
    ['udp', host.udpPorts ?? []],
  ] as const) {
    const order = host.isShuffled ? shuffled(ports, () => network.chance()) : ports;
    for (const port of order) {
      const question = {
        protocol,
        technique: protocol === 'tcp' ? 'syn' : 'udp',
        port,
        variant: '',
      } as const;
      // The engine asks closed UDP ports as slowly as their host answers.
      if (protocol === 'udp') network.now += 1050;
      const seen = network.ask(question, host.scanAttempts ?? attempts, true);
      planPackets += packetsOf(question, seen.attempts);
      const text = JSON.stringify({ ...seen, rttUs: 0 });
      looks.set(text, looks.get(text) ?? seen);
      scanned.set(`${protocol} ${port}`, looks.get(text) as Seen);
    }
  }
  const view: FirewallView = {
    host: '10.9.0.1',
    family: 4,
    hasAnswered: host.isMute !== true,
    ...(host.hasEcho === true && { echoTtl: 65 - (host.distance ?? 1) }),
    sentPackets: () => planPackets + packets,
    isNear: (host.distance ?? 1) === 1,
    isOwn: false,
    ports: { tcp: host.ports, udp: host.udpPorts ?? [] },
    plain: (protocol, port) => scanned.get(`${protocol} ${port}`) as Seen,
    isExcluded: () => false,
    limits: host.limits ?? [],
    isBlocked: false,
    loss: host.loss ?? 0,
  };
  const begun = network.now;
  const inference = begin(view);
  const questions: FirewallQuestion[] = [];
  let waits = 0;
  for (let round = 0; round < 2000; round++) {
    const agenda = inference.agenda();
    if (agenda.length === 0) break;
    let isSilent = false;
    for (const question of agenda) {
      const seen = network.ask(question, question.isOnce === true ? 1 : attempts);
      isSilent ||= seen.answer === 'silence';
      questions.push(question);
      packets += packetsOf(question, seen.attempts);
      inference.fold(question, seen);
    }
    if (isSilent) waits++;
  }
  return { packets, planPackets, elapsedMs: network.now - begun, waits, questions, inference };
}

function shuffled(ports: readonly number[], chance: () => number): readonly number[] {
  return ports
    .map((port) => ({ port, rank: chance() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ port }) => port);
}

function sourcePortOf(variant: string): number {
  return firewallVariants.find(({ name }) => name === variant)?.sourcePort ?? 54321;
}

const flagsOf: Readonly<Record<string, number>> = {
  syn: 0x02,
  ack: 0x10,
  fin: 0x01,
  null: 0x00,
  xmas: 0x29,
  maimon: 0x11,
};
const blank: Seen = {
  answer: 'unknown',
  flags: 0,
  window: 0,
  options: '',
  ttl: 0,
  dontFragment: false,
  ipId: 0,
  rttUs: -1,
  attempts: 1,
};

/** Numbers from 0 to 1 that follow from a seed. */
export function lcg(seed: number): () => number {
  let state = seed * 7919 + 13;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) / 0x1_00_00_00;
  };
  next();
  return next;
}
