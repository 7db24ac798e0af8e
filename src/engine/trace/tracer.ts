/**
 * Follows the ways to hosts by probes with small TTLs, sans-IO like the engine that owns it: it writes probes
 * and reads what came back. As everywhere, nothing is believed without the cookie of a transmission that was
 * made; TTL and transmission number are its salt, so each answer tells which probe it ends.
 *
 * @module
 */

import { fromTarget } from '../../model/observation.ts';
import { icmpErrors } from '../../model/reply.ts';
import type { Technique } from '../../techniques/technique.ts';
import { uint32 } from '../../wire/bytes.ts';
import { icmpv6Type } from '../../wire/icmpv6.ts';
import { icmpMeaningIndex } from '../../wire/meaning.ts';
import { ipProtocol } from '../../wire/numbers.ts';
import type { PacketReader } from '../../wire/read-packet.ts';
import { type Cookies, saltOf } from '../answers/cookie.ts';
import { isEchoed, isQuoted } from '../answers/echo.ts';
import type { HostRoute } from '../hosts/host-route.ts';
import { makeWriter, tcpFlagsOf } from '../probes/make-writer.ts';
import type { PathInfo, ProbeWriter } from '../probes/probe-writer.ts';
import type { Variant } from '../probes/variant.ts';
import type { Limits } from '../scheduler-options.ts';
import type { Outbox, ProbeLook } from '../sender.ts';
import { type Hop, type HopAnswer, Trace } from './trace.ts';

/** A way to follow. */
export interface TraceOrder {
  /** The destination, 1 or 4 words. */
  readonly words: Uint32Array;
  readonly route: HostRoute;
  readonly technique: Technique;
  readonly port: number;
  readonly mostHops: number;
  /** How many hops the target is likely to be away; 0: unknown. */
  readonly guess: number;
  /** Hops that need not be asked, but for the last one, which is asked once. */
  readonly known: readonly Hop[];
  /** Called once with what was found. */
  readonly done: (reached: boolean, hops: readonly Hop[]) => void;
}

/** What a tracer is made from. */
export interface TracerOptions extends Omit<ProbeLook, 'variants'> {
  readonly variant: Variant;
  readonly limits: Limits;
  readonly cookies: Cookies;
  readonly pathOf: (path: number) => PathInfo;
  readonly senderOf: (reader: PacketReader, bytes: Uint8Array) => number;
}

/** Follows many ways at once. Times are microseconds. */
export class Tracer {
  readonly #options: TracerOptions;
  readonly #waiting: TraceOrder[] = [];
  /** By destination: two traces to one host follow one another. */
  readonly #active = new Map<string, { readonly order: TraceOrder; readonly trace: Trace }>();
  readonly #writers = new Map<string, ProbeWriter>();
  #dueUs = Number.POSITIVE_INFINITY;

  constructor(options: TracerOptions) {
    this.#options = options;
  }

  /** Whether a way is still being followed. */
  get isBusy(): boolean {
    return this.#active.size > 0 || this.#waiting.length > 0;
  }

  /** Follows a way. At most one to a destination at a time. */
  follow(order: TraceOrder): void {
    this.#waiting.push(order);
    this.#dueUs = 0;
  }

  /** Forgets everything. */
  abort(): void {
    this.#waiting.length = 0;
    this.#active.clear();
    this.#dueUs = Number.POSITIVE_INFINITY;
  }

  /** When {@link transmit} will have something to do. */
  get dueUs(): number {
    return this.#dueUs;
  }

