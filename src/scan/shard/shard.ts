/**
 * One thread's share of a scan, whatever its transports: hosts flow through their phases, what is heard is recorded.
 * It waits for all transports at once, for at most a tenth of a second.
 *
 * @module
 */

import { OptionTable } from '../../engine/answers/option-table.ts';
import type { Phase } from '../phases/phase.ts';
import { Senders } from '../records/senders.ts';
import type { ShardConfig } from './config.ts';
import { HostWork } from './host-work.ts';
import type { Machine } from './machine.ts';
import { controlWord, type ShardTotals } from './messages.ts';
import { Outage } from './outage.ts';
import { type PeerPort, sayTo } from './peer.ts';
import { Reporter, type Say } from './reporter.ts';
import { SweepWork } from './sweep-work.ts';
import type { Transport, TransportContext } from './transport.ts';

/** Runs one share of a scan on a machine, and says what it learns. */
export class Shard {
  readonly #machine: Machine;
  readonly #stop: Int32Array;
  readonly #reporter: Reporter;
  readonly #outage: Outage;
  /** Absent in a sweep, which knows no hosts. */
  readonly #hosts: HostWork | undefined;
  readonly #sweep: SweepWork | undefined;
  readonly #transports: readonly Transport[];
  /** What went wrong where nobody could catch it: it ends the run. */
  #fault: unknown;

