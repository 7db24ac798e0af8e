/** Runs the packet engine over a simulated network until it has nothing left to do. @module */

import { Permutation } from '../../src/base/permutation.ts';
import { type Outbox, PacketEngine } from '../../src/engine/engine.ts';
import type { HostEnd } from '../../src/engine/host.ts';
import { Questions, verdictOf } from '../../src/engine/questions.ts';
import type { Limits } from '../../src/engine/scheduler-options.ts';
import type { PortState, Reason } from '../../src/model/verdict.ts';
import { type PortTechniqueName, techniqueOf } from '../../src/techniques/index.ts';
import { PacketReader } from '../../src/wire/read-packet.ts';
import { VirtualClock } from './clock.ts';
import { type HostModel, type PathModel, SimulatedNetwork } from './network.ts';

/** A simulated scan. */
export interface Simulation {
  readonly seed: number;
  readonly path: PathModel;
  readonly hosts: readonly HostModel[];
  readonly ports: number;
  readonly technique?: PortTechniqueName;
  readonly limits?: Partial<Limits>;
  /** Ends the run even if the engine has not: a run that needs this has failed. */
  readonly mostSeconds?: number;
  /** Called every virtual 50 ms with the state of the first host. */
  readonly watch?: (sample: { atUs: number; ratePps: number; rttUs: number; lossRecent: number }) => void;
}

/** What came out. */
export interface Outcome {
  /** By host and port: state, reason, transmissions. */
  readonly verdicts: ReadonlyMap<string, { state: PortState; reason: Reason; attempts: number }>;
  /** Verdicts said twice. */
  readonly repeated: number;
  readonly ends: readonly HostEnd[];
  readonly blocked: readonly { host: number; isBlocked: boolean; atUs: number }[];
  /** Limits on answers that were found, per second, by host in the order of their ends. */
  readonly limits: readonly number[];
  readonly elapsedMs: number;
  readonly sent: number;
  readonly counts: SimulatedNetwork['counts'];
  readonly engine: PacketEngine;
  /** Times the clock reached the limit. */
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
export function simulate(simulation: Simulation): Outcome {
  const clock = new VirtualClock();
  const reader = new PacketReader();
  const verdicts = new Map<string, { state: PortState; reason: Reason; attempts: number }>();
  const ends: HostEnd[] = [];
  const blocked: { host: number; isBlocked: boolean; atUs: number }[] = [];
  const found: number[] = [];
  let repeated = 0;
  const technique = techniqueOf(simulation.technique ?? 'syn');
  const questions = Questions.of(
    Array.from({ length: simulation.ports }, (_, i) => ({ technique, port: i + 1 })),
  );
  const limits = { ...normalLimits, ...simulation.limits };
  const engine = new PacketEngine(
    {
      phases: [{ questions, rows: simulation.hosts.length, limits, firstAnswerSettles: false }],
      inOrder: false,
      key: [simulation.seed, 0x1234],
      dress: {
        ttl: 64,
        data: new Uint8Array(0),
        badChecksum: false,
        ipOptions: new Uint8Array(0),
        sourcePort: -1,
        portBlock: 0xf000,
        portBlockSize: 4096,
        mayFragment: false,
      },
      payloadsFor: () => [],
      strayPorts: [],
    },
    {
      verdict(host, question, code, attempts) {
        const key = `${host.id}/${questions.portOf[question]}`;
        if (verdicts.has(key)) repeated++;
        verdicts.set(key, { ...verdictOf(code), attempts });
      },
      hostDone(host, end) {
        ends.push(end);
        found.push(host.finder?.hunt.limitPps ?? 0);
      },
      blocked: (host, isBlocked, atUs) => blocked.push({ host: host.id, isBlocked, atUs }),
    },
    0,
  );
  const network = new SimulatedNetwork(
    clock,
    simulation.seed,
    simulation.path,
    (address) => simulation.hosts[address - baseAddress],
    (packet) => {
      if (reader.read(packet, 0, packet.length))
        engine.handlePacket(reader, packet, clock.nowUs, packet.length);
    },
  );
  const path = engine.addPath({ family: 4, source: Uint8Array.of(10, 0, 0, 1) });
  const order = new Permutation(questions.length, simulation.seed);
  const first = simulation.hosts.map((_, i) =>
    engine.admit(0, i, Uint32Array.of(baseAddress + i), { path, neighbour: 0 }, { order }, 0),
  )[0]!;
  const outbox = new SimulatedOutbox(network);
  const limitUs = (simulation.mostSeconds ?? 300) * 1e6;
  let watchedUs = 0;
  while (engine.isBusy && clock.nowUs < limitUs) {
    engine.handleTimeout(clock.nowUs);
    if (!engine.isBusy) break;
    const sent = engine.pollTransmit(clock.nowUs, outbox);
    outbox.reset();
    if (simulation.watch && clock.nowUs - watchedUs >= 50_000) {
      watchedUs = clock.nowUs;
      simulation.watch({
        atUs: clock.nowUs,
        ratePps: first.finder?.ratePps ?? 0,
        rttUs: first.rtt.smoothedUs,
        lossRecent: first.loss.careful(),
      });
    }
    // A packet costs the sender's thread about a microsecond.
    const busyUntilUs = clock.nowUs + sent;
    const due = Math.max(engine.pollTimeout(clock.nowUs), clock.nowUs + 50);
    clock.advance(sent > 0 ? busyUntilUs : Math.min(Math.max(due, clock.nowUs), clock.nextUs));
  }
  return {
    verdicts,
    repeated,
    ends,
    blocked,
    limits: found,
    elapsedMs: clock.nowUs / 1000,
    sent: engine.sentPackets,
    counts: network.counts,
    engine,
    timedOut: clock.nowUs >= limitUs,
  };
}

/** How many verdicts have each state. */
export function tally(outcome: Outcome): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of outcome.verdicts.values()) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

class SimulatedOutbox implements Outbox {
  readonly bytes = new Uint8Array(slots * slotBytes);
  offset = 0;
  #used = 0;
  readonly #network: SimulatedNetwork;

  constructor(network: SimulatedNetwork) {
    this.#network = network;
  }

  get hasRoom(): boolean {
    return this.#used < slots;
  }

  open(): void {
    this.offset = this.#used * slotBytes;
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
const baseAddress = 0x0a000100;
