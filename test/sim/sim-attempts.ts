/** Attempts in masses into the simulated world: connections and datagrams. @module */

import type { SeededRandom } from '../../src/base/random.ts';
import {
  type DatagramDialer,
  type DatagramSink,
  type Dialer,
  type DialSink,
  dialOutcome,
} from '../../src/dial/contract.ts';
import { errnos } from '../../src/system/errnos.ts';
import { numberOf, type SimulatedWorld } from './dial.ts';
import { type HostModel, type PortBehaviour, routerAddress, routerCodes } from './network.ts';

/** SYNs of one connection. */
const mostSyns = 6;

/** A connection that is tried; nothing is settled while nothing is decided. */
interface Attempt {
  settled: Settled | undefined;
  readonly flow: string;
}

type Settled = readonly [outcome: number, errno: number, sender: Uint8Array | undefined];

/** Connections that are only tried. */
export class SimulatedConnector implements Dialer {
  readonly capacity: number;
  readonly descriptor = undefined;
  readonly #world: SimulatedWorld;
  readonly #random: SeededRandom;
  #begun = 0;
  /** What the router has saved up of errors, and filters of SYNs to their hosts. */
  readonly #errors = new Bucket(6);
  readonly #syns = new Map<HostModel, Bucket>();
  /** By token. */
  readonly #attempts = new Map<number, Attempt>();
  readonly #news = new Set<number>();

  constructor(world: SimulatedWorld, random: SeededRandom) {
    this.#world = world;
    this.#random = random;
    this.capacity = world.connections ?? 16_384;
  }

  get outstanding(): number {
    return this.#attempts.size;
  }

  get hasNews(): boolean {
    return this.#news.size > 0;
  }

