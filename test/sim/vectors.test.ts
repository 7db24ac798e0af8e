/**
 * Captures replayed: the engine makes the very probes that were sent, and reads the answers as it did then.
 * Together the captures hold every row of every technique that packets can be tied to.
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Permutation } from '../../src/base/permutation.ts';
import { OptionTable } from '../../src/engine/answers/option-table.ts';
import { PacketEngine } from '../../src/engine/engine.ts';
import { plainVariant } from '../../src/engine/probes/variant.ts';
import { ListedQuestions } from '../../src/engine/questions/listed-questions.ts';
import type { Outbox } from '../../src/engine/sender.ts';
import { addressBytes } from '../../src/model/address.ts';
import { parseAddress } from '../../src/model/parse-address.ts';
import { verdictCode, verdictOf } from '../../src/model/verdict.ts';
import { hostTechniques, portTechniques, techniqueOf } from '../../src/techniques/index.ts';
import { payloadsFor } from '../../src/techniques/payloads/index.ts';
import type { Row, Technique } from '../../src/techniques/technique.ts';
import { ipProtocol } from '../../src/wire/numbers.ts';
import { PacketReader } from '../../src/wire/read-packet.ts';
import { readPcap } from '../net/lab/pcap.ts';
import { type Vector, vectorBlock, vectorKey } from '../vectors/vector.ts';
import { normalLimits } from './run.ts';

const folder = fileURLToPath(new URL('../vectors/', import.meta.url));
const vectors = JSON.parse(readFileSync(`${folder}vectors.json`, 'utf8')) as readonly Vector[];

describe('a capture, replayed', () => {
  it.each(vectors.map((vector) => [vector.file, vector] as const))('%s', (_, vector) => {
    const { probes, verdicts } = replay(vector);
    const { packets } = capturedOf(vector);
    const sent = packets.filter(({ isOut }) => isOut).map(({ bytes }) => hex(bytes));
    for (const probe of probes) expect(sent).toContain(hex(probe));
    expect(verdicts).toEqual(vector.verdicts);
  });

  it('is not believed when its answers belong to another scan', () => {
    for (const vector of vectors) {
      // A protocol's answer, an ICMP error about one, and a UDP datagram to the right port carry less.
      const { transport } = techniqueOf(vector.technique).probe;
      if (transport === 'ip' || transport === 'udp') continue;
      const { verdicts } = replay(vector, [1, 2]);
      const silence = `${techniqueOf(vector.technique).silence} no-response`;
      expect([vector.file, ...verdicts]).toEqual([vector.file, ...vector.ports.map(() => silence)]);
    }
  });
});

describe('the captures hold', () => {
  const all: readonly Technique[] = [...Object.values(portTechniques), ...Object.values(hostTechniques)];
  const byPacket = all.filter(({ probe }) => probe.transport !== 'socket' && probe.transport !== 'link');

  it.each(byPacket.map((technique) => [technique.name, technique] as const))(
    'every row of %s',
    (_, technique) => {
      const found = new Set(vectors.filter((v) => v.technique === technique.name).flatMap((v) => v.verdicts));
      for (const row of technique.replies) {
        if (isBareSyn(row)) continue;
        const reasons = 'reason' in row ? [row.reason] : row.when.icmp;
        expect(
          reasons.some((reason) => found.has(`${row.state} ${reason}`)),
          JSON.stringify(row),
        ).toBe(true);
      }
      expect(found).toContain(`${technique.silence} no-response`);
    },
  );
});

/** A SYN without ACK carries nothing of the probe, so that no packet can be tied to it. */
function isBareSyn({ when }: Row): boolean {
  return 'tcp' in when && when.tcp.includes('S') && !when.tcp.includes('A');
}

interface Captured {
  readonly isOut: boolean;
  readonly bytes: Uint8Array;
}

