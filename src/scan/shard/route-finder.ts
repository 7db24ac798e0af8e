/**
 * The way to each host: route, link, next hop and its hardware address. Finding a neighbour's address by ARP or
 * neighbour discovery proves that it is up; its silence that it is not there.
 *
 * @module
 */

import { keyOf, RangeSet } from '../../base/range-set.ts';
import { named } from '../../base/words.ts';
import type { Batch } from '../../engine/batch/batch.ts';
import { sourceRoute } from '../../engine/probes/ip-stamp.ts';
import type { Variant } from '../../engine/probes/variant.ts';
import type { Sender } from '../../engine/sender.ts';
import { guardLink, NextHops } from '../../link/guard.ts';
import type { BatchTaker, Link, PacketSink } from '../../link/link.ts';
import type { LinkOutbox } from '../../link/link-outbox.ts';
import { Recorder } from '../../link/record.ts';
import { traceLink } from '../../link/trace.ts';
import {
  type Address,
  addressBytes,
  addressFromBytes,
  type Family,
  formatAddress,
} from '../../model/address.ts';
import { parseAddress } from '../../model/parse-address.ts';
import type { NetworkInterface } from '../../system/interface.ts';
import type { Route } from '../../system/route.ts';
import type { PacketReader } from '../../wire/read-packet.ts';
import { askedTechnique } from '../phases/responder-check/canaries.ts';
import type { ShardConfig } from './config.ts';
import { addressOfWords, type Candidate } from './host-source.ts';
import type { Machine, RouteTable } from './machine.ts';
import { type Answer, Neighbourhood, neighbourPace } from './neighbourhood.ts';
import type { Reporter } from './reporter.ts';
import type { ApproachEvents, TransportContext } from './transport.ts';

/** An opened link with what belongs to it. */
interface OpenLink {
  readonly link: Link;
  readonly neighbourhood: Neighbourhood | undefined;
}

/** Whose packets go there: as much of an engine as matters. */
interface PacketMaker {
  readonly sender: Sender;
  readonly batch: Batch | undefined;
  readonly asksOwn: boolean;
}

/** Finds ways and keeps the links they use. Times are microseconds. */
export class RouteFinder {
  readonly #config: ShardConfig;
  readonly #sender: Sender;
  readonly #outbox: LinkOutbox;
  readonly #reporter: Reporter;
  readonly #machine: Machine;
  readonly #routes: RouteTable;
  readonly #links = new Map<number, OpenLink>();
  /** Path numbers by link and source address. */
  readonly #paths = new Map<string, number>();
  readonly #source: Address | undefined;
  /** Whether the source is no address of this machine. */
  #isSpoofed: boolean | undefined;
  /** Where packets on a source route go first. */
  readonly #firstHop: Address | undefined;
  readonly #warned = new Set<string>();
  readonly #nextHops = new NextHops();
  readonly #recorder: Recorder | undefined;
  #nextEvidenceUs = 0;
  readonly #startUs: number;
  readonly #batch: Batch | undefined;
  /** Links are opened for whatever may come. */
  readonly #asksOwn: boolean;

  constructor(
    { config, machine, reporter }: Pick<TransportContext, 'config' | 'machine' | 'reporter'>,
    { sender, batch, asksOwn }: PacketMaker,
    outbox: LinkOutbox,
  ) {
    this.#batch = batch;
    this.#asksOwn = asksOwn;
    this.#machine = machine;
    this.#routes = machine.openRoutes();
    this.#startUs = machine.nowUs();
    this.#config = config;
    this.#sender = sender;
    this.#outbox = outbox;
    this.#reporter = reporter;
    this.#source = config.sourceAddress === undefined ? undefined : parseAddress(config.sourceAddress);
    const [firstHop] = sourceRoute((config.variants[0] as Variant).ipOptions);
    this.#firstHop = firstHop && addressFromBytes(firstHop);
    this.#recorder = config.isRecorded ? new Recorder((blocks) => reporter.evidence(blocks)) : undefined;
  }

