/**
 * Asks name servers over the sockets of this machine: the core (`core/`) with a clock, datagrams and streams.
 *
 * @module
 */

import { randomFillSync } from 'node:crypto';

import type { DatagramPool, Peer } from '../dial/datagram-pool.ts';
import { openDatagramPool } from '../dial/open-datagram-pool.ts';
import { AnswerCache } from './answer-cache.ts';
import type { Asker, AskingCounts, DnsOutcome, DnsQuestion, DnsRecord, TransferOutcome } from './asker.ts';
import { Core } from './core/core.ts';
import { Answer } from './core/judge.ts';
import type { PaceLimit } from './core/pace.ts';
import { isName } from './message/domain-name.ts';
import { typeNumber } from './message/record-types.ts';
import { readServerAddress } from './server-address.ts';
import { Streams } from './streams.ts';
import { transferZone } from './transfer.ts';

/** Whom a resolver asks, and how fast. */
export interface ResolverOptions {
  /** `address`, `address:port` or `[v6]:port`. */
  readonly servers: readonly string[];
  /** Questions a second at each server, at most. */
  readonly mostPerSecond?: number;
  /** Messages that may be sent, repetitions included; what is asked beyond ends as `stopped`. */
  readonly mostQueries?: number;
}

/** Asks name servers. */
export class Resolver implements Asker {
  readonly #servers: readonly string[];
  readonly #core: Core;
  readonly #peers = new Map<number, Peer>();
  readonly #isKnown = new Map<string, boolean>();
  readonly #pool: DatagramPool;
  readonly #streams = new Streams();
  readonly #cache = new AnswerCache();
  readonly #underWay = new Map<string, Promise<DnsOutcome>>();
  readonly #transfers = new Set<() => void>();
  readonly #carried = { sent: 0, received: 0, bytesSent: 0, bytesReceived: 0 };
  #timer: NodeJS.Timeout | undefined;
  #timerMs = 0;
  #isTurnDue = false;
  #isSending = false;
  #isStopped = false;
  /** Peers that were found unreachable while something was sent. */
  #unreachable: number[] = [];

