/**
 * A bed for tests of answers: an engine that has asked one host, and what the host may send back.
 *
 * @module
 */

import { expect } from 'vitest';
import { Permutation } from '../../base/permutation.ts';
import { Observation } from '../../model/observation.ts';
import { verdictOf } from '../../model/verdict.ts';
import { portTechniques } from '../../techniques/index.ts';
import type { UdpPayload } from '../../techniques/payloads/contract.ts';
import { payloadsFor } from '../../techniques/payloads/index.ts';
import type { Technique } from '../../techniques/technique.ts';
import { PacketReader } from '../../wire/read-packet.ts';
import { PacketEngine } from '../engine.ts';
import type { Host } from '../hosts/host.ts';
import { plainVariant, type Variant } from '../probes/variant.ts';
import { ListedQuestions } from '../questions/listed-questions.ts';
import type { Question } from '../questions/questions.ts';
import type { Outbox } from '../sender.ts';
import { OptionTable } from './option-table.ts';

/** The bit of a SYN. */
export const synFlag = 2;
const resetFlag = 4;
/** The bit of an acknowledgement. */
const ackFlag = 16;
/** The address of the scanner. */
export const own = [10, 0, 0, 1] as const;
const host = [10, 0, 0, 2] as const;
const rate = { startPps: 1000, minPps: 1, maxPps: Number.POSITIVE_INFINITY };
const limits = {
  rtt: { initialUs: 1_000_000, minUs: 100_000, maxUs: 10_000_000 },
  hostRate: rate,
  linkRate: rate,
  maxAttempts: 8,
  scanDelayUs: 0,
  hostTimeoutUs: Number.POSITIVE_INFINITY,
  maxParallelism: Number.POSITIVE_INFINITY,
  blockedWaitUs: 3_000_000,
};

interface BedOptions {
  readonly technique?: Technique;
  readonly sourcePort?: number;
  readonly target?: readonly [number, number, number, number];
  readonly payloads?: readonly UdpPayload[];
  readonly strayPorts?: readonly number[];
  /** Questions of adaptive phases, which are asked instead. */
  readonly phases?: readonly (readonly Question[])[];
  /** Questions of a list, which are asked instead. */
  readonly list?: readonly Question[];
  readonly variants?: readonly Variant[];
}