  start(token: number, _family: 4 | 6, address: Uint8Array, _scopeId: number, port: number): number {
    if (this.#attempts.size >= this.capacity) return errnos.EAGAIN;
    const attempt: Attempt = { settled: undefined, flow: `tcp/${this.#begun++}` };
    this.#attempts.set(token, attempt);
    this.#sendSyn(token, attempt, address.slice(), port, 0);
    return 0;
  }

  /** The kernel sends the SYN of a connection, and again after 1, 3, 7… s where nothing comes back. */
  #sendSyn(token: number, attempt: Attempt, address: Uint8Array, port: number, tries: number): void {
    if (this.#attempts.get(token) !== attempt || tries === mostSyns) return;
    const { clock, path, hostOf, flows } = this.#world;
    const host = hostOf(numberOf(address));
    const passes = host === undefined ? 'drop' : (flows?.pass(attempt.flow, host) ?? 'yes');
    const atPort = host === undefined ? 'drop' : this.#meets(host, port);
    const behaviour = passes === 'yes' ? atPort : passes === 'reset' ? 'closed' : 'drop';
    const isLost = this.#random.nextFloat() < 1 - (1 - (path.loss ?? 0)) ** 2;
    const isUntold = behaviour in routerCodes && !this.#mayTell(behaviour);
    if (host === undefined || behaviour === 'drop' || isLost || isUntold) {
      clock.at(clock.nowUs + 1e6 * 2 ** tries, () => this.#sendSyn(token, attempt, address, port, tries + 1));
      return;
    }
    if (passes === 'yes') flows?.answered(attempt.flow, host);
    clock.at(clock.nowUs + path.rttUs, () => {
      if (this.#attempts.get(token) !== attempt) return;
      const refused = [dialOutcome('refused'), errnos.ECONNREFUSED] as const;
      if (behaviour === 'open') attempt.settled = [dialOutcome('connected'), 0, undefined];
      else if (behaviour === 'closed') attempt.settled = [...refused, undefined];
      else if (behaviour === 'router-refused') attempt.settled = [...refused, routerAddress];
      else if (behaviour === 'no-route')
        attempt.settled = [dialOutcome('host-unreach'), errnos.EHOSTUNREACH, undefined];
      else attempt.settled = [dialOutcome('admin-prohibited'), errnos.EACCES, address];
      this.#news.add(token);
    });
  }

  /** What a SYN to a port meets. */
  #meets(host: HostModel, port: number): PortBehaviour {
    const { nowUs } = this.#world.clock;
    const { synsPerSecond, synsBeyond = 'drop' } = host;
    if (synsPerSecond === undefined) return host.port(port, nowUs);
    const bucket = this.#syns.get(host) ?? new Bucket(5);
    this.#syns.set(host, bucket);
    return bucket.take(synsPerSecond, 1, nowUs) ? host.port(port, nowUs) : synsBeyond;
  }

  /** Whether the router may send an error, of which it saves up six; it may pay for one twice, as Linux does. */
  #mayTell(behaviour: PortBehaviour): boolean {
    const { clock, path } = this.#world;
    const { routerIcmpPerSecond: perSecond, paysTwice } = path;
    if (perSecond === undefined || perSecond === Number.POSITIVE_INFINITY) return true;
    return this.#errors.take(perSecond, paysTwice === true && behaviour === 'no-route' ? 2 : 1, clock.nowUs);
  }

  cancel(token: number): void {
    this.#attempts.delete(token);
    this.#news.delete(token);
  }

  poll(_timeoutMs: number, sink: DialSink): number {
    let told = 0;
    for (const token of [...this.#news]) {
      const settled = this.#attempts.get(token)?.settled;
      this.cancel(token);
      if (settled === undefined) continue;
      told++;
      sink(token, ...settled);
    }
    return told;
  }

  close(): void {
    this.#attempts.clear();
    this.#news.clear();
  }
}

/** What is saved up at so many a second; who takes too much loses what there is. */
class Bucket {
  readonly #most: number;
  #tokens: number;
  #atUs = 0;

  constructor(most: number) {
    this.#most = most;
    this.#tokens = most;
  }

  take(perSecond: number, cost: number, nowUs: number): boolean {
    this.#tokens = Math.min(this.#most, this.#tokens + ((nowUs - this.#atUs) * perSecond) / 1e6);
    this.#atUs = nowUs;
    const isThere = this.#tokens >= cost;
    this.#tokens = Math.max(0, this.#tokens - Math.min(cost, Math.floor(this.#tokens)));
    return isThere;
  }
}

/** Datagrams: an open port answers, a closed one is told by ICMP, each way loses what the path loses. */
export class SimulatedDatagrams implements DatagramDialer {
  readonly capacity = 4096;
  readonly descriptor = -1;
  readonly #world: SimulatedWorld;
  readonly #random: SeededRandom;
  readonly #attempts = new Map<number, object>();
  #begun = 0;
  readonly #news = new Map<number, (sink: DatagramSink) => void>();

  constructor(world: SimulatedWorld, random: SeededRandom) {
    this.#world = world;
    this.#random = random;
  }

  get outstanding(): number {
    return this.#attempts.size;
  }

  start(
    token: number,
    _family: 4 | 6,
    address: Uint8Array,
    _scopeId: number,
    port: number,
    _payload: Uint8Array,
  ): number {
    const attempt = this.#attempts.get(token) ?? {};
    this.#attempts.set(token, attempt);
    const { clock, path, hostOf, flows } = this.#world;
    const host = hostOf(numberOf(address));
    const flow = `udp/${this.#begun++}`;
    if (host === undefined || (flows?.pass(flow, host) ?? 'yes') !== 'yes') return 0;
    const behaviour = host.port(port, clock.nowUs);
    const isLost = this.#random.nextFloat() < 1 - (1 - (path.loss ?? 0)) ** 2;
    if (behaviour === 'drop' || isLost) return 0;
    flows?.answered(flow, host);
    const from = address.slice();
    clock.at(clock.nowUs + path.rttUs, () => {
      if (this.#attempts.get(token) !== attempt) return;
      this.#news.set(token, (sink) => {
        if (behaviour === 'open') sink.response(token, new Uint8Array(8), port);
        else sink.icmp(token, 3, behaviour === 'closed' ? 3 : 13, from);
      });
    });
    return 0;
  }

  cancel(token: number): void {
    this.#attempts.delete(token);
    this.#news.delete(token);
  }

  poll(_timeoutMs: number, sink: DatagramSink): number {
    const news = [...this.#news];
    for (const [token, tell] of news) {
      if (!this.#news.has(token)) continue;
      this.cancel(token);
      tell(sink);
    }
    return news.length;
  }

  close(): void {
    this.#attempts.clear();
    this.#news.clear();
  }
}