  constructor({ servers, ...options }: ResolverOptions) {
    this.#servers = servers;
    this.#core = new Core({ random: randomWord(), ...options });
    this.#pool = openDatagramPool({
      datagram: (peer, socket, bytes) => this.#core.datagram(peer, socket, bytes, performance.now()),
      unreachable: (peer) => {
        if (this.#isSending) this.#unreachable.push(peer);
        else this.#core.unreachable(peer, performance.now());
      },
      turn: () => this.#turn(),
    });
  }

  get counts(): AskingCounts {
    const { sent, received, retransmitted, bytesSent, bytesReceived } = this.#core.counts;
    return {
      sent: sent + this.#carried.sent,
      received: received + this.#carried.received,
      retransmitted,
      bytesSent: bytesSent + this.#carried.bytesSent,
      bytesReceived: bytesReceived + this.#carried.bytesReceived,
    };
  }

  /** Whether all messages that may be sent were sent, and something was left unasked for it. */
  get isSpent(): boolean {
    return this.#core.isSpent;
  }

  /** The limits of servers that were found. */
  get limits(): readonly (PaceLimit & { readonly server: string })[] {
    return this.#core.limits;
  }

  ask(question: DnsQuestion, servers?: readonly string[]): Promise<DnsOutcome> {
    if (servers !== undefined) return this.#ask(question, servers);
    const key = `${question.name} ${question.type} ${question.dnssec === true} ${question.recursive !== false}`;
    const known = this.#cache.get(key, performance.now());
    if (known !== undefined) return Promise.resolve(known);
    const asked = this.#underWay.get(key);
    if (asked !== undefined) return asked;
    const asking = this.#ask(question, this.#servers).then((outcome) => {
      this.#underWay.delete(key);
      if (outcome instanceof Answer) this.#cache.put(key, outcome, outcome.ttl, performance.now());
      return outcome;
    });
    this.#underWay.set(key, asking);
    return asking;
  }

  async transfer(
    zone: string,
    server: string,
    take: (records: readonly DnsRecord[]) => void,
  ): Promise<TransferOutcome> {
    const peer = readServerAddress(server);
    if (this.#isStopped || peer === undefined || !isName(zone)) return { result: 'timeout', records: 0 };
    const outcome = await transferZone({ zone, peer, take, random: randomWord() }, this.#carried, (stop) =>
      this.#transfers.add(stop),
    );
    if (outcome.result !== 'not-its-zone') return { ...outcome, result: outcome.result };
    // Whoever is the zone's own server and says so wants to know who asks (RFC 8945, 5.2).
    const soa = await this.ask({ name: zone, type: 'SOA', recursive: false }, [server]);
    const isItsZone = soa.kind === 'answer' && soa.isAuthoritative && soa.records.length > 0;
    return { result: isItsZone ? 'tsig-required' : 'refused', records: 0 };
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#core.stop();
    for (const stop of this.#transfers) stop();
    this.#streams.close();
    this.#pool.close();
  }

  #ask(question: DnsQuestion, servers: readonly string[]): Promise<DnsOutcome> {
    const { name } = question;
    const type = typeNumber(question.type.toUpperCase());
    const known = this.#known(servers);
    if (!isName(name) || type === undefined || (known.length === 0 && servers.length > 0))
      return Promise.resolve({ kind: 'undecided', why: 'malformed' });
    const isRecursive = question.recursive ?? servers === this.#servers;
    return new Promise((resolve) => {
      const asked = { name, type, isRecursive, wantsSignatures: question.dnssec === true };
      this.#core.ask(asked, known, resolve, performance.now());
      this.#turnSoon();
    });
  }

  /** Those of the servers that can be asked. */
  #known(servers: readonly string[]): readonly string[] {
    const isKnown = (text: string) => {
      let is = this.#isKnown.get(text);
      if (is === undefined) {
        is = readServerAddress(text) !== undefined;
        this.#isKnown.set(text, is);
      }
      return is;
    };
    return servers.every(isKnown) ? servers : servers.filter(isKnown);
  }

  #turnSoon(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    // Whoever asks in masses has asked all of it by then.
    setImmediate(() => {
      this.#isTurnDue = false;
      this.#turn();
    });
  }

  #turn(): void {
    if (this.#isStopped) return;
    const nowMs = performance.now();
    this.#core.timeout(nowMs);
    this.#isSending = true;
    this.#core.transmit(nowMs, this.#carrier);
    this.#pool.flush();
    this.#isSending = false;
    const unreachable = this.#unreachable;
    this.#unreachable = [];
    for (const peer of new Set(unreachable)) this.#core.unreachable(peer, nowMs);
    this.#pool.expect(this.#core.isBusy);
    this.#wakeAt(this.#core.nextMs(nowMs), nowMs);
  }

  /** Sees to it that there is a turn by then; one too many does no harm, a timer for each batch costs. */
  #wakeAt(nextMs: number | undefined, nowMs: number): void {
    if (this.#timer !== undefined) {
      if (nextMs === undefined ? this.#core.isBusy : this.#timerMs <= nextMs) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    if (nextMs === undefined) return;
    this.#timerMs = nextMs;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#turn();
      },
      Math.max(1, nextMs - nowMs),
    );
  }

  readonly #carrier = {
    place: (server: number, socket?: number) => this.#pool.place(server, this.#peerOf(server), socket),
    send: (place: Parameters<DatagramPool['send']>[0], length: number) => this.#pool.send(place, length),
    stream: (server: number, slot: number, token: number, message: Uint8Array) =>
      this.#streams.ask(this.#peerOf(server), message, (bytes) => {
        if (this.#isStopped) return;
        this.#core.streamed(slot, token, bytes, performance.now());
        this.#turnSoon();
      }),
  };

  #peerOf(server: number): Peer {
    let peer = this.#peers.get(server);
    if (peer === undefined) {
      peer = readServerAddress(this.#core.textOf(server)) as Peer;
      this.#peers.set(server, peer);
    }
    return peer;
  }
}

/** Words of 32 bits that nobody can guess, made many at a time. */
function randomWord(): () => number {
  const words = new Uint32Array(1024);
  let at = words.length;
  return () => {
    if (at === words.length) {
      randomFillSync(words);
      at = 0;
    }
    return words[at++] as number;
  };
}
