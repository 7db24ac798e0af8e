/**
 * A shard that scans host by host with raw packets: the flow of hosts through its phases, over the loop between
 * engine and links.
 *
 * @module
 */

import { roomForTables } from '../../engine/asked-tables.ts';
import { Batch } from '../../engine/batch/batch.ts';
import { type EngineEvents, PacketEngine } from '../../engine/engine.ts';
import type { Host, HostEnd } from '../../engine/host.ts';
import type { Scheduler } from '../../engine/scheduler.ts';
import { tellEach } from '../../engine/tell-each.ts';
import { monotonicUs } from '../../link/link.ts';
import { isLinuxSynAck } from '../../wire/linux-syn-ack.ts';
import { PathPhase } from '../phases/path.ts';
import { type Phases, phasesOf, recordLimit } from '../phases/phases.ts';
import { beginResponderCheck } from '../phases/responder-check/begin-check.ts';
import { canariesOf } from '../phases/responder-check/canaries.ts';
import type { SynAck } from '../phases/responder-check/host-check.ts';
import type { ResponderCheck } from '../phases/responder-check/responder-check.ts';
import type { ShardConfig } from './config.ts';
import { HostSource, HostSpace, wordsOf } from './host-source.ts';
import { type Driver, HostsInFlight, type Waiting } from './hosts-in-flight.ts';
import { recordKind, type ShardTotals } from './messages.ts';
import type { Say } from './reporter.ts';
import type { TargetRoute } from './route-finder.ts';
import { ShardLoop } from './shard-loop.ts';
import { payloadsFor, strayPorts } from './udp-payloads.ts';

/** One thread's share of a scan by raw packets. */
export class PacketShard {
  readonly #engine: PacketEngine;
  readonly #loop: ShardLoop;
  readonly #flow: HostsInFlight<TargetRoute>;
  readonly #space: HostSpace;
  readonly #phases: Phases;
  readonly #path: PathPhase | undefined;
  readonly #check: ResponderCheck | undefined;

  constructor(config: ShardConfig, say: Say) {
    this.#space = new HostSpace(config.groups);
    const source = new HostSource(this.#space, config);
    const canaries = canariesOf(config);
    this.#phases = phasesOf(config, source.left, canaries);
    this.#engine = this.#makeEngine(config);
    const { loss } = this.#engine;
    this.#loop = new ShardLoop(config, say, this.#engine, () => {
      const connections = this.#check?.connections ?? 0;
      return {
        judged: loss.judged,
        firstLost: loss.firstLost,
        otherPackets: connections,
        otherBytes: connections * synBytes,
      };
    });
    const { reporter, routes } = this.#loop;
    const { numbers } = this.#phases;
    this.#check =
      canaries &&
      beginResponderCheck(
        config,
        canaries,
        this.#engine.phases[numbers.ports] as Scheduler,
        this.#space,
        reporter.records,
      );
    this.#path = config.traceroute
      ? new PathPhase(this.#engine, numbers, reporter.records, config.variant.sourcePort >= 0)
      : undefined;
    const driver: Driver<TargetRoute> = {
      hasRoom: (phase) => this.#engine.hasRoom(phase),
      admit: (phase, { candidate, way }: Waiting<TargetRoute>, agenda) =>
        void this.#engine.admit(phase, candidate.id, candidate.words, way, agenda, monotonicUs()),
      approach: (candidate) => routes.approach(candidate, this.#flow),
      approaching: () => routes.pending,
      depart: ({ candidate, way }, then) => {
        if (this.#path === undefined) then();
        else this.#path.trace(candidate.id, candidate.words, way, then);
      },
    };
    this.#flow = new HostsInFlight(config, numbers, source, reporter.records, driver);
  }

  /** Runs until everything is asked and answered, or the shard is told to stop. */
  run(): void {
    const flow = this.#flow;
    const isWhole = this.#loop.run({
      pump: () => flow.pump(),
      isIdle: () => this.#check?.isBusy !== true && flow.isIdle,
      tick: (nowUs) => this.#check?.tick(nowUs),
      phase: () => this.#phaseName(),
      dueUs: (nowUs) => this.#check?.dueUs(nowUs) ?? Number.POSITIVE_INFINITY,
    });
    if (!isWhole) this.#engine.abort();
    this.#loop.reporter.flush();
  }