/** An engine that has asked one port of one host, a UDP port unless told otherwise. */
export function ask(
  port: number,
  {
    technique = portTechniques.udp,
    sourcePort = -1,
    target = host,
    payloads,
    strayPorts = [69],
    phases,
    list = [{ technique, port, variant: 0 }],
    variants = [{ ...plainVariant, sourcePort, portBlock: 0xf000, portBlockSize: 4096 }],
  }: BedOptions = {},
) {
  const probes: Uint8Array[] = [];
  const verdicts: { state: string; reason: string; attempts: number; rttUs: number }[] = [];
  const seen: Observation[] = [];
  const optionTable = new OptionTable();
  const told: [question: number, state: string][] = [];
  let asked: Host | undefined;
  const questions = ListedQuestions.of(list);
  const engine = new PacketEngine(
    {
      phases: phases?.map(() => ({ kind: 'adaptive', slots: 8, rows: 1, limits })) ?? [
        { kind: 'list', questions, rows: 1, limits, firstAnswerSettles: false },
      ],
      inOrder: true,
      key: [1, 2],
      variants,
      payloadsFor: payloads === undefined ? payloadsFor : () => payloads,
      strayPorts,
      senderOf: () => 0,
      optionTable,
    },
    {
      observed: (_host, question, observation) => {
        const { code, attempts, rttUs } = observation;
        told.push([question, verdictOf(code).state]);
        verdicts.push({ ...verdictOf(code), attempts, rttUs });
        const kept = new Observation();
        kept.copy(observation);
        seen.push(kept);
      },
      hostDone: () => {},
      blocked: () => {},
    },
    0,
  );
  const path = engine.sender.addPath({ family: 4, source: Uint8Array.from(own) });
  const word = new DataView(Uint8Array.from(target).buffer).getUint32(0);
  for (const [phase, what] of (phases ?? [{ order: new Permutation(list.length, 1) }]).entries())
    asked = engine.admit(phase, 0, Uint32Array.of(word), { path, hop: { neighbour: 0 } }, what, 0);
  const outbox: Outbox = {
    hasRoom: true,
    bytes: new Uint8Array(2048),
    offset: 0,
    stride: 0,
    open: () => {},
    openRun: () => 0,
    commitRun: () => {},
    commit: (length) => {
      probes.push(outbox.bytes.slice(0, length));
      return 1;
    },
  };
  engine.pollTransmit(0, outbox);
  for (let nowUs = 1000; phases !== undefined && nowUs < 5000; nowUs += 1000)
    engine.pollTransmit(nowUs, outbox);
  const reader = new PacketReader();
  const bed = {
    probes,
    verdicts,
    seen,
    told,
    correlator: engine.correlator,
    options: optionTable.entries,
    nowUs: phases === undefined ? 0 : 5000,
    /** Lets time pass until a second transmission was made. */
    untilSilence() {
      const before = probes.length;
      while (probes.length === before) {
        bed.nowUs += 1000;
        engine.handleTimeout(bed.nowUs);
        engine.pollTransmit(bed.nowUs, outbox);
      }
      // Of a port with several payloads the first datagrams of both transmissions.
      probes.splice(1, before - 1);
    },
    /** Lets time pass until so many packets were sent. */
    untilSent(count: number) {
      for (let i = 0; i < 40 && probes.length < count; i++) {
        bed.nowUs += 1000;
        engine.pollTransmit(bed.nowUs, outbox);
      }
      expect(probes).toHaveLength(count);
    },
    /** Asks the host of the last phase one question more. */
    more: (question: Question) => engine.ask(asked as Host, question),
    take(packet: Uint8Array, atUs: number, isDamaged = false) {
      expect(reader.read(packet, 0, packet.length)).toBe(true);
      engine.handlePacket(reader, packet, atUs, packet.length, isDamaged);
    },
    replyTo: (probe: Uint8Array) => mirror(probe),
    answer: (probe: Uint8Array, atUs: number) => bed.take(mirror(probe), atUs),
  };
  return bed;
}

/** The packet with addresses and ports exchanged: a server that echoes answers so. */
export function mirror(packet: Uint8Array): Uint8Array {
  const reply = packet.slice();
  reply.copyWithin(12, 16, 20);
  reply.set(packet.subarray(12, 16), 16);
  reply.set(packet.subarray(22, 24), 20);
  reply.set(packet.subarray(20, 22), 22);
  return reply;
}

/** The answer of a stack that takes the connection. */
export function synAck(probe: Uint8Array): Uint8Array {
  const reply = mirror(probe);
  const view = new DataView(reply.buffer);
  view.setUint32(28, (view.getUint32(24) + 1) >>> 0);
  reply[33] = synFlag | ackFlag;
  return reply;
}

/** The answer of a stack that refuses it. */
export function reset(probe: Uint8Array): Uint8Array {
  const reply = synAck(probe);
  reply[33] = resetFlag | ackFlag;
  return reply;
}

/** The answer of a filter on its way. */
export function unreachable(probe: Uint8Array): Uint8Array {
  const packet = new Uint8Array(20 + 8 + 28);
  packet.set(probe.subarray(0, 20));
  packet.set([10, 9, 9, 9, ...own], 12);
  packet[3] = packet.length;
  packet[9] = 1;
  packet.set([3, 13], 20);
  packet.set(probe.subarray(0, 28), 28);
  return packet;
}

/** The port that a packet came from. */
export function sourcePort(packet: Uint8Array): number {
  return ((packet[20] as number) << 8) | (packet[21] as number);
}

/** The datagram with other words in it. */
export function withPayload(packet: Uint8Array, text: string): Uint8Array {
  const payload = new TextEncoder().encode(text);
  const changed = new Uint8Array(28 + payload.length);
  changed.set(packet.subarray(0, 28));
  changed.set(payload, 28);
  const view = new DataView(changed.buffer);
  view.setUint16(2, changed.length);
  view.setUint16(24, 8 + payload.length);
  return changed;
}