  /** Hosts whose next hop is being asked for. */
  get pending(): number {
    let pending = 0;
    for (const { neighbourhood } of this.#links.values()) pending += neighbourhood?.pending ?? 0;
    return pending;
  }

  /** Requests to neighbours and their answers. */
  get frames(): { readonly sent: number; readonly sentBytes: number; readonly received: number } {
    let [sent, sentBytes, received] = [0, 0, 0];
    for (const { neighbourhood } of this.#links.values()) {
      sent += neighbourhood?.sentFrames ?? 0;
      sentBytes += neighbourhood?.sentBytes ?? 0;
      received += neighbourhood?.receivedFrames ?? 0;
    }
    return { sent, sentBytes, received };
  }

  /** How the kernel routes an address, of which `words` hold one word or four. */
  routeTo(family: Family, words: Uint32Array): Route {
    if (family === 6) return this.#lookup(this.#addressOf(words.subarray(0, 4)));
    if (this.#firstHop !== undefined) return this.#lookup(this.#firstHop);
    const isPlain = this.#config.interfaceName === undefined && this.#source?.family !== 4;
    return isPlain
      ? this.#routes.lookupV4(words[0] as number)
      : this.#lookup({ family: 4, value: BigInt(words[0] as number) });
  }

  /** Whether all addresses with this route have one way: only neighbours and our own addresses do not. */
  isShared({ kind, gateway, interface: way }: Route): boolean {
    if (kind === 'local') return false;
    return kind !== 'unicast' || gateway !== undefined || way?.kind !== 'ethernet';
  }

  /** Finds the way to a host, now or once its next hop has answered. */
  approach(candidate: Candidate, events: ApproachEvents): void {
    const hop = candidate.family === 4 ? this.#firstHop : undefined;
    const address = hop ?? this.#addressOf(candidate.words);
    const route = this.#lookup(address);
    const opened = this.#usable(route, address);
    if (opened === undefined || route.source === undefined) {
      events.lost(candidate, true);
      return;
    }
    const isNeighbour = opened.neighbourhood !== undefined && route.gateway === undefined;
    if (this.#config.neighboursOnly && route.kind !== 'local' && !isNeighbour) {
      this.#warnOnce(
        `${named('discovery', 'ping-neighbour')} asks neighbours only and ${formatAddress(address)} is none; wanted ${named('discovery', 'ping-echo')} as well`,
      );
      events.lost(candidate, true);
      return;
    }
    const path = this.#pathOf(opened.link, route.source);
    if (route.kind === 'local') {
      const neighbour = opened.link.neighbour(null, candidate.family);
      events.reached(candidate, { path, neighbour, isNear: true }, { by: 'localhost', rttUs: -1 });
    } else if (opened.neighbourhood === undefined) {
      events.reached(candidate, {
        path,
        neighbour: opened.link.neighbour(null, candidate.family),
        isNear: false,
      });
    } else {
      const { link, neighbourhood } = opened;
      const { gateway } = route;
      const asker = this.#askerOf(route, gateway ?? address);
      if (asker === undefined) {
        this.#warnOnce(
          `Cannot ask ${formatAddress(gateway ?? address)} for its hardware address: found no address of this machine to ask from`,
        );
        events.lost(candidate, true);
        return;
      }
      const tell = (answer: Answer) => {
        if (answer === undefined) {
          if (gateway !== undefined)
            this.#warnOnce(`Gateway ${formatAddress(gateway)} does not answer on "${link.name}"`);
          events.lost(candidate, gateway !== undefined || hop !== undefined);
          return;
        }
        const neighbour = link.neighbour(answer.mac, candidate.family);
        const by = candidate.family === 4 ? 'arp' : 'neighbour';
        const proof = gateway === undefined && hop === undefined ? ({ by, ...answer } as const) : undefined;
        events.reached(
          candidate,
          { path, neighbour, isNear: gateway === undefined && hop === undefined },
          proof,
        );
      };
      if (gateway === undefined) neighbourhood.ask(address, asker, tell);
      else {
        // It is no target: exclusions and scope say nothing of it.
        this.#nextHops.add(gateway);
        neighbourhood.askGateway(gateway, asker, tell);
      }
    }
  }