function capturedOf({ file, source }: Vector): { readonly packets: readonly Captured[] } {
  const own = hex(bytesOf(source));
  const packets = readPcap(folder + file).flatMap(({ etherType, packet }) => {
    if (etherType !== 0x0800 && etherType !== 0x86dd) return [];
    const isV4 = etherType === 0x0800;
    const from = hex(isV4 ? packet.subarray(12, 16) : packet.subarray(8, 24));
    return [{ isOut: from === own, bytes: packet }];
  });
  return { packets };
}

/** Sends every first probe, then hears every answer of the capture. */
function replay(
  vector: Vector,
  key = vectorKey,
): { readonly probes: readonly Uint8Array[]; readonly verdicts: readonly string[] } {
  const technique = techniqueOf(vector.technique);
  const questions = new ListedQuestions(
    [technique],
    new Uint8Array(vector.ports.length),
    Uint16Array.from(vector.ports),
  );
  const told = new Map<number, string>();
  const engine = new PacketEngine(
    {
      phases: [{ kind: 'list', questions, rows: 1, limits: patient, firstAnswerSettles: false }],
      inOrder: true,
      key,
      variants: [{ ...plainVariant, ttl: vector.ttl, portBlock: vectorBlock, portBlockSize: 4096 }],
      payloadsFor,
      strayPorts: [],
      senderOf: () => 0,
      optionTable: new OptionTable(),
    },
    {
      observed: (_host, question, { code }) => {
        const { state, reason } = verdictOf(code);
        told.set(question, `${state} ${reason}`);
      },
      hostDone: () => undefined,
      blocked: () => undefined,
    },
    0,
  );
  const path = engine.sender.addPath({ family: vector.family, source: bytesOf(vector.source) });
  const order = new Permutation(questions.length, 1);
  engine.admit(0, 0, wordsOf(vector.target), { path, hop: { neighbour: 0 } }, { order }, 0);
  const outbox = new Collector();
  let nowUs = 0;
  const wanted = vector.ports.reduce((sum, port) => sum + variantsOf(technique, port), 0);
  for (; outbox.packets.length < wanted; nowUs += 1000) {
    engine.handleTimeout(nowUs);
    engine.pollTransmit(nowUs, outbox);
  }
  const reader = new PacketReader();
  const answers = capturedOf(vector).packets.filter(({ isOut }) => !isOut);
  // Errors first: those that come after the host's last answer are told when it has answered something sent later.
  for (const areErrors of [true, false]) {
    for (const { bytes } of answers) {
      const isRead = reader.read(bytes, 0, bytes.length);
      const isError = reader.protocol === ipProtocol.icmp || reader.protocol === ipProtocol.icmpv6;
      if (isRead && isError === areErrors) engine.handlePacket(reader, bytes, nowUs, bytes.length);
    }
  }
  const silence = verdictOf(verdictCode(technique.silence, 'no-response'));
  const verdicts = vector.ports.map((_, q) => told.get(q) ?? `${silence.state} ${silence.reason}`);
  return { probes: outbox.packets, verdicts };
}

/** How many packets one transmission takes. */
function variantsOf({ probe }: Technique, port: number): number {
  return probe.transport === 'udp' ? Math.max(1, payloadsFor(port).length) : 1;
}

class Collector implements Outbox {
  readonly bytes = new Uint8Array(2048);
  readonly offset = 0;
  readonly stride = 0;
  readonly hasRoom = true;
  readonly packets: Uint8Array[] = [];

  open(): void {}

  openRun(): number {
    return 0;
  }

  commitRun(): void {}

  commit(length: number): number {
    this.packets.push(this.bytes.slice(0, length));
    return 1;
  }
}

function bytesOf(text: string): Uint8Array {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`no address: ${text}`);
  return addressBytes(address);
}

function wordsOf(text: string): Uint32Array {
  const bytes = bytesOf(text);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Nothing is asked twice. */
const patient = { ...normalLimits, rtt: { initialUs: 1e9, minUs: 1e9, maxUs: 1e9 } };
