/** Runs the packet engine over a simulated network until it has nothing left to do. @module */

import { Permutation } from '../../src/base/permutation.ts';
import { Batch } from '../../src/engine/batch/batch.ts';
import { frameBytes } from '../../src/engine/batch/layout.ts';
import { PacketEngine } from '../../src/engine/engine.ts';
import type { Host, HostEnd } from '../../src/engine/host.ts';
import { ListedQuestions } from '../../src/engine/listed-questions.ts';
import type { Scheduler } from '../../src/engine/scheduler.ts';
import type { Limits } from '../../src/engine/scheduler-options.ts';
import type { Outbox } from '../../src/engine/sender.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { PortTechniqueName } from '../../src/model/technique-name.ts';
import { type PortState, type Reason, verdictOf } from '../../src/model/verdict.ts';
import { askedTechnique, canariesOf, withCanaries } from '../../src/scan/phases/responder-check/canaries.ts';
import { Dialogues } from '../../src/scan/phases/responder-check/dialogues.ts';
import type { Pretence } from '../../src/scan/phases/responder-check/judgement.ts';
import { ResponderCheck } from '../../src/scan/phases/responder-check/responder-check.ts';
import { techniqueOf } from '../../src/techniques/index.ts';
import { judge, type ReplyTable } from '../../src/techniques/reply-table.ts';
import { isLinuxSynAck } from '../../src/wire/linux-syn-ack.ts';
import { PacketReader } from '../../src/wire/read-packet.ts';
import { VirtualClock } from './clock.ts';
import { SimulatedEar } from './ear.ts';
import { type HostModel, type PathModel, SimulatedNetwork } from './network.ts';

/** A simulated scan. */
export interface Simulation {
  readonly seed: number;
  readonly path: PathModel;
  readonly hosts: readonly HostModel[];
  readonly ports: number;
  readonly technique?: PortTechniqueName;
  readonly limits?: Partial<Limits>;
  /** Hosts that say open for every port are looked for. */
  readonly checksResponders?: boolean;
  /** Everything one packet at a time, nothing in batches. */
  readonly isSingle?: boolean;
  /** Ends the run even if the engine has not: a run that needs this has failed. */
  readonly mostSeconds?: number;
  /** Called every virtual 50 ms with the state of the first host. */
  readonly watch?: (sample: { atUs: number; ratePps: number; rttUs: number; lossRecent: number }) => void;
}

