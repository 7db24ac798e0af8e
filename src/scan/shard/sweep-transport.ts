/**
 * Sweeps: no hosts in flight, only questions and answers.
 *
 * @module
 */

import { Sweep } from '../../engine/sweep/sweep.ts';
import { fromTarget, type Observation } from '../../model/observation.ts';
import { questionsOf } from '../phases/list-phase.ts';
import { phaseNumbers } from '../records/phase-numbers.ts';
import type { LocalPath } from './outage.ts';
import { PacketIo } from './packet-io.ts';
import { RouteCache } from './route-cache.ts';
import type { Transport, TransportContext, TransportTotals } from './transport.ts';
import { payloadsFor, strayPorts } from './udp-payloads.ts';

/** A sweep as a transport: it knows by itself what to ask, and tells what it hears. */
export class SweepTransport implements Transport {
  readonly #context: TransportContext;
  readonly #done: (host: number) => void;
  readonly #sweep: Sweep;
  readonly #io: PacketIo;
  readonly #routes: RouteCache;
  /** Hosts that were said to be up, until they are done. */
  readonly #up = new Set<number>();
  #nextCheckUs = 0;
  #checkedPackets = 0;

  /** `done`: nothing more will be told of a host that something was told of. */
  constructor(context: TransportContext, done: (host: number) => void) {
    this.#context = context;
    this.#done = done;
    this.#sweep = this.#makeSweep();
    this.#io = new PacketIo(context, this.#sweep);
    this.#routes = new RouteCache(this.#io.routes, (host) => this.#sweep.found(host));
  }

  get descriptors(): readonly number[] {
    return this.#io.descriptors;
  }

  get localPaths(): readonly LocalPath[] {
    return this.#io.localPaths;
  }

  get isBusy(): boolean {
    return this.#sweep.isBusy;
  }

  receive(): number {
    return this.#io.receive();
  }

  handleTimeout(nowUs: number): void {
    this.#sweep.handleTimeout(nowUs);
    this.#io.routes.tick(nowUs);
    this.#routes.look();
    const { sentPackets } = this.#sweep.sender;
    if (nowUs < this.#nextCheckUs || sentPackets === this.#checkedPackets) return;
    this.#nextCheckUs = nowUs + checkUs;
    this.#checkedPackets = sentPackets;
    this.#io.routes.doubtRouters();
  }

  transmit(nowUs: number): number {
    return this.#io.transmit(nowUs);
  }

  dueUs(nowUs: number): number {
    this.#io.noteDrops(nowUs);
    return this.#routes.isDue
      ? nowUs
      : Math.min(this.#sweep.pollTimeout(nowUs), this.#io.routes.links.dueUs());
  }

  voidSince(sinceUs: number, nowUs: number): void {
    this.#sweep.voidSince(sinceUs, nowUs);
  }

  typicalUs(fallbackUs: number): number {
    return this.#sweep.link.rtt.typicalUs(fallbackUs);
  }

  totals(): TransportTotals {
    const { loss, silent, unsent } = this.#sweep;
    const { judged, firstLost } = loss;
    return { ...this.#io.totals(), judged, firstLost, swept: { silent, unsent } };
  }

  /** What is under way is left as it is: a sweep says nothing of what it has not heard. */
  abort(): void {}

  close(): void {
    this.#io.close();
  }

  #makeSweep(): Sweep {
    const { config, machine, reporter, senders, options } = this.#context;
    const { groups, ports, seed, inOrder, slice, key, variants, limits, sweep: wish, mark } = config;
    // Marks are made packet by packet.
    const batch = mark === undefined ? machine.openBatch() : undefined;
    if (ports === undefined || wish === undefined) throw new Error('a sweep asks ports');
    return new Sweep(
      {
        groups: groups.map(({ targets, some }) => ({
          ranges: [...targets.ranges],
          ...(some && { some: some.toSorted() }),
        })),
        questions: questionsOf(ports, false),
        seed,
        inOrder,
        slice,
        key,
        variants,
        payloadsFor,
        strayPorts,
        senderOf: (address) => senders.numberOf(address),
        optionTable: options,
        limits,
        ...wish,
        shrinkTo: (...packet) => this.#io.outbox.shrinkTo(...packet),
        ...(mark && { mark }),
        ...(batch && { batch }),
        routes: { routeTo: (host, family, words) => this.#routes.routeTo(host, family, words) },
      },
      {
        observed: (host, question, seen) => {
          if (seen.sender === fromTarget && !this.#up.has(host)) this.#sayUp(host, question, seen);
          reporter.records.observed(host, question, seen);
        },
        hostDone: (host) => {
          this.#up.delete(host);
          this.#done(host);
        },
      },
      machine.nowUs(),
    );
  }

  /** Whoever answers for itself is up. */
  #sayUp(host: number, question: number, seen: Observation): void {
    this.#up.add(host);
    this.#context.reporter.records.host(host, seen, question, phaseNumbers.ports);
  }
}

/** How often routers are asked for their hardware addresses again while packets leave by them. */
const checkUs = 250_000;
