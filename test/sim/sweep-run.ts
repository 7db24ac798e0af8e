/** Runs a sweep over a simulated network until it has nothing left to do. @module */

import { OptionTable } from '../../src/engine/answers/option-table.ts';
import { plainVariant } from '../../src/engine/probes/variant.ts';
import { ListedQuestions } from '../../src/engine/questions/listed-questions.ts';
import type { Limits } from '../../src/engine/scheduler-options.ts';
import type { NoRoute } from '../../src/engine/sweep/routes.ts';
import { Sweep } from '../../src/engine/sweep/sweep.ts';
import type { PortTechniqueName } from '../../src/model/technique-name.ts';
import { type PortState, verdictOf } from '../../src/model/verdict.ts';
import { techniqueOf } from '../../src/techniques/index.ts';
import { PacketReader } from '../../src/wire/read-packet.ts';
import { VirtualClock } from './clock.ts';
import { type HostModel, type PathModel, SimulatedNetwork } from './network.ts';
import { batch, normalLimits, SimulatedOutbox } from './run.ts';

/** A simulated sweep over consecutive IPv4 addresses. */
export interface SweepSimulation {
  readonly seed: number;
  readonly path: PathModel;
  readonly hosts: number;
  readonly ports: number;
  readonly hostOf: (index: number) => HostModel | undefined;
  readonly technique?: PortTechniqueName;
  readonly maxAttempts?: number;
  readonly limits?: Partial<Limits>;
  readonly cooldownUs?: number;
  readonly blockTasks?: number;
  readonly slice?: { readonly index: number; readonly count: number };
  /** Every answer comes once more after this time. */
  readonly echoUs?: number;
  /** What is known of the way to a host; `asked` is answered after `neighbourUs`. */
  readonly wayOf?: (index: number, askedBefore: boolean) => 'here' | NoRoute;
  readonly neighbourUs?: number;
}

/** What came out. */
export interface SweepOutcome {
  /** By host and port. */
  readonly answers: ReadonlyMap<string, { state: PortState; attempts: number; rttUs: number }>;
  /** Answers told twice. */
  readonly repeated: number;
  /** Hosts that were said to be done, in order. */
  readonly done: readonly number[];
  /** Told of a host after its end. */
  readonly afterEnd: number;
  /** Probes by `host/port`. */
  readonly probes: ReadonlyMap<string, number>;
  readonly elapsedUs: number;
  /** When the last probe left. */
  readonly lastProbeUs: number;
  readonly sweep: Sweep;
  readonly timedOut: boolean;
}

/** Runs it. Deterministic by seed. */
export function simulateSweep(simulation: SweepSimulation): SweepOutcome {
  const { seed, path, hosts, ports, hostOf, slice = { index: 0, count: 1 } } = simulation;
  batch.forget();
  const clock = new VirtualClock();
  const reader = new PacketReader();
  const answers = new Map<string, { state: PortState; attempts: number; rttUs: number }>();
  const probes = new Map<string, number>();
  const done: number[] = [];
  let [repeated, afterEnd, lastProbeUs] = [0, 0, 0];
  const technique = techniqueOf(simulation.technique ?? 'syn');
  const questions = ListedQuestions.of(
    Array.from({ length: ports }, (_, i) => ({ technique, port: i + 1, variant: 0 })),
  );
  const asked = new Set<number>();
  const sweep: Sweep = new Sweep(
    {
      groups: [{ ranges: [{ first: BigInt(base), last: BigInt(base + hosts - 1) }] }],
      questions,
      seed,
      inOrder: false,
      batch,
      slice,
      key: [seed, 0x4321],
      limits: { ...normalLimits, ...simulation.limits, maxAttempts: simulation.maxAttempts ?? 2 },
      ...(simulation.cooldownUs !== undefined && { cooldownUs: simulation.cooldownUs }),
      ...(simulation.blockTasks !== undefined && { blockTasks: simulation.blockTasks }),
      variants: [variant],
      payloadsFor: () => [],
      strayPorts: [],
      senderOf: () => 0,
      optionTable: new OptionTable(),
      routes: {
        routeTo(host) {
          const way = simulation.wayOf?.(host, asked.has(host)) ?? 'here';
          if (way === 'here') return here;
          if (way === 'asked' && !asked.has(host)) {
            clock.at(clock.nowUs + (simulation.neighbourUs ?? 50_000), () => {
              asked.add(host);
              sweep.found(host);
            });
          }
          return way;
        },
      },
    },
    {
      observed(host, question, { code, attempts, rttUs }) {
        const key = `${host}/${questions.portOf[question]}`;
        if (answers.has(key)) repeated++;
        if (done.includes(host)) afterEnd++;
        answers.set(key, { state: verdictOf(code).state, attempts, rttUs });
      },
      hostDone: (host) => done.push(host),
    },
    0,
  );
  sweep.sender.addPath({ family: 4, source: Uint8Array.of(10, 0, 0, 1) });
  const take = (packet: Uint8Array) => {
    if (reader.read(packet, 0, packet.length)) sweep.handlePacket(reader, packet, clock.nowUs, packet.length);
  };
  const deliver = (packet: Uint8Array) => {
    take(packet);
    if (simulation.echoUs !== undefined) clock.at(clock.nowUs + simulation.echoUs, () => take(packet));
  };
  const network = new SimulatedNetwork(clock, seed, path, (address) => hostOf(address - base), deliver);
  const watched = {
    send(packet: Uint8Array) {
      const view = new DataView(packet.buffer, packet.byteOffset);
      const key = `${view.getUint32(16) - base}/${view.getUint16(22)}`;
      probes.set(key, (probes.get(key) ?? 0) + 1);
      lastProbeUs = clock.nowUs;
      network.send(packet);
    },
  };
  const outbox = new SimulatedOutbox(watched);
  const [outageFrom, outageTo] = path.outageUs ?? [0, 0];
  let wasOut = false;
  while (sweep.isBusy && clock.nowUs < mostUs) {
    const isOut = clock.nowUs >= outageFrom && clock.nowUs < outageTo;
    // As the shard does: while the link is down nothing runs, afterwards everything since is void.
    if (isOut && clock.nowUs >= outageFrom + 100_000) {
      wasOut = true;
      clock.advance(outageTo);
      continue;
    }
    if (wasOut) sweep.voidSince(outageFrom - sweep.link.rtt.typicalUs(100_000), clock.nowUs);
    wasOut = false;
    sweep.handleTimeout(clock.nowUs);
    if (!sweep.isBusy) break;
    const sent = sweep.pollTransmit(clock.nowUs, outbox);
    outbox.reset();
    const due = Math.max(sweep.pollTimeout(clock.nowUs), clock.nowUs + 50);
    clock.advance(sent > 0 ? clock.nowUs + sent : Math.min(due, clock.nextUs));
  }
  const elapsedUs = clock.nowUs;
  // What is still under way arrives nevertheless.
  clock.advance(elapsedUs + 10e6);
  return {
    answers,
    repeated,
    done,
    afterEnd,
    probes,
    elapsedUs,
    lastProbeUs,
    sweep,
    timedOut: elapsedUs >= mostUs,
  };
}

const variant = { ...plainVariant, portBlock: 0xf000, portBlockSize: 4096 };
const base = 0x0a00_0100;
const mostUs = 600e6;

/** The way to every host: one, as behind a router. */
const here = { path: 0, hop: { neighbour: 0 } };