  /** Counters so far. */
  totals(): ShardTotals {
    return this.#loop.totals();
  }

  /** Gives the links back. */
  close(): void {
    this.#check?.close();
    this.#loop.routes.close();
  }

  #makeEngine({ inOrder, key, variant, scanFlags, ports }: ShardConfig): PacketEngine {
    const asked = ports?.portOf.length ?? 0;
    const { numbers, options } = this.#phases;
    const batch = Batch.open(
      options.reduce((sum, phase) => sum + roomForTables(phase.rows, phase.questions.length), 0),
    );
    const observed: EngineEvents['observed'] = (host, question, seen) => {
      const isPort = host.phase === numbers.ports;
      const check = isPort && !host.isBelieved ? this.#check : undefined;
      const isCanary = check !== undefined && question >= asked;
      if (!isCanary) this.#path?.note(host, question, seen);
      if (check?.take(host, question, seen, this.#synAck)) return;
      const { records } = this.#loop.reporter;
      if (!isPort) this.#flow.heard(host, seen);
      else records.observed(host.id, question, seen);
    };
    return new PacketEngine(
      {
        phases: options,
        inOrder,
        key,
        variants: [variant],
        payloadsFor,
        strayPorts,
        ...(batch && { batch }),
        ...(scanFlags !== undefined && { scanFlags }),
      },
      {
        observed,
        observedRun: (host, run) => {
          const isTold = host.phase === numbers.ports && (host.isBelieved || this.#check === undefined);
          if (isTold && this.#path === undefined) this.#loop.reporter.records.run(host.id, run);
          else tellEach(host, run, observed);
        },
        hostDone: (host: Host, end: HostEnd) => {
          recordLimit(host, options[host.phase]!.questions, this.#loop.reporter.records);
          const then = () => this.#afterPorts(host, end);
          if (this.#check === undefined || host.phase !== numbers.ports) then();
          else this.#check.finish(host, end === 'done', monotonicUs(), then);
        },
        blocked: (host: Host, isBlocked: boolean, nowUs: number) => {
          const { reporter, startUs } = this.#loop;
          const sinceMs = (nowUs - startUs) / 1000;
          if (isBlocked) reporter.records.append(host.id, recordKind.blocked, 0, sinceMs, 0);
        },
      },
      monotonicUs(),
    );
  }

  /** A phase has ended for a host; after its ports, the way to it is traced. */
  #afterPorts(host: Host, end: HostEnd): void {
    const isLast = host.phase === this.#phases.numbers.ports;
    if (this.#path === undefined || !isLast || end === 'local') {
      if (isLast) this.#path?.forget(host.id);
      this.#flow.ended(host, end);
      return;
    }
    const { family, value } = this.#space.addressOf(host.id);
    this.#path.trace(host.id, wordsOf(family, value), host.route as TargetRoute, () =>
      this.#flow.ended(host, end),
    );
  }

  readonly #synAck = (): SynAck => {
    const { reader, bytes } = this.#loop;
    return { window: reader.window, isLinux: isLinuxSynAck(reader, bytes) };
  };

  #phaseName(): string {
    const { discovery, ports } = this.#phases.numbers;
    if (ports >= 0 && this.#engine.isAsking(ports)) return 'ports';
    return (discovery >= 0 && this.#engine.isAsking(discovery)) || this.#loop.routes.pending > 0
      ? 'discovery'
      : 'ports';
  }
}

/** Of a connection that is listened to only the first packet is counted, as of those of -sT. */
const synBytes = 60;
