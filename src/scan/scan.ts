/**
 * The library door's one verb: a request goes in, facts come out as they are learned.
 *
 * @module
 */

import { badRequest, PortolanError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import { synProfile } from '../engine/probes/tcp-writer.ts';
import { formatAddress } from '../model/address.ts';
import type { Fact, ScanFact, SummaryFact } from '../model/fact.ts';
import { formatPorts } from '../model/ports.ts';
import type { Protocol } from '../model/verdict.ts';
import { buildPlan, readEnvironment } from '../plan/build-plan.ts';
import { checkPlan } from '../plan/check-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { protocolName } from '../plan/protocol-names.ts';
import type { Request } from '../plan/request.ts';
import { serviceName } from '../plan/service-names.ts';
import { freePortBlock } from '../system/limits.ts';
import { type PortTechniqueName, techniqueOf } from '../techniques/index.ts';
import { askLink, type LinkAnswers } from './ask-link.ts';
import { resumePlan } from './journal/resume.ts';
import { type Resumption, RunJournal } from './journal/run-journal.ts';
import { listTargets, zoned } from './list-targets.ts';
import { reverseNames } from './phases/reverse-names.ts';
import { FactBuilder } from './records/fact-builder.ts';
import { summaryOf, unsentOf } from './records/summary.ts';
import { Channel } from './runner/channel.ts';
import { agendaOf, attemptsOf, configOf, portBlockSize } from './runner/shard-config.ts';
import { splitShards } from './runner/split.ts';
import { WorkerPool } from './runner/worker-pool.ts';
import type { QuestionList, ShardConfig } from './shard/config.ts';
import { HostSpace } from './shard/host-source.ts';
import type { ShardMessage, ShardTotals } from './shard/messages.ts';

/** How a scan is run. */
export interface ScanOptions {
  /** Aborting ends the scan early; what is known is still said, with a summary that says `interrupted`. */
  readonly signal?: AbortSignal;
  /** Hears of every packet of a raw scan, one line each. */
  readonly trace?: (line: string) => void;
}

/**
 * Carries out a request. The first fact is `scan`, the last `summary`; between them facts come as they are
 * learned. Throws a PortolanError for a request that cannot be carried out, before anything is sent; what
 * fails later is thrown after a summary that says `failed`.
 */
export async function* scan(request: Request, options: ScanOptions = {}): AsyncGenerator<Fact> {
  if (request.resume !== undefined) {
    const { plan, resumption } = await resumePlan(request.resume, request);
    yield* carryOut(plan, options, resumption);
  } else yield* carryOut(await buildPlan(request, readEnvironment()), options);
}

/** Carries out a plan, or what `JSON.parse` made of one. */
export async function* run(plan: Plan, options: ScanOptions = {}): AsyncGenerator<Fact> {
  yield* carryOut(checkPlan(plan), options);
}

async function* carryOut(
  plan: Plan,
  { signal, trace }: ScanOptions,
  resumption?: Resumption,
): AsyncGenerator<Fact> {
  if (trace !== undefined && plan.engine === 'connect') {
    throw badRequest(
      '--packet-trace prints the packets of a raw scan, and this run sends none: wanted it with -sS',
    );
  }
  for (const message of plan.warnings) yield { type: 'warning', message };
  const asked = plan.askLink === undefined ? undefined : await askLink(plan, plan.askLink, signal, trace);
  const whole = asked?.plan ?? plan;
  const agenda = agendaOf(whole);
  const space = new HostSpace(agenda.groups);
  const runJournal = new RunJournal(whole, space, agenda.ports?.portOf.length ?? 0, resumption);
  yield* runJournal.notices;
  const first = () => scanFact(whole, agenda.ports, runJournal.startedAt);
  if (plan.goal === 'list') {
    yield first();
    yield* listTargets(plan, space, runJournal);
    return;
  }
  yield* new Run(whole, agenda, space, runJournal, signal, trace, asked).facts(first);
}

/** One run of a plan: its workers, what they said, and the totals. */
class Run {
  readonly #plan: Plan;
  /** What finding the targets took. */
  readonly #asked: LinkAnswers | undefined;
  readonly #runJournal: RunJournal;
  readonly #signal: AbortSignal | undefined;
  readonly #trace: ((line: string) => void) | undefined;
  readonly #channel = new Channel<Fact>();
  readonly #control = new SharedArrayBuffer(4 * mostShards);
  readonly #configs: readonly ShardConfig[];
  #afterwards: readonly ShardConfig[];
  readonly #builder: FactBuilder;
  readonly #senders: string[][];
  readonly #totals: (ShardTotals | undefined)[];
  readonly #questions: number;
  readonly #crew = new WorkerPool();
  #vendorOf: ((mac: Uint8Array) => string | undefined) | undefined;
  /** Settles when there is everything to make facts of what the workers say. */
  readonly #tables: Promise<void>;
  readonly #shardsPerHost: number;
  #running = 0;
  /** The journal cannot be written any more. */
  #isMute = false;
  #failure: unknown;

  constructor(
    plan: Plan,
    agenda: ReturnType<typeof agendaOf>,
    space: HostSpace,
    runJournal: RunJournal,
    signal: AbortSignal | undefined,
    trace: ((line: string) => void) | undefined,
    asked: LinkAnswers | undefined,
  ) {
    this.#plan = plan;
    this.#asked = asked;
    this.#runJournal = runJournal;
    this.#signal = signal;
    this.#trace = trace;
    this.#questions = agenda.ports?.portOf.length ?? 0;
    const portBlock = plan.engine === 'connect' ? 0 : freePortBlock(portBlockSize);
    const config = {
      ...configOf(plan, agenda, this.#control, portBlock),
      trace: trace !== undefined,
      ...runJournal.slice,
    };
    const { configs, afterwards, shardsPerHost } = splitShards(config, runJournal.hosts);
    this.#configs = configs;
    this.#afterwards = afterwards;
    this.#senders = configs.map(() => []);
    this.#totals = configs.map(() => undefined);
    const names = plan.reverseNames === 'never' ? undefined : reverseNames(plan.dnsServers);
    this.#builder = new FactBuilder({
      questions: agenda.ports,
      nameOf: (id) => formatAddress(zoned(space.addressOf(id), plan.zones)),
      askedAs: plan.askedAs,
      serviceName: (protocol, port) => (protocol === 'ip' ? protocolName(port) : serviceName(protocol, port)),
      vendorOf: (mac) => this.#vendorOf?.(mac),
      ...(names !== undefined && { reverseName: names }),
      ungrouped: plan.ungrouped,
      keepsUp: afterwards.length > 0,
      emit: (fact) => this.#channel.push(fact),
    });
    this.#shardsPerHost = shardsPerHost;
    this.#tables = this.#loadTables();
  }

  async *facts(first: () => ScanFact): AsyncGenerator<Fact> {
    const abort = () => Atomics.store(new Int32Array(this.#control), 0, 1);
    if (this.#signal?.aborted) abort();
    this.#signal?.addEventListener('abort', abort, { once: true });
    try {
      // The workers need not wait until somebody has read what the scan is about.
      if (!this.#runJournal.isResumed) this.#begin();
      yield first();
      yield this.#progress('starting');
      if (this.#runJournal.isResumed) {
        await this.#tables;
        yield* this.#replay();
        if (this.#runJournal.isComplete) void this.#finish();
        else this.#begin();
      }
      yield* this.#channel;
    } finally {
      // Whoever stops reading stops the scan.
      abort();
      this.#signal?.removeEventListener('abort', abort);
      this.#crew.dismiss();
    }
  }

  /** A large table that only scans of the own link need; it comes when the workers have begun. */
  async #loadTables(): Promise<void> {
    await undefined;
    if (this.#plan.engine !== 'connect') this.#vendorOf = (await import('../plan/vendors.ts')).vendorOf;
  }

  /** Tells again what earlier runs have told. */
  async *#replay(): AsyncGenerator<Fact> {
    const past = this.#runJournal.replay({
      batch: (records, senders, at) => this.#builder.take(records, senders, at),
      warning: (entry) => this.#warn(entry),
    });
    for (const _ of past) yield* this.#channel.take();
  }

  #begin(): void {
    this.#builder.shardsPerHost = this.#shardsPerHost;
    this.#runJournal.begin(this.#shardsPerHost);
    this.#crew.reserve(Math.max(this.#configs.length, this.#afterwards.length));
    for (const [index, config] of this.#configs.entries()) this.#start(config, index);
  }

  #start(config: ShardConfig, index: number): void {
    this.#running++;
    this.#crew.run(
      { ...config, readWord: index + 1, pretenders: this.#builder.pretenders },
      {
        hear: (message) => void this.#tables.then(() => this.#hear(message, index)),
        fail: (error) =>
          void this.#tables.then(() => {
            this.#fail(error);
            this.#ended();
          }),
      },
    );
  }

  /** A shard has ended; the last one ends the round. */
  #ended(): void {
    if (--this.#running === 0) this.#next();
  }

  #hear(message: ShardMessage, index: number): void {
    const timeMs = Date.now();
    if (!this.#keep(message, index, timeMs)) return;
    switch (message.type) {
      case 'batch':
        (this.#senders[index] as string[]).push(...message.senders);
        this.#builder.take(message.records, this.#senders[index] as string[], new Date(timeMs).toISOString());
        Atomics.add(new Int32Array(this.#control), index + 1, 1);
        break;
      case 'progress':
        this.#totals[index] = message.totals;
        this.#channel.push(this.#progress(message.phase));
        break;
      case 'warning':
        this.#warn(message);
        break;
      case 'trace':
        this.#trace?.(message.line);
        break;
      case 'done':
        this.#totals[index] = message.totals;
        this.#ended();
        break;
      case 'failed':
        this.#fail(
          message.code === 'fault'
            ? new Error(message.message, { cause: message.stack })
            : new PortolanError(message.code as 'not-permitted', message.message, message.hint),
        );
        this.#ended();
        break;
    }
  }

  #warn({ message, incomplete }: { readonly message: string; readonly incomplete: boolean }): void {
    if (incomplete) this.#builder.incomplete = true;
    this.#channel.push({ type: 'warning', message });
  }

  /** Writes down what a shard said. What cannot be written is not told: it would be told twice. */
  #keep(message: ShardMessage, index: number, timeMs: number): boolean {
    if (this.#isMute) return message.type === 'done' || message.type === 'failed';
    try {
      this.#runJournal.keep(index, message, timeMs);
      return true;
    } catch (error) {
      this.#isMute = true;
      this.#fail(error);
      return message.type === 'done' || message.type === 'failed';
    }
  }

  /** All workers are done: the second round begins, or the scan ends. */
  #next(): void {
    const configs = this.#afterwards;
    this.#afterwards = [];
    const goesOn = this.#failure === undefined && this.#signal?.aborted !== true;
    if (configs.length === 0 || !goesOn || this.#builder.upHosts.length === 0) {
      void this.#finish();
      return;
    }
    const only = Float64Array.from(this.#builder.upHosts);
    for (const config of configs) this.#start({ ...config, only }, this.#senders.push([]) - 1);
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    Atomics.store(new Int32Array(this.#control), 0, 1);
  }

  /** After a failure too, what is known is said and summed up, so that every report is closed. */
  async #finish(): Promise<void> {
    this.#builder.flushUnfinished();
    await this.#builder.settle();
    this.#close();
    // With a single kind of probe, hosts that only reset are no surprise.
    const message = this.#plan.discovery.length > 1 ? this.#builder.suspicion.warning() : undefined;
    if (message !== undefined) this.#channel.push({ type: 'warning', message });
    this.#channel.push(this.#summary());
    this.#channel.end(this.#failure);
  }

  #close(): void {
    try {
      this.#runJournal.close();
    } catch (error) {
      this.#fail(error);
    }
  }

  #progress(phase: string): Fact {
    const { settled, hostsUp, hostsDown, open } = this.#builder;
    const { elapsedMs, hosts } = this.#runJournal;
    const total = this.#questions === 0 ? hosts : hosts * this.#questions;
    const unanswered = this.#totals.reduce((sum, one) => sum + (one?.swept?.silent ?? 0), 0);
    const done =
      this.#questions === 0 ? hostsUp + hostsDown : settled + unanswered + hostsDown * this.#questions;
    const ratePps = this.#totals.reduce((sum, totals) => sum + (totals?.ratePps ?? 0), 0);
    const etaMs = done > 0 ? (elapsedMs * (total - done)) / done : undefined;
    return {
      type: 'progress',
      phase,
      done,
      total,
      elapsedMs,
      ...(etaMs !== undefined && { etaMs }),
      ratePps,
      hostsUp,
      open,
    };
  }

  #summary(): SummaryFact {
    const failed = this.#failure !== undefined;
    const interrupted = this.#signal?.aborted === true;
    const isPart = this.#builder.incomplete || this.#plan.incomplete || unsentOf(this.#totals) > 0;
    const { sweep, timing } = this.#plan;
    return summaryOf({
      totals: [...this.#runJournal.totals, ...this.#totals.filter((total) => total !== undefined)],
      ...(this.#asked !== undefined && { before: this.#asked }),
      builder: this.#builder,
      hosts: this.#runJournal.hosts,
      elapsedMs: this.#runJournal.elapsedMs,
      mostAttempts: attemptsOf(timing),
      isSweep: sweep,
      exit: failed ? 'failed' : interrupted ? 'interrupted' : isPart ? 'incomplete' : 'done',
    });
  }
}

function scanFact(plan: Plan, questions: QuestionList | undefined, startedAt: string): ScanFact {
  const asked = plan.goal === 'ports' ? plan.techniques : [];
  return {
    type: 'scan',
    schema: 1,
    version,
    startedAt,
    args: plan.args,
    seed: plan.seed,
    questions: asked.map((technique: PortTechniqueName) => {
      const ports = portsAsked(questions, technique).sort();
      const protocol = techniqueOf(technique).about as Protocol;
      return { technique, protocol, ports: formatPorts(ports), count: ports.length };
    }),
    ...(asked.includes('syn') && { profile: synProfile }),
  };
}

/** The ports a technique asks for: in a plan's list they stand together. */
function portsAsked(questions: QuestionList | undefined, technique: string): Uint16Array {
  if (questions === undefined) return new Uint16Array(0);
  const { techniques, techniqueOf, portOf } = questions;
  const index = techniques.indexOf(technique);
  return portOf.slice(Math.max(0, techniqueOf.indexOf(index)), techniqueOf.lastIndexOf(index) + 1);
}

/** One word to stop them, and one for each shard: two rounds of two. */
const mostShards = 64;
