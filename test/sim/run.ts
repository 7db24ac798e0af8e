/** Runs a shard over a simulated network until it has nothing left to do. @module */

import { Batch } from '../../src/engine/batch/batch.ts';
import type { Variant } from '../../src/engine/probes/variant.ts';
import { LossEstimator } from '../../src/engine/rate/loss.ts';
import type { Limits } from '../../src/engine/scheduler-options.ts';
import type { Outbox } from '../../src/engine/sender.ts';
import type { PortTechniqueName } from '../../src/model/technique-name.ts';
import { discovery } from '../../src/scan/phases/discovery.ts';
import type { Phase } from '../../src/scan/phases/phase.ts';
import { ports as portScan } from '../../src/scan/phases/ports.ts';
import { responderCheck } from '../../src/scan/phases/responder-check/phase.ts';
import type { QuestionList } from '../../src/scan/shard/config.ts';
import type { ShardTotals } from '../../src/scan/shard/messages.ts';
import { Shard } from '../../src/scan/shard/shard.ts';
import { isSocket } from '../../src/techniques/index.ts';
import { VirtualClock } from './clock.ts';
import { baseAddress, configFor, usualVariant } from './config.ts';
import { simulatedDial } from './dial.ts';
import { FlowTables } from './flow-tables.ts';
import { type NextHopModel, SimulatedMachine, TimeIsUp } from './machine.ts';
import { type HostModel, type PathModel, SimulatedNetwork } from './network.ts';
import { type Heard, RecordEar } from './record-ear.ts';

/** A simulated scan. */
export interface Simulation {
  readonly seed: number;
  readonly path: PathModel;
  readonly hosts: readonly HostModel[];
  readonly ports: number;
  readonly technique?: PortTechniqueName;
  /** Techniques that ask every port besides. */
  readonly besides?: readonly PortTechniqueName[];
  /** Asked to find hosts; absent: all are taken to be up. */
  readonly discovery?: QuestionList;
  readonly limits?: Partial<Limits>;
  /** Hosts that say open for every port are looked for. */
  readonly checksResponders?: boolean;
  /** Absent: no hardware addresses are asked for. */
  readonly nextHop?: NextHopModel;
  /** Whether the kernel has a route to an address, asked when one is looked for; may throw. Absent: it has. */
  readonly hasRoute?: (address: number) => boolean;
  /** How many connections the machine has room for at once. */
  readonly connectionRoom?: number;
  /** Further phases. */
  readonly phases?: readonly Phase[];
  /** Variants from 1 on. */
  readonly variants?: readonly Variant[];
  /** The whole table of variants. */
  readonly table?: readonly Variant[];
  /** How many packets may be sent. */
  readonly budget?: number;
  /** Everything one packet at a time, nothing in batches. */
  readonly isSingle?: boolean;
  /** Ends the run even if the engine has not: a run that needs this has failed. */
  readonly mostSeconds?: number;
  /** Called every virtual 50 ms. */
  readonly watch?: (sample: { readonly atUs: number; readonly totals: ShardTotals }) => void;
}

/** What came out. */
export interface Outcome extends Heard {
  /** Connections made to look at hosts that say open everywhere. */
  readonly connections: number;
  readonly elapsedMs: number;
  readonly sent: number;
  readonly counts: SimulatedNetwork['counts'];
  readonly totals: ShardTotals;
  /** The loss it states. */
  readonly loss: LossEstimator;
  /** Answers that were taken in batches. */
  readonly inBatches: number;
  /** The clock reached the limit. */
  readonly timedOut: boolean;
}

/** The default bounds, as the normal template sets them. */
export const normalLimits: Limits = {
  rtt: { initialUs: 1_000_000, minUs: 100_000, maxUs: 10_000_000 },
  hostRate: { startPps: 2000, minPps: 1, maxPps: Infinity },
  linkRate: { startPps: 10_000, minPps: 1, maxPps: Infinity },
  maxAttempts: 8,
  scanDelayUs: 0,
  hostTimeoutUs: Infinity,
  maxParallelism: Infinity,
  blockedWaitUs: 3_000_000,
};

/** Runs it. Deterministic by seed. */
export function simulate(simulation: Omit<Simulation, 'checksResponders'>): Outcome {
  const { run, finish } = prepare(simulation);
  // Without sockets it never waits for the event loop: all of it happens in this call.
  void run();
  return finish();
}

/** The same where hosts that say open for every port are looked for: dialogues run in turns of the event loop. */
export async function simulateChecked(simulation: Omit<Simulation, 'checksResponders'>): Promise<Outcome> {
  const { run, finish } = prepare({ ...simulation, checksResponders: true });
  await run();
  return finish();
}

