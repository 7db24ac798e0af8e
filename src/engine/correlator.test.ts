/** Which answers are believed, and to which transmission. */

import { describe, expect, test } from 'vitest';
import { Permutation } from '../base/permutation.ts';
import { fromTarget, Observation, observationKind } from '../model/observation.ts';
import { verdictCode, verdictOf } from '../model/verdict.ts';
import { portTechniques } from '../techniques/index.ts';
import type { UdpPayload } from '../techniques/payloads/contract.ts';
import { payloadsFor } from '../techniques/payloads/index.ts';
import type { Technique } from '../techniques/technique.ts';
import { PacketReader } from '../wire/read-packet.ts';
import { PacketEngine } from './engine.ts';
import { ListedQuestions } from './listed-questions.ts';
import { OptionTable } from './option-table.ts';
import type { Question } from './questions.ts';
import type { Outbox } from './sender.ts';

describe('datagrams', () => {
  test('the answer of the asked port that echoes the id is believed, with its round-trip time', () => {
    const bed = ask(53);
    bed.answer(bed.probes[0] as Uint8Array, 5000);
    expect(bed.verdicts).toEqual([{ state: 'open', reason: 'udp-response', attempts: 1, rttUs: 5000 }]);
  });

  test('a service that speaks another protocol than its port’s is open all the same', () => {
    const bed = ask(53);
    bed.answer(withPayload(bed.probes[0] as Uint8Array, 'what do you want'), 5000);
    expect(bed.verdicts).toMatchObject([{ state: 'open' }]);
  });

  test('with one source port for all, the echoed id tells which transmission was answered', () => {
    const bed = ask(53, { sourcePort: 4000 });
    bed.untilSilence();
    const [first, second] = bed.probes as [Uint8Array, Uint8Array];
    expect(first.subarray(20, 22)).toEqual(second.subarray(20, 22));
    bed.answer(first, bed.nowUs + 10);
    // An answer to an earlier transmission measures no time.
    expect(bed.verdicts).toMatchObject([{ state: 'open', rttUs: -1 }]);
    const other = ask(53, { sourcePort: 4000 });
    other.untilSilence();
    other.answer(other.probes[1] as Uint8Array, other.nowUs + 10);
    expect(other.verdicts[0]?.rttUs).toBeGreaterThan(0);
  });

  test('an answer from another port counts for services known to do that, and for no other', () => {
    for (const [port, believed] of [
      [69, 1],
      [53, 0],
    ] as const) {
      const bed = ask(port);
      const reply = bed.replyTo(bed.probes[0] as Uint8Array);
      reply.set([0xc0, 0x01], 20);
      bed.take(reply, 5000);
      expect(bed.verdicts.length, `port ${port}`).toBe(believed);
    }
  });

  test('a service that answers from another port must echo the id where its protocol has one', () => {
    const stray: UdpPayload = { ...(payloadsFor(53)[0] as UdpPayload), repliesFromOtherPort: true };
    for (const isGenuine of [true, false]) {
      const bed = ask(53, { payloads: [stray], strayPorts: [53] });
      const probe = bed.probes[0] as Uint8Array;
      const reply = bed.replyTo(isGenuine ? probe : withPayload(probe, 'something else'));
      reply.set([0xc0, 0x01], 20);
      bed.take(reply, 5000);
      expect(bed.verdicts.length).toBe(isGenuine ? 1 : 0);
    }
  });

  test('a datagram to a port we did not send from is nothing', () => {
    const bed = ask(53);
    const reply = bed.replyTo(bed.probes[0] as Uint8Array);
    reply[23] = (reply[23] as number) ^ 1;
    bed.take(reply, 5000);
    expect(bed.verdicts).toEqual([]);
  });

  test('our own probe come back on the loopback is no answer', () => {
    const bed = ask(53, { sourcePort: 53, target: own });
    bed.take(bed.probes[0] as Uint8Array, 5000);
    expect(bed.verdicts).toEqual([]);
  });
});

test('an answer is told with all that stands in it', () => {
  const bed = ask(80, { technique: portTechniques.syn });
  const reply = mirror(bed.probes[0]!);
  const view = new DataView(reply.buffer);
  const options = reply.subarray(40);
  view.setUint32(28, view.getUint32(24) + 1);
  view.setUint8(33, 0x12);
  view.setUint16(34, 65_160);
  view.setUint16(4, 4711);
  view.setUint16(6, 0x4000);
  view.setUint8(8, 61);
  bed.answer(mirror(reply), 5000);
  const [seen] = bed.seen;
  expect(seen).toMatchObject({ kind: observationKind.tcp, code: verdictCode('open', 'syn-ack') });
  expect(seen).toMatchObject({ flags: 0x12, window: 65_160, ipId: 4711, dontFragment: 1, ttl: 61 });
  expect(seen).toMatchObject({ sender: fromTarget, attempt: 1, attempts: 1, rttUs: 5000, atUs: 5000 });
  expect(seen).toMatchObject({ options: 1, timestamp: new DataView(options.slice().buffer).getUint32(8) });
  expect(bed.options[0]).toHaveLength(20);
});