  /** Writes one probe that is due and returns its length and how many packets it became; undefined: none is. */
  transmit(nowUs: number, outbox: Outbox): { readonly bytes: number; readonly packets: number } | undefined {
    if (this.#dueUs > nowUs) return undefined;
    for (;;) {
      this.#admit();
      let hasEnded = false;
      for (const [key, { order, trace }] of this.#active) {
        const ttl = trace.next(nowUs);
        if (ttl > 0) return this.#send(order, ttl, trace.sent(ttl, nowUs), outbox);
        if (!trace.isDone) continue;
        this.#active.delete(key);
        hasEnded = true;
        order.done(trace.reached, trace.hops());
      }
      if (!hasEnded) break;
    }
    this.#dueUs = Number.POSITIVE_INFINITY;
    for (const { trace } of this.#active.values()) this.#dueUs = Math.min(this.#dueUs, trace.dueUs());
    return undefined;
  }

  /** Takes a received packet; false when it answers no probe of a trace. */
  handle(reader: PacketReader, bytes: Uint8Array, atUs: number): boolean {
    if (this.#active.size === 0) return false;
    const { family, quote } = reader;
    const at = reader.isError ? quote.destinationOffset : reader.sourceOffset;
    const found = this.#active.get(keyOf(wordsAt(family, bytes, at)));
    if (found === undefined) return false;
    const { order, trace } = found;
    const answer = reader.isError
      ? this.#errorAnswer(reader, bytes, order)
      : this.#directAnswer(reader, order);
    if (answer === undefined) return false;
    const { cookies, variant, senderOf } = this.#options;
    const flags = tcpFlagsOf(order.technique, variant);
    for (let ttl = 1; ttl <= trace.asked; ttl++) {
      for (let attempt = trace.attemptsOf(ttl); attempt > 0; attempt--) {
        this.#bake(order, ttl, attempt);
        const isTied = reader.isError
          ? isQuoted(reader, cookies, variant)
          : isEchoed(reader, cookies, variant, flags);
        if (!isTied) continue;
        const isTarget = answer === 'arrived';
        trace.heard(ttl, attempt, isTarget ? fromTarget : senderOf(reader, bytes), answer, atUs);
        this.#dueUs = 0;
        return true;
      }
    }
    return false;
  }

  /** What an ICMP error about one of our probes means; it must quote the protocol and port that was asked. */
  #errorAnswer(reader: PacketReader, bytes: Uint8Array, order: TraceOrder): HopAnswer | undefined {
    const { family, quote } = reader;
    const meaning = icmpMeaningIndex(family, reader.icmpType, reader.icmpCode);
    if (meaning < 0 || quote.protocol !== protocolOf(order, family)) return undefined;
    if (order.technique.probe.transport !== 'icmp' && quote.destinationPort !== order.port) return undefined;
    const sender = wordsAt(family, bytes, reader.sourceOffset);
    if (keyOf(sender) === keyOf(order.words)) return 'arrived';
    return icmpErrors[meaning] === 'time-exceeded' ? 'expired' : 'refused';
  }

  #directAnswer(reader: PacketReader, order: TraceOrder): HopAnswer | undefined {
    if (!reader.hasTransport || reader.protocol !== protocolOf(order, reader.family)) return undefined;
    if (order.technique.probe.transport === 'icmp') {
      // On the loopback our own request comes back as well.
      const isReply =
        reader.family === 4 ? repliesV4.has(reader.icmpType) : reader.icmpType === icmpv6Type.echoReply;
      return isReply ? 'arrived' : undefined;
    }
    return reader.sourcePort === order.port ? 'arrived' : undefined;
  }

  #send(order: TraceOrder, ttl: number, attempt: number, outbox: Outbox) {
    this.#bake(order, ttl, attempt);
    const { cookies, variant } = this.#options;
    outbox.open(order.route.path, variant.fragments);
    const bytes = this.#writer(order, ttl).write(
      outbox.bytes,
      outbox.offset,
      order.words,
      0,
      order.port,
      cookies,
      0,
    );
    return { bytes, packets: outbox.commit(bytes, order.route.hop.neighbour) };
  }

  #bake({ words, port }: TraceOrder, ttl: number, attempt: number): void {
    this.#options.cookies.compute(words, 0, words.length, port, saltOf(tracePhase, ttl, attempt));
  }

  #writer({ route, technique }: TraceOrder, ttl: number): ProbeWriter {
    const key = `${route.path} ${technique.name} ${ttl}`;
    let writer = this.#writers.get(key);
    if (writer === undefined) {
      const { variant, payloadsFor, pathOf } = this.#options;
      writer = makeWriter(technique, pathOf(route.path), { ...variant, ttl }, payloadsFor);
      this.#writers.set(key, writer);
    }
    return writer;
  }

  #admit(): void {
    const { limits } = this.#options;
    while (this.#active.size < mostAtOnce) {
      const order = this.#waiting.shift();
      if (order === undefined) return;
      const bounds = {
        mostHops: order.mostHops,
        maxAttempts: Math.min(limits.maxAttempts, mostAttempts),
        scanDelayUs: limits.scanDelayUs,
        rtt: limits.rtt,
      };
      this.#active.set(keyOf(order.words), { order, trace: new Trace(bounds, order.guess, order.known) });
    }
  }
}

function keyOf(words: Uint32Array): string {
  return words.join('.');
}

function wordsAt(family: number, bytes: Uint8Array, at: number): Uint32Array {
  return Uint32Array.from({ length: family === 4 ? 1 : 4 }, (_, i) => uint32(bytes, at + 4 * i));
}

function protocolOf({ technique }: TraceOrder, family: number): number {
  const { transport } = technique.probe;
  if (transport === 'icmp') return family === 4 ? ipProtocol.icmp : ipProtocol.icmpv6;
  return transport === 'tcp' ? ipProtocol.tcp : transport === 'udp' ? ipProtocol.udp : ipProtocol.sctp;
}

/** A phase number that no phase of the engine has, so that cookies differ. */
const tracePhase = 0x7f;
const mostAtOnce = 64;
const mostAttempts = 3;
/** Replies to echo, timestamp and mask requests. */
const repliesV4: ReadonlySet<number> = new Set([0, 14, 18]);