function prepare(simulation: Simulation): {
  readonly run: () => Promise<void>;
  readonly finish: () => Outcome;
} {
  const {
    seed,
    path,
    hosts,
    ports,
    limits,
    isSingle,
    checksResponders,
    mostSeconds = 300,
    watch,
    variants,
    nextHop,
    hasRoute,
  } = simulation;
  const clock = new VirtualClock();
  const hostOf = (address: number) => hosts[address - baseAddress];
  const flows = new FlowTables(clock, path);
  const network = new SimulatedNetwork(clock, seed, path, hostOf, (packet) => machine.deliver(packet), flows);
  let watchedUs = 0;
  const { technique = 'syn' } = simulation;
  const config = configFor([technique, ...(simulation.besides ?? [])], hosts.length, ports, {
    seed,
    transport: isSocket(technique) ? 'socket' : 'packet',
    limits: { ...normalLimits, ...limits },
    discovery: simulation.discovery,
    avoidedPorts: checksResponders === true ? new Uint16Array(0) : dynamicPorts,
    ...(variants !== undefined && { variants: [usualVariant, ...variants] }),
    ...(simulation.budget !== undefined && { budget: simulation.budget }),
    ...(simulation.table !== undefined && { variants: simulation.table }),
  });
  const machine: SimulatedMachine = new SimulatedMachine({
    clock,
    send: (packet) => network.send(packet),
    dial: simulatedDial(
      { clock, seed, path, hostOf, flows, connections: simulation.connectionRoom },
      { mostPps: config.limits.linkRate.maxPps },
    ),
    ...(isSingle !== true && { batch }),
    ...(nextHop && { nextHop }),
    ...(hasRoute && { hasRoute }),
    limitUs: mostSeconds * 1e6,
    passed: () => {
      if (watch === undefined || clock.nowUs - watchedUs < 50_000) return;
      watchedUs = clock.nowUs;
      watch({ atUs: clock.nowUs, totals: shard.totals() });
    },
  });
  const ear = new RecordEar(config, clock);
  const shard = new Shard(
    config,
    [discovery, portScan, responderCheck, ...(simulation.phases ?? [])],
    machine,
    ear.say,
  );
  let timedOut = false;
  const run = () =>
    shard.run().catch((error) => {
      if (!(error instanceof TimeIsUp)) throw error;
      timedOut = true;
    });
  const finish = (): Outcome => {
    timedOut ||= clock.nowUs > mostSeconds * 1e6;
    const totals = shard.totals();
    shard.close();
    return {
      ...ear.heard,
      connections: totals.sentPackets - network.counts.sent,
      inBatches: machine.inBatches,
      elapsedMs: clock.nowUs / 1000,
      sent: network.counts.sent,
      counts: network.counts,
      totals,
      loss: lossOf(totals),
      timedOut,
    };
  };
  return { run, finish };
}

/** The loss as a shard's totals tell it. */
function lossOf({ judged, firstLost, sampled = 0, sampleLost = 0 }: ShardTotals): LossEstimator {
  return Object.assign(new LossEstimator(), { judged, firstLost, sampled, sampleLost });
}

/** How many verdicts have each state. */
export function tally(outcome: Outcome): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of outcome.verdicts.values()) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** The outbox of a simulation: what is committed is under way. */
export class SimulatedOutbox implements Outbox {
  readonly bytes: Uint8Array = batch.take(slots * slotBytes) as Uint8Array;
  readonly stride: number = slotBytes;
  offset = 0;
  #used = 0;
  readonly #network: Pick<SimulatedNetwork, 'send'>;

  constructor(network: Pick<SimulatedNetwork, 'send'>) {
    this.#network = network;
  }

  get hasRoom(): boolean {
    return this.#used < slots;
  }

  open(): void {
    this.offset = this.#used * slotBytes;
  }

  openRun(_: number, most: number): number {
    this.open();
    return Math.min(most, slots - this.#used);
  }

  commitRun(count: number, length: number): void {
    for (let i = 0; i < count; i++) {
      this.open();
      this.commit(length);
    }
  }

  commit(length: number): number {
    this.#network.send(this.bytes.slice(this.offset, this.offset + length));
    this.#used++;
    return 1;
  }

  reset(): void {
    this.#used = 0;
  }
}

const slots = 256;
const slotBytes = 128;

/** What simulations ask many questions at once with. They take turns: each forgets what the last one took. */
export const batch: Batch = Batch.open(16 << 20) as Batch;
const dynamicPorts = Uint16Array.from({ length: 16_384 }, (_, i) => 49_152 + i);