describe('a host that two phases ask at the same time', () => {
  const protocol: Question = { technique: portTechniques['ip-protocol'], port: 6, variant: 0 };
  const syn: Question = { technique: portTechniques.syn, port: 80, variant: 0 };

  test('gives each its answers, and one that proves itself is not taken for a mere packet of its protocol', () => {
    for (const phases of [
      [[protocol], [syn]],
      [[syn], [protocol]],
    ]) {
      const bed = ask(80, { phases });
      const probe = bed.probes.find((packet) => packet[33] === synFlag) as Uint8Array;
      const answer = mirror(probe);
      answer.copyWithin(28, 24, 28);
      answer[33] = synFlag | ackFlag;
      bed.take(answer, 5000);
      expect(bed.verdicts).toMatchObject([{ state: 'open', reason: 'syn-ack' }]);
      // A segment that echoes nothing of ours still shows that the host speaks TCP.
      answer[31] = (answer[31] as number) ^ 0x80;
      bed.take(answer, 6000);
      expect(bed.verdicts[1]).toMatchObject({ state: 'open', reason: 'proto-response' });
    }
  });

  test('a SYN without ACK to a port of either is no guess', () => {
    const bed = ask(80, { phases: [[syn], [syn]] });
    const [first, second] = bed.probes as [Uint8Array, Uint8Array];
    bed.answer(second, 5000);
    bed.answer(first, 6000);
    expect(bed.verdicts).toMatchObject([{ reason: 'syn' }, { reason: 'syn' }]);
  });
});

describe('a SYN without ACK', () => {
  const technique = portTechniques.syn;

  test('to the port that the probe came from says open', () => {
    const bed = ask(80, { technique });
    bed.answer(bed.probes[0] as Uint8Array, 5000);
    expect(bed.verdicts).toEqual([{ state: 'open', reason: 'syn', attempts: 1, rttUs: 5000 }]);
  });

  test('counts no more once one missed its port', () => {
    const bed = ask(80, { technique });
    const guess = bed.replyTo(bed.probes[0] as Uint8Array);
    guess[23] = (guess[23] as number) ^ 1;
    bed.take(guess, 5000);
    bed.answer(bed.probes[0] as Uint8Array, 5000);
    expect(bed.verdicts).toEqual([]);
  });

  test('says nothing where the user chose the port, and from ourselves', () => {
    for (const options of [{ sourcePort: 4000 }, { target: own }]) {
      const bed = ask(80, { technique, ...options });
      bed.answer(bed.probes[0] as Uint8Array, 5000);
      expect(bed.verdicts).toEqual([]);
    }
  });
});

interface BedOptions {
  readonly technique?: Technique;
  readonly sourcePort?: number;
  readonly target?: readonly [number, number, number, number];
  readonly payloads?: readonly UdpPayload[];
  readonly strayPorts?: readonly number[];
  /** Questions of adaptive phases, which are asked instead. */
  readonly phases?: readonly (readonly Question[])[];
}

/** An engine that has asked one port of one host, a UDP port unless told otherwise. */
function ask(
  port: number,
  {
    technique = portTechniques.udp,
    sourcePort = -1,
    target = host,
    payloads,
    strayPorts = [69],
    phases,
  }: BedOptions = {},
) {
  const probes: Uint8Array[] = [];
  const verdicts: { state: string; reason: string; attempts: number; rttUs: number }[] = [];
  const seen: Observation[] = [];
  const optionTable = new OptionTable();
  const questions = ListedQuestions.of([{ technique, port, variant: 0 }]);
  const engine = new PacketEngine(
    {
      phases: phases?.map(() => ({ kind: 'adaptive', slots: 1, rows: 1, limits })) ?? [
        { kind: 'list', questions, rows: 1, limits, firstAnswerSettles: false },
      ],
      inOrder: true,
      key: [1, 2],
      variants: [
        {
          ttl: 64,
          data: new Uint8Array(0),
          badChecksum: false,
          ipOptions: new Uint8Array(0),
          sourcePort,
          portBlock: 0xf000,
          portBlockSize: 4096,
          mayFragment: false,
        },
      ],
      payloadsFor: payloads === undefined ? payloadsFor : () => payloads,
      strayPorts,
      senderOf: () => 0,
      optionTable,
    },
    {
      observed: (_host, _question, observation) => {
        const { code, attempts, rttUs } = observation;
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
  for (const [phase, asked] of (phases ?? [{ order: new Permutation(1, 1) }]).entries())
    engine.admit(phase, 0, Uint32Array.of(word), { path, neighbour: 0 }, asked, 0);
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
  if (phases !== undefined) engine.pollTransmit(2000, outbox);
  const reader = new PacketReader();
  const bed = {
    probes,
    verdicts,
    seen,
    options: optionTable.entries,
    nowUs: 0,
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
    take(packet: Uint8Array, atUs: number) {
      expect(reader.read(packet, 0, packet.length)).toBe(true);
      engine.handlePacket(reader, packet, atUs, packet.length);
    },
    replyTo: (probe: Uint8Array) => mirror(probe),
    answer: (probe: Uint8Array, atUs: number) => bed.take(mirror(probe), atUs),
  };
  return bed;
}

/** The packet with addresses and ports exchanged: a server that echoes answers so. */
function mirror(packet: Uint8Array): Uint8Array {
  const reply = packet.slice();
  reply.copyWithin(12, 16, 20);
  reply.set(packet.subarray(12, 16), 16);
  reply.set(packet.subarray(22, 24), 20);
  reply.set(packet.subarray(20, 22), 22);
  return reply;
}

function withPayload(packet: Uint8Array, text: string): Uint8Array {
  const payload = new TextEncoder().encode(text);
  const changed = new Uint8Array(28 + payload.length);
  changed.set(packet.subarray(0, 28));
  changed.set(payload, 28);
  const view = new DataView(changed.buffer);
  view.setUint16(2, changed.length);
  view.setUint16(24, 8 + payload.length);
  return changed;
}

const synFlag = 2;
const ackFlag = 16;
const own = [10, 0, 0, 1] as const;
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
