/**
 * The library door's one verb: a request goes in, facts come out as they are learned.
 *
 * @module
 */

import { PortolanError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import { LossEstimator } from '../engine/loss.ts';
import { synProfile } from '../engine/probes/tcp-writer.ts';
import { type Address, formatAddress } from '../model/address.ts';
import type { Fact, ScanFact, SummaryFact } from '../model/fact.ts';
import { formatPorts } from '../model/ports.ts';
import type { Protocol } from '../model/verdict.ts';
import { buildPlan, readEnvironment } from '../plan/build-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { protocolName } from '../plan/protocol-names.ts';
import type { Request } from '../plan/request.ts';
import { serviceName } from '../plan/service-names.ts';
import { freePortBlock } from '../system/limits.ts';
import { type PortTechniqueName, techniqueOf } from '../techniques/index.ts';
import { askLink, type LinkAnswers } from './ask-link.ts';
import { Channel } from './channel.ts';
import { Crew } from './crew.ts';
import { FactBuilder } from './fact-builder.ts';
import { HostSpace } from './host-source.ts';
import type { QuestionList, ShardConfig, ShardMessage, ShardTotals } from './messages.ts';
import { reverseNames } from './reverse-names.ts';
import { agendaOf, configOf, portBlockSize } from './shard-config.ts';
import { splitShards } from './split.ts';

/** How a scan is run. */
export interface ScanOptions {
  /** Aborting ends the scan early; what is known is still said, with a summary that says `interrupted`. */
  readonly signal?: AbortSignal;
}

/**
 * Carries out a request. The first fact is `scan`, the last `summary`; between them facts come as they are
 * learned. Throws a PortolanError for a request that cannot be carried out, before anything is sent; what
 * fails later is thrown after a summary that says `failed`.
 */
export async function* scan(request: Request, options: ScanOptions = {}): AsyncGenerator<Fact> {
  const plan = await buildPlan(request, readEnvironment());
  yield* run(plan, options, request.trace);
}

/** Carries out a plan. */
export async function* run(
  plan: Plan,
  { signal }: ScanOptions = {},
  trace?: (line: string) => void,
): AsyncGenerator<Fact> {
  const started = performance.now();
  for (const message of plan.warnings) yield { type: 'warning', message };
  const asked = plan.askLink === undefined ? undefined : await askLink(plan, plan.askLink, signal, trace);
  const whole = asked?.plan ?? plan;
  const agenda = agendaOf(whole);
  const space = new HostSpace(agenda.groups);
  yield scanFact(whole, agenda.ports);
  if (plan.goal === 'list') {
    yield* list(plan, space, started);
    return;
  }
  yield* new Run(whole, agenda, space, started, signal, trace, asked).facts();
}

/** One run of a plan: its workers, what they said, and the totals. */
class Run {
  readonly #plan: Plan;
  readonly #space: HostSpace;
  /** What finding the targets took. */
  readonly #asked: LinkAnswers | undefined;
  readonly #started: number;
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
  readonly #crew = new Crew();
  #vendorOf: ((mac: Uint8Array) => string | undefined) | undefined;
  #running = 0;
  #failure: unknown;

  constructor(
    plan: Plan,
    agenda: ReturnType<typeof agendaOf>,
    space: HostSpace,
    started: number,
    signal: AbortSignal | undefined,
    trace: ((line: string) => void) | undefined,
    asked: LinkAnswers | undefined,
  ) {
    this.#plan = plan;
    this.#asked = asked;
    this.#space = space;
    this.#started = started;
    this.#signal = signal;
    this.#trace = trace;
    this.#questions = agenda.ports?.portOf.length ?? 0;
    const portBlock = plan.engine === 'connect' ? 0 : freePortBlock(portBlockSize);
    const config = { ...configOf(plan, agenda, this.#control, portBlock), trace: trace !== undefined };
    const { configs, afterwards, shardsPerHost } = splitShards(config, space.size);
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
      emit: (fact) => this.#channel.push(fact),
    });
    this.#builder.shardsPerHost = shardsPerHost;
  }

  async *facts(): AsyncGenerator<Fact> {
    const abort = () => Atomics.store(new Int32Array(this.#control), 0, 1);
    if (this.#signal?.aborted) abort();
    this.#signal?.addEventListener('abort', abort, { once: true });
    // A large table that only scans of the own link need; read while the worker starts.
    if (this.#plan.engine !== 'connect') this.#vendorOf = (await import('../plan/vendors.ts')).vendorOf;
    for (const [index, config] of this.#configs.entries()) this.#start(config, index);
    try {
      yield* this.#channel;
    } finally {
      // Whoever stops reading stops the scan.
      abort();
      this.#signal?.removeEventListener('abort', abort);
      this.#crew.dismiss();
    }
  }

  #start(config: ShardConfig, index: number): void {
    this.#running++;
    this.#crew.run(
      { ...config, readWord: index + 1 },
      {
        hear: (message) => this.#hear(message, index),
        fail: (error) => {
          this.#fail(error);
          this.#ended();
        },
      },
    );
  }

  /** A shard has ended; the last one ends the round. */
  #ended(): void {
    if (--this.#running === 0) this.#next();
  }

  #hear(message: ShardMessage, index: number): void {
    switch (message.type) {
      case 'batch':
        (this.#senders[index] as string[]).push(...message.senders);
        this.#builder.take(message.records, this.#senders[index] as string[]);
        Atomics.add(new Int32Array(this.#control), index + 1, 1);
        break;
      case 'progress':
        this.#totals[index] = message.totals;
        this.#channel.push(this.#progress(message.phase));
        break;
      case 'warning':
        if (message.incomplete) this.#builder.incomplete = true;
        this.#channel.push({ type: 'warning', message: message.message });
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
    // With a single kind of probe, hosts that only reset are no surprise.
    const message = this.#plan.discovery.length > 1 ? this.#builder.suspicion.warning() : undefined;
    if (message !== undefined) this.#channel.push({ type: 'warning', message });
    this.#channel.push(this.#summary());
    this.#channel.end(this.#failure);
  }

  #progress(phase: string): Fact {
    const { settled, upHosts, hostsDown, open } = this.#builder;
    const hostsUp = upHosts.length;
    const elapsedMs = performance.now() - this.#started;
    const total = this.#questions === 0 ? this.#space.size : this.#space.size * this.#questions;
    const done = this.#questions === 0 ? hostsUp + hostsDown : settled + hostsDown * this.#questions;
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
    const totals = this.#totals.filter((total) => total !== undefined);
    const sum = (of: (totals: ShardTotals) => number) => totals.reduce((all, one) => all + of(one), 0);
    const { upHosts, hostsDown, counts } = this.#builder;
    const failed = this.#failure !== undefined;
    const interrupted = this.#signal?.aborted === true;
    const incomplete = this.#builder.incomplete || this.#plan.incomplete;
    const loss = lossOf(sum, this.#builder);
    return {
      type: 'summary',
      finishedAt: new Date().toISOString(),
      elapsedMs: Math.round(performance.now() - this.#started),
      hosts: { up: upHosts.length, down: hostsDown, total: this.#space.size },
      packets: {
        sent: sum((t) => t.sentPackets) + (this.#asked?.sentPackets ?? 0),
        received: sum((t) => t.receivedPackets) + (this.#asked?.receivedPackets ?? 0),
        retransmitted: sum((t) => t.retransmitted),
      },
      bytes: {
        sent: sum((t) => t.sentBytes) + (this.#asked?.sentBytes ?? 0),
        received: sum((t) => t.receivedBytes),
      },
      ports: counts,
      ...(loss !== undefined && { loss }),
      complete: !failed && !interrupted && !incomplete,
      exit: failed ? 'failed' : interrupted ? 'interrupted' : incomplete ? 'incomplete' : 'done',
    };
  }
}

/** The loss seen, and how many open ports it most likely hid. */
function lossOf(
  sum: (of: (totals: ShardTotals) => number) => number,
  builder: FactBuilder,
): SummaryFact['loss'] {
  const estimator = new LossEstimator();
  estimator.answered = sum((totals) => totals.answered);
  estimator.lost = sum((totals) => totals.lost);
  const loss = estimator.state();
  if (loss === undefined) return undefined;
  const openShare = builder.answered === 0 ? 0 : builder.open / builder.answered;
  let missed = 0;
  for (const [attempts, count] of builder.silentByAttempts.entries()) {
    if (attempts > 0) missed += count * loss.estimate ** attempts * openShare;
  }
  const short = (value: number) => Number(value.toPrecision(3));
  return {
    estimate: short(loss.estimate),
    low: short(loss.low),
    high: short(loss.high),
    missedOpenExpected: short(missed),
  };
}

function scanFact(plan: Plan, questions: QuestionList | undefined): ScanFact {
  const asked = plan.goal === 'ports' ? plan.techniques : [];
  return {
    type: 'scan',
    schema: 1,
    version,
    startedAt: new Date().toISOString(),
    args: plan.args,
    seed: plan.seed,
    questions: asked.map((technique: PortTechniqueName) => {
      const index = questions?.techniques.indexOf(technique) ?? -1;
      const ports = questions?.portOf.filter((_, q) => questions.techniqueOf[q] === index).sort();
      const protocol = techniqueOf(technique).about as Protocol;
      return { technique, protocol, ports: formatPorts(ports ?? []), count: ports?.length ?? 0 };
    }),
    ...(asked.includes('syn') && { profile: synProfile }),
  };
}

/** Lists the targets without a packet to them. */
async function* list(plan: Plan, space: HostSpace, started: number): AsyncGenerator<Fact> {
  const reverse = plan.reverseNames === 'never' ? undefined : reverseNames(plan.dnsServers);
  for (let id = 0; id < space.size; id++) {
    const host = formatAddress(zoned(space.addressOf(id), plan.zones));
    const name = await reverse?.(host);
    const askedAs = plan.askedAs.get(host);
    yield {
      type: 'host',
      host,
      ...(name !== undefined && { name }),
      ...(askedAs !== undefined && { askedAs }),
      state: 'unknown',
      reason: 'user-set',
      at: new Date().toISOString(),
    };
    yield { type: 'host-done', host };
  }
  yield {
    type: 'summary',
    finishedAt: new Date().toISOString(),
    elapsedMs: Math.round(performance.now() - started),
    hosts: { up: 0, down: 0, total: space.size },
    packets: { sent: 0, received: 0, retransmitted: 0 },
    bytes: { sent: 0, received: 0 },
    ports: {},
    complete: !plan.incomplete,
    exit: plan.incomplete ? 'incomplete' : 'done',
  };
}

/** Puts the zone back that the plan keeps beside a link-local address. */
function zoned(address: Omit<Address, 'zone'>, zones: ReadonlyMap<string, string>): Address {
  const zone = zones.size === 0 ? undefined : zones.get(formatAddress(address));
  return zone === undefined ? address : { ...address, zone };
}

/** One word to stop them, and one for each shard: two rounds of two. */
const mostShards = 64;