/** What came out. */
export interface Outcome {
  /** By host and port: state, reason, transmissions. */
  readonly verdicts: ReadonlyMap<string, { state: PortState; reason: Reason; attempts: number }>;
  /** When each was told, microseconds. */
  readonly toldAtUs: ReadonlyMap<string, number>;
  /** The pretenders found, by host. */
  readonly pretences: ReadonlyMap<number, Pretence['rule']>;
  /** Connections made to look at them. */
  readonly connections: number;
  /** Hosts of which something was told after their end, or their end twice. */
  readonly late: number;
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
  /** Answers that were taken in batches. */
  readonly inBatches: number;
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
  batch.forget();
  const clock = new VirtualClock();
  const reader = new PacketReader();
  const verdicts = new Map<string, { state: PortState; reason: Reason; attempts: number }>();
  const ends: HostEnd[] = [];
  const blocked: { host: number; isBlocked: boolean; atUs: number }[] = [];
  const found: number[] = [];
  let repeated = 0;
  let inBatches = 0;
  let arrived: Uint8Array = new Uint8Array(0);
  const technique = techniqueOf(simulation.technique ?? 'syn');
  const list = {
    techniques: [technique.name],
    techniqueOf: new Uint8Array(simulation.ports),
    portOf: Uint16Array.from({ length: simulation.ports }, (_, i) => i + 1),
  };
  const canaries =
    simulation.checksResponders === true
      ? canariesOf({
          transport: 'packet',
          ports: list,
          seed: simulation.seed,
          avoidedPorts: new Uint16Array(0),
          proxies: [],
        })
      : undefined;
  const asked = canaries === undefined ? list : withCanaries(list, canaries);
  const questions = new ListedQuestions(
    asked.techniques.map(askedTechnique),
    asked.techniqueOf,
    asked.portOf,
  );
  const toldAtUs = new Map<string, number>();
  const pretences = new Map<number, Pretence['rule']>();
  const ended = new Set<number>();
  let late = 0;
  const tell = (host: Host, question: number, seen: Observation) => {
    const { code, attempts } = seen;
    // What was seen carries the verdict: who reads it later comes to the same.
    if (judge(questions.tables[questions.techniqueOf[question] as number] as ReplyTable, seen) !== code)
      throw new Error(`${host.id}/${questions.portOf[question]} is judged otherwise by what was seen of it`);
    const key = `${host.id}/${questions.portOf[question]}`;
    if (verdicts.has(key)) repeated++;
    if (ended.has(host.id)) late++;
    verdicts.set(key, { ...verdictOf(code), attempts });
    toldAtUs.set(key, clock.nowUs);
  };
  const limits = { ...normalLimits, ...simulation.limits };
  const engine = new PacketEngine(
    {
      phases: [{ kind: 'list', questions, rows: simulation.hosts.length, limits, firstAnswerSettles: false }],
      inOrder: false,
      ...(simulation.isSingle !== true && { batch }),
      key: [simulation.seed, 0x1234],
      variants: [
        {
          ttl: 64,
          data: new Uint8Array(0),
          badChecksum: false,
          ipOptions: new Uint8Array(0),
          sourcePort: -1,
          portBlock: 0xf000,
          portBlockSize: 4096,
          mayFragment: false,
        },
      ],
      payloadsFor: () => [],
      strayPorts: [],
      senderOf: () => 0,
    },
    {
      observed(host, question, seen) {
        const synAck = () => ({ window: reader.window, isLinux: isLinuxSynAck(reader, arrived) });
        if (check?.take(host, question, seen, synAck) === true) return;
        tell(host, question, seen);
      },
      hostDone(host, end) {
        const then = () => {
          ends.push(end);
          found.push(host.finder?.hunt.limitPps ?? 0);
          if (ended.has(host.id)) late++;
          ended.add(host.id);
        };
        if (check === undefined) then();
        else check.finish(host, end === 'done', clock.nowUs, then);
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
      arrived = packet;
      if (simulation.isSingle !== true && takeFromRing(engine, packet, clock.nowUs)) {
        inBatches++;
        return;
      }
      if (reader.read(packet, 0, packet.length))
        engine.handlePacket(reader, packet, clock.nowUs, packet.length);
    },
  );
  const check =
    canaries &&
    new ResponderCheck(
      {
        canaries,
        asker: engine.phases[0] as Scheduler,
        dialogues: new Dialogues(
          new SimulatedEar(
            clock,
            simulation.path.rttUs,
            (address) => simulation.hosts[address - baseAddress],
          ),
          { mostOpen: 128, intervalUs: 0, isAllowed: () => true },
        ),
        whereabouts: ({ id }) => ({ address: { family: 4, value: BigInt(baseAddress + id) }, scopeId: 0 }),
        known: () => undefined,
        techniqueOf: list.techniqueOf,
        portOf: list.portOf,
        portsAsked: () => simulation.ports,
      },
      { observed: tell, found: ({ id }, { rule }) => void pretences.set(id, rule) },
    );
  const path = engine.sender.addPath({ family: 4, source: Uint8Array.of(10, 0, 0, 1) });
  const order = new Permutation(simulation.ports, simulation.seed);
  const first = simulation.hosts.map((_, i) =>
    engine.admit(0, i, Uint32Array.of(baseAddress + i), { path, neighbour: 0 }, { order }, 0),
  )[0]!;
  const outbox = new SimulatedOutbox(network);
  const limitUs = (simulation.mostSeconds ?? 300) * 1e6;
  let watchedUs = 0;
  const isBusy = () => engine.isBusy || check?.isBusy === true;
  while (isBusy() && clock.nowUs < limitUs) {
    engine.handleTimeout(clock.nowUs);
    check?.tick(clock.nowUs);
    if (!isBusy()) break;
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
    const next = Math.min(
      engine.pollTimeout(clock.nowUs),
      check?.dueUs(clock.nowUs) ?? Number.POSITIVE_INFINITY,
    );
    const due = Math.max(next, clock.nowUs + 50);
    clock.advance(sent > 0 ? busyUntilUs : Math.min(Math.max(due, clock.nowUs), clock.nextUs));
  }
  return {
    verdicts,
    toldAtUs,
    pretences,
    connections: check?.connections ?? 0,
    late,
    repeated,
    inBatches,
    ends,
    blocked,
    limits: found,
    elapsedMs: clock.nowUs / 1000,
    sent: engine.sender.sentPackets,
    counts: network.counts,
    engine,
    timedOut: clock.nowUs >= limitUs,
  };
}

/** Lets a packet lie in a receive ring (struct tpacket2_hdr, packet(7)) and be read from there; false: it is not plain. */
function takeFromRing(engine: PacketEngine, packet: Uint8Array, nowUs: number): boolean {
  const frame = new DataView(batch.frames.buffer, batch.frames.byteOffset, frameBytes);
  const [linkAt, packetAt] = [66, 80];
  const kept = Math.min(packet.length, frameBytes - packetAt);
  frame.setUint32(0, 1, true);
  frame.setUint32(4, packetAt - linkAt + packet.length, true);
  frame.setUint32(8, packetAt - linkAt + kept, true);
  frame.setUint16(12, linkAt, true);
  frame.setUint16(14, packetAt, true);
  frame.setUint32(16, Math.floor(nowUs / 1e6), true);
  frame.setUint32(20, Math.round((nowUs % 1e6) * 1000), true);
  frame.setUint16(34, 0x0800);
  frame.setUint8(42, 0);
  batch.frames.set(packet.subarray(0, kept), packetAt);
  batch.read(1);
  engine.handleBatch(1, 0, nowUs);
  return batch.plain[0] === 1;
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
const baseAddress = 0x0a000100;