  /** `phases` are those of the plan; `peer` is the shard that shares the questions, see `peer.ts`. */
  constructor(config: ShardConfig, phases: readonly Phase[], machine: Machine, say: Say, peer?: PeerPort) {
    const senders = new Senders();
    const options = new OptionTable();
    this.#machine = machine;
    this.#stop = new Int32Array(config.control);
    const isGuest = config.role === 'guest';
    this.#reporter = new Reporter(
      peer !== undefined && isGuest ? sayTo(peer, say) : say,
      { senders: senders.list, options: options.entries },
      () => this.totals(),
      // What a guest says its owner takes at once, and few hosts are shared.
      () => (isGuest ? Number.POSITIVE_INFINITY : Atomics.load(this.#stop, controlWord.batchesRead)),
      machine.wallMs() - machine.nowUs() / 1000,
    );
    this.#outage = new Outage({
      localPaths: () => this.#transports.flatMap(({ localPaths }) => [...localPaths]),
      voidSince: (sinceUs, nowUs) => {
        for (const transport of this.#transports) transport.voidSince(sinceUs, nowUs);
      },
      typicalUs: (fallbackUs) => this.#transports[0]?.typicalUs(fallbackUs) ?? fallbackUs,
      reporter: this.#reporter,
    });
    const isOut = (nowUs: number) => this.#outage.check(nowUs, true);
    const context: TransportContext = { config, machine, reporter: this.#reporter, senders, options, isOut };
    this.#hosts = config.sweep === undefined ? this.#hostWork(context, phases, peer) : undefined;
    this.#sweep = this.#hosts === undefined ? new SweepWork(context, phases, this.#fail) : undefined;
    this.#transports = (this.#hosts ?? (this.#sweep as SweepWork)).transports;
  }

  #hostWork(context: TransportContext, phases: readonly Phase[], peer: PeerPort | undefined): HostWork {
    const { machine, config } = context;
    const startUs = machine.nowUs() - 1000 * (machine.wallMs() - (config.startedMs ?? machine.wallMs()));
    return new HostWork({ context, phases, peer, startUs, fail: this.#fail });
  }

  readonly #fail = (error: unknown): void => {
    this.#fault ??= error;
  };

  /** Runs until everything is asked and answered, or it is told to stop: at once, unless sockets need the event loop. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      const turn = this.#step();
      if (turn === false) break;
      if (turn !== true) await turn;
    }
    if (this.#isStopped) for (const transport of this.#transports) transport.abort();
    this.#hosts?.part();
    this.#reporter.flush();
  }

  /** Gives back what was taken of the system. */
  close(): void {
    for (const transport of this.#transports) transport.close();
  }

  /** Counters so far. */
  totals(): ShardTotals {
    const all = this.#transports.map((transport) => transport.totals());
    const sum = (of: (one: ShardTotals) => number) => all.reduce((total, one) => total + of(one), 0);
    const [first] = all as [ShardTotals];
    return {
      sentPackets: sum((one) => one.sentPackets),
      sentBytes: sum((one) => one.sentBytes),
      receivedPackets: sum((one) => one.receivedPackets),
      receivedBytes: sum((one) => one.receivedBytes),
      retransmitted: sum((one) => one.retransmitted),
      judged: sum((one) => one.judged),
      firstLost: sum((one) => one.firstLost),
      sampled: sum((one) => one.sampled ?? 0),
      sampleLost: sum((one) => one.sampleLost ?? 0),
      echoed: sum((one) => one.echoed ?? 0),
      echoesLost: sum((one) => one.echoesLost ?? 0),
      ...(first.swept && { swept: first.swept }),
      droppedByKernel: sum((one) => one.droppedByKernel),
      anomalies: sum((one) => one.anomalies),
      damaged: sum((one) => one.damaged),
      ratePps: sum((one) => one.ratePps),
      rttUs: first.rttUs,
    };
  }

  get #isStopped(): boolean {
    return Atomics.load(this.#stop, controlWord.stop) !== 0;
  }

  /** One turn. False when there is nothing left to do; a promise where the event loop must turn first. */
  #step(): boolean | Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    const machine = this.#machine;
    let moved = 0;
    for (const transport of this.#transports) moved += transport.receive();
    moved += this.#hosts?.hear() ?? 0;
    const now = machine.nowUs();
    if (this.#outage.check(now)) {
      this.#reporter.tick(now, this.#phaseName);
      return this.#wait(longestSleepMs);
    }
    for (const transport of this.#transports) transport.handleTimeout(now);
    this.#hosts?.tick(now);
    const { isAhead } = this.#reporter;
    if (!isAhead && this.#hosts?.pump() === true) moved++;
    this.#sweep?.pump();
    this.#hosts?.sayFinish();
    if (!this.#isBusy && this.#hosts?.isIdle !== false) return false;
    // Giving the engines more to do may have taken long: opening a link does.
    const isFull = this.#sweep?.isFull === true;
    if (!isAhead && !isFull) {
      const sendAt = machine.nowUs();
      for (const transport of this.#transports) moved += transport.transmit(sendAt);
    }
    this.#reporter.tick(now, this.#phaseName);
    if (isAhead || isFull) return this.#wait(1);
    if (moved > 0 && !this.#needsTurn) return true;
    return this.#wait(moved > 0 ? 0 : this.#patienceMs(now));
  }

  get #isBusy(): boolean {
    const isAtWork = this.#hosts?.isBusy === true || this.#sweep?.isBusy === true;
    return isAtWork || this.#transports.some((transport) => transport.isBusy);
  }

  get #needsTurn(): boolean {
    return this.#transports.some(({ turn }) => turn !== undefined);
  }

  /** How long to wait when nothing happens. */
  #patienceMs(nowUs: number): number {
    let due = Math.min(this.#reporter.dueUs(), this.#hosts?.dueUs(nowUs) ?? Number.POSITIVE_INFINITY);
    for (const transport of this.#transports) due = Math.min(due, transport.dueUs(nowUs));
    return Math.min((due - this.#machine.nowUs()) / 1000, longestSleepMs);
  }

  #wait(timeoutMs: number): true | Promise<void> {
    const turn = this.#transports.find((transport) => transport.turn !== undefined)?.turn;
    if (turn !== undefined) return turn(Math.max(0, Math.ceil(timeoutMs)));
    const descriptors = this.#transports.flatMap((transport) => [...transport.descriptors]);
    this.#machine.wait(descriptors, Math.max(0, timeoutMs));
    return true;
  }

  readonly #phaseName = (): string => this.#hosts?.phaseName ?? 'sweep';
}

const longestSleepMs = 100;
