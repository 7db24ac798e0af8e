/**
 * What a shard does in a sweep: no hosts in flight, only questions and answers, and whatever answered open may be talked
 * with. Who talks is slower than who sweeps: what waits to be talked with is bounded, and the sweep waits for it.
 *
 * @module
 */

import { isOpen } from '../../engine/answers/answer-kind.ts';
import type { Phase } from '../phases/phase.ts';
import { hostDoneCodec } from '../records/host-records.ts';
import { DialogueTransport } from './dialogue-transport.ts';
import type { Visit } from './host-flow.ts';
import { HostSpace, wordsOf } from './host-source.ts';
import { OpenPorts } from './open-ports.ts';
import { OwnPhases } from './own-phases.ts';
import { SweepTransport } from './sweep-transport.ts';
import type { Transport, TransportContext } from './transport.ts';
import { warnOnce } from './warn-once.ts';

/** A sweep, and talks with what it finds. */
export class SweepWork {
  readonly transports: readonly Transport[];
  readonly #talks: SweepTalks | undefined;

  constructor(context: TransportContext, phases: readonly Phase[], fail: (error: unknown) => void) {
    const own = phases.filter(({ talk }) => talk !== undefined);
    this.#talks = own.length === 0 ? undefined : new SweepTalks(context, own, fail);
    const { records } = context.reporter;
    const done = (host: number) => records.append(hostDoneCodec, { host, end: 0 });
    const sweep = new SweepTransport(context, (host) => {
      if (this.#talks === undefined) done(host);
      else this.#talks.ended(host);
    });
    this.transports = [sweep, this.#talks?.transport].filter((one) => one !== undefined);
  }

  get isBusy(): boolean {
    return this.#talks?.isBusy === true;
  }

  /** Nothing more is to be asked before somebody was talked with. */
  get isFull(): boolean {
    return this.#talks?.isFull === true;
  }

  /** Talks with as many hosts as may be talked with at once. */
  pump(): void {
    this.#talks?.pump();
  }
}

/** Talks with hosts of which ports have answered open: one visit after the other, each with the ports found meanwhile. */
class SweepTalks {
  readonly transport: Transport | undefined;
  readonly #context: TransportContext;
  readonly #space: HostSpace;
  readonly #openPorts: OpenPorts;
  readonly #own: OwnPhases;
  /** Hosts with open ports that nobody has talked with, those that are talked with now, and how many such ports there are. */
  readonly #waiting = new Map<number, number>();
  readonly #visited = new Set<number>();
  #ports = 0;
  /** Those that the sweep is done with while somebody talks with them. */
  readonly #ended = new Set<number>();

  constructor(context: TransportContext, phases: readonly Phase[], fail: (error: unknown) => void) {
    const { config, machine, reporter, senders } = context;
    this.#context = context;
    this.#space = new HostSpace(config.groups);
    this.#openPorts = new OpenPorts(config);
    const dial = machine.openDial(config, warnOnce(reporter));
    this.transport = dial && new DialogueTransport(dial);
    this.#own = new OwnPhases({
      phases,
      packets: undefined,
      enginePhase: -1,
      dial,
      openPorts: this.#openPorts,
      pretenders: new Map(),
      config,
      records: reporter.records,
      senders,
      warn: (message) => reporter.warn(message, true),
      fail,
    });
    reporter.records.listener = {
      note: (host, question, code, data) => {
        this.#openPorts.note(host, question, code, data);
        if (isOpen(code)) this.#found(host);
      },
    };
  }

  get isBusy(): boolean {
    return this.#waiting.size + this.#visited.size > 0;
  }

  get isFull(): boolean {
    return this.#ports >= mostWaiting;
  }

  /** The sweep will say nothing more of a host. */
  ended(host: number): void {
    if (this.#waiting.has(host) || this.#visited.has(host)) this.#ended.add(host);
    else this.#sayDone(host);
  }

  pump(): void {
    for (const [host, ports] of this.#waiting) {
      if (this.#visited.size >= mostVisited) break;
      if (this.#visited.has(host)) continue;
      this.#waiting.delete(host);
      this.#ports -= ports;
      this.#visited.add(host);
      this.#own.enter(this.#visitOf(host), () => this.#left(host));
    }
  }

  #found(host: number): void {
    this.#ports++;
    this.#waiting.set(host, (this.#waiting.get(host) ?? 0) + 1);
  }

  #left(host: number): void {
    this.#visited.delete(host);
    if (!this.#waiting.has(host) && this.#ended.delete(host)) this.#sayDone(host);
  }

  #sayDone(host: number): void {
    this.#context.reporter.records.append(hostDoneCodec, { host, end: 0 });
  }

  #visitOf(id: number): Visit {
    const { family, value } = this.#space.addressOf(id);
    const candidate = { id, group: this.#space.groupOf(id), family, words: wordsOf(family, value) };
    return { candidate, route: undefined, stage: 0, open: 0, end: 'done', isUp: true, trouble: undefined };
  }
}

/** Open ports that wait to be talked with: a sweep that finds more waits for those who talk. */
const mostWaiting = 4096;
/** More hosts at once than there may be connections would only wait for each other. */
const mostVisited = 256;