  /** Sends what neighbours are still to be asked, and hands over what was recorded. */
  tick(nowUs: number): void {
    if (nowUs >= this.#nextEvidenceUs) {
      this.#nextEvidenceUs = nowUs + evidenceUs;
      this.#recorder?.flush();
    }
    for (const { neighbourhood } of this.#links.values()) neighbourhood?.tick(nowUs);
  }

  /** When {@link tick} will have something to do. */
  dueUs(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const { neighbourhood } of this.#links.values()) due = Math.min(due, neighbourhood?.dueUs() ?? due);
    return due;
  }

  /** Reads what has arrived on all links. */
  receive(
    take: (
      link: Link,
      bytes: Uint8Array,
      start: number,
      end: number,
      atUs: number,
      wireBytes: number,
    ) => void,
    limit: number,
    taker?: BatchTaker,
  ): number {
    let received = 0;
    for (const { link, neighbourhood } of this.#links.values()) {
      const sink: PacketSink = (bytes, start, end, atUs, wireBytes) =>
        take(link, bytes, start, end, atUs, wireBytes);
      received += link.receive(sink, limit, neighbourhood?.takeArp, taker);
    }
    return received;
  }

  /** Takes a neighbour advertisement; false for packets that are none. */
  takePacket(
    link: Link,
    reader: PacketReader,
    bytes: Uint8Array,
    start: number,
    end: number,
    atUs: number,
  ): boolean {
    if (reader.protocol !== icmpv6 || reader.icmpType !== neighbourAdvertisement) return false;
    for (const opened of this.#links.values()) {
      if (opened.link === link) opened.neighbourhood?.takeAdvertisement(bytes, start, end, atUs);
    }
    return true;
  }

  close(): void {
    for (const { link } of this.#links.values()) link.close();
    this.#recorder?.flush();
  }

  #lookup(address: Address): Route {
    return this.#routes.lookup(address, {
      ...(this.#config.interfaceName !== undefined && { interfaceName: this.#config.interfaceName }),
      ...(this.#source !== undefined && this.#source.family === address.family && { source: this.#source }),
    });
  }

  /**
   * The address to ask a neighbour from: that which packets leave from. Where that is a stranger's (`-S`), or of the
   * other family than the router, the one that the kernel would take.
   */
  #askerOf({ source, interface: way }: Route, neighbour: Address): Address | undefined {
    this.#isSpoofed ??= this.#source !== undefined && this.#routes.lookup(this.#source).kind !== 'local';
    if (source?.family === neighbour.family && (!this.#isSpoofed || source.value !== this.#source?.value))
      return source;
    return this.#routes.lookup(neighbour, { interfaceName: (way as NetworkInterface).name }).source;
  }

  #addressOf(words: Uint32Array): Address {
    const address = addressOfWords(words);
    const zone = this.#config.zones.size === 0 ? undefined : this.#config.zones.get(formatAddress(address));
    return zone === undefined ? address : { ...address, zone };
  }

  /** The route's link if packets can leave that way; says once why not. */
  #usable(route: Route, address: Address): OpenLink | undefined {
    const way = route.interface;
    if (way === undefined || (route.kind !== 'unicast' && route.kind !== 'local')) {
      this.#warnOnce(
        `Cannot reach ${formatAddress(address)}: no route, the kernel says ${kindText(route.kind)}`,
      );
      return undefined;
    }
    // Bound to the loopback the kernel finds a "route" to anywhere, and our raw socket would not be bound.
    if (way.kind === 'loopback' && route.kind !== 'local' && this.#config.interfaceName !== undefined) {
      this.#warnOnce(
        `Cannot reach ${formatAddress(address)} by "${way.name}": it is no address of this machine`,
      );
      return undefined;
    }
    if (!way.running) {
      this.#warnOnce(`Cannot reach ${formatAddress(address)}: interface "${way.name}" is down`);
      return undefined;
    }
    return this.#links.get(way.index) ?? this.#open(way);
  }

  #open(way: NetworkInterface): OpenLink {
    const { portBlock, portBlockSize, variants, allowed, ports, discovery, trace, spoofMac } = this.#config;
    const localPorts = { first: portBlock, last: portBlock + portBlockSize - 1 };
    const fixed = variants.map(({ sourcePort }) => sourcePort).filter((port) => port >= 0);
    if (spoofMac !== undefined && way.kind !== 'ethernet') {
      this.#reporter.warn(
        `${named('packet.spoofMac')} has no effect on "${way.name}": found no hardware addresses there`,
        false,
      );
    }
    const raw = this.#machine.openLink(way, {
      ...(fixed.length < variants.length && { localPorts }),
      singlePorts: [...new Set(fixed)],
      icmp: true,
      neighbours: way.kind === 'ethernet',
      allProtocols:
        this.#asksOwn || [ports, discovery].some((list) => list?.techniques.some(isAboutProtocols)),
      packetBytes: this.#packetBytes(way.mtu),
      ...(spoofMac !== undefined && { mac: spoofMac }),
      memory: (bytes) => this.#batch?.take(bytes),
    });
    const guarded = guardLink(raw, {
      allowed: allowed.plus(this.#hops()),
      nextHops: this.#nextHops,
    });
    const recorded = this.#recorder?.record(guarded) ?? guarded;
    const link = trace ? traceLink(recorded, (line) => this.#reporter.trace(line), this.#startUs) : recorded;
    const neighbourhood =
      way.kind === 'ethernet'
        ? new Neighbourhood(link, way, neighbourPace(this.#config.limits), this.#machine)
        : undefined;
    const opened = { link, neighbourhood };
    this.#links.set(way.index, opened);
    return opened;
  }

  /**
   * The longest packet to be sent. Slots no longer than that keep them all in the processor's cache. Room for --data
   * beyond the interface's MTU: too long a packet is the kernel's to refuse.
   */
  #packetBytes(mtu: number): number {
    const { variants, ports, discovery } = this.#config;
    const hasPayloads =
      this.#asksOwn || [ports, discovery].some((list) => list?.techniques.some(sendsPayloads));
    return Math.max(
      hasPayloads ? Math.min(mtu, 2048) : 0,
      mostHeaders + Math.max(...variants.map(optionsAndData)),
    );
  }

  /** The plan has made sure that the hop may be sent to. */
  #hops(): RangeSet {
    if (this.#firstHop === undefined) return RangeSet.empty;
    const key = keyOf(4, this.#firstHop.value);
    return RangeSet.of([{ first: key, last: key }]);
  }

  #pathOf(link: Link, source: Address): number {
    const key = `${link.name} ${formatAddress(source)}`;
    let path = this.#paths.get(key);
    if (path === undefined) {
      path = this.#sender.addPath({ family: source.family, source: addressBytes(source) });
      this.#outbox.addPath(link);
      this.#paths.set(key, path);
    }
    return path;
  }

  #warnOnce(message: string): void {
    if (this.#warned.has(message) || this.#warned.size >= mostWarnings) return;
    this.#warned.add(message);
    this.#reporter.warn(message, true);
  }
}

function sendsPayloads(technique: string): boolean {
  return askedTechnique(technique).probe.transport === 'udp';
}

function isAboutProtocols(technique: string): boolean {
  return askedTechnique(technique).probe.transport === 'ip';
}

function kindText(kind: Route['kind']): string {
  return kind === 'none' || kind === 'unicast' || kind === 'local' ? 'network unreachable' : kind;
}

/** Bytes of TCP options and data. */
function optionsAndData({ tcpOptions, data }: Variant): number {
  return Math.max(usualOptions, tcpOptions?.length ?? 0) + data.length;
}

/** IPv4 with all its options, TCP. */
const mostHeaders = 60 + 20;
/** Those of a SYN. */
const usualOptions = 20;
const icmpv6 = 58;
const neighbourAdvertisement = 136;
/** What a killed scan may lack at its end. */
const evidenceUs = 100_000;
const mostWarnings = 20;
