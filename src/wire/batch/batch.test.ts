import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Permutation } from '../../base/permutation.ts';
import { Cookies, saltOf } from '../../engine/cookie.ts';
import type { Dress, PathInfo } from '../../engine/probes/probe-writer.ts';
import { TcpWriter } from '../../engine/probes/tcp-writer.ts';
import { PacketReader } from '../read-packet.ts';
import { arrayOf, Batch, mostPackets, ringFrameBytes } from './batch.ts';
import * as layout from './layout.ts';

const batch = Batch.open() as Batch;
const plane = (at: number) => new Uint32Array(batch.frames.buffer, at, mostPackets);
const said = {
  sequences: plane(layout.sequenceAt),
  extras: plane(layout.extraAt),
  localPorts: plane(layout.localPortAt),
  flags: plane(layout.flagsAt),
  saidSequences: plane(layout.saidSequenceAt),
  saidAcknowledgements: plane(layout.saidAcknowledgementAt),
  ttls: plane(layout.ttlAt),
  wireBytes: plane(layout.wireBytesAt),
  seconds: plane(layout.secondsAt),
  nanoseconds: plane(layout.nanosecondsAt),
};
const slots = batch.take(64 * 2560) as Uint8Array;
const word = fc.integer({ min: 0, max: 0xffff_ffff });
const dresses: readonly Partial<Dress>[] = [
  {},
  { badChecksum: true, ttl: 7 },
  { data: Uint8Array.of(1, 2, 3, 4, 5), sourcePort: 53 },
  { data: new Uint8Array(1400).fill(0xa5), mayFragment: true },
  { ipOptions: Uint8Array.of(7, 7, 4, 0, 0, 0, 0, 0) },
];
const plainDress: Dress = {
  ttl: 64,
  data: new Uint8Array(0),
  badChecksum: false,
  ipOptions: new Uint8Array(0),
  sourcePort: -1,
  portBlock: 40_000,
  portBlockSize: 1024,
  mayFragment: false,
};
const paths: readonly PathInfo[] = [
  { family: 4, source: Uint8Array.of(192, 0, 2, 1) },
  { family: 6, source: Uint8Array.from({ length: 16 }, (_, i) => 0xfe - 7 * i) },
];

/** Lets a batch hold these packets, and returns their addresses as the table of hosts has them. */
function fill(packets: readonly (readonly number[])[], words: number): Uint32Array {
  const addresses = new Uint32Array(4 * packets.length);
  for (const [i, [port = 0, attempt = 0, ...address]] of packets.entries()) {
    for (let w = 0; w < words; w++) {
      addresses[4 * i + w] = address[w]!;
      batch.addresses[w * mostPackets + i] = address[w]!;
    }
    batch.ports[i] = port & 0xffff;
    batch.salts[i] = saltOf(1, 2, attempt & 255);
  }
  return addresses;
}

const somePackets = fc.array(fc.array(word, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 40 });

test('cookies are those of one packet at a time', () => {
  fc.assert(
    fc.property(somePackets, word, word, fc.constantFrom(1, 4), (packets, k0, k1, words) => {
      const cookies = new Cookies(k0, k1);
      const addresses = fill(packets, words);
      batch.cookies(packets.length, words, cookies.key);
      for (const i of packets.keys()) {
        cookies.compute(addresses, 4 * i, words, batch.ports[i]!, batch.salts[i]!);
        expect([said.sequences[i], said.extras[i]]).toEqual([cookies.sequence, cookies.extra]);
      }
    }),
  );
});

test('elements are those of the permutation, for whatever stood behind them', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 2 ** 32 - 1 }));
  fc.assert(
    fc.property(
      size,
      word,
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true }), { minLength: 1, maxLength: 30 }),
      (size, seed, places) => {
        const order = new Permutation(size, seed);
        const indices = places.map((place) => Math.floor(place * size));
        batch.elements.fill(0xffff_fff0);
        batch.elements.set(indices);
        batch.permute(indices.length, order);
        expect([...batch.elements.subarray(0, indices.length)]).toEqual(
          indices.map((index) => order.at(index)),
        );
      },
    ),
  );
});

test('probes are those of the writer, byte for byte', () => {
  fc.assert(
    fc.property(
      somePackets,
      fc.constantFrom(...paths),
      fc.constantFrom(...dresses),
      fc.constantFrom(2, 1, 16, 0),
      (packets, path, dress, flags) => {
        const writer = new TcpWriter(path, { ...plainDress, ...dress }, flags);
        const { template } = writer;
        if (template === undefined) throw new Error('no template');
        const addresses = fill(packets, template.words);
        const cookies = new Cookies(1, 2);
        batch.cookies(packets.length, template.words, cookies.key);
        batch.craft(packets.length, template, slots, 6, 1600);
        const one = new Uint8Array(1600);
        for (const i of packets.keys()) {
          cookies.compute(addresses, 4 * i, template.words, batch.ports[i]!, batch.salts[i]!);
          const length = writer.write(one, 0, addresses, 4 * i, batch.ports[i]!, cookies);
          const at = 6 + 1600 * i;
          expect([...slots.subarray(at, at + length)]).toEqual([...one.subarray(0, length)]);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('a probe whose destination stands in an option, or that is too long, has no template', () => {
  const route = Uint8Array.of(131, 7, 4, 10, 0, 0, 1, 0);
  for (const dress of [{ ipOptions: route }, { data: new Uint8Array(2048) }]) {
    expect(new TcpWriter(paths[0]!, { ...plainDress, ...dress }, 2).template).toBeUndefined();
  }
});

/** A frame of a receive ring. */
function frame(packet: Uint8Array, change: { tag?: number; type?: number; kind?: number } = {}): Uint8Array {
  const bytes = new Uint8Array(ringFrameBytes);
  const view = new DataView(bytes.buffer);
  const kept = Math.min(packet.length, ringFrameBytes - 80);
  view.setUint32(0, change.tag === undefined ? 1 : 0x11, true);
  view.setUint32(4, 14 + packet.length, true);
  view.setUint32(8, 14 + kept, true);
  view.setUint16(12, 66, true);
  view.setUint16(14, 80, true);
  view.setUint32(16, 1_700_000_000, true);
  view.setUint32(20, 123_456_789, true);
  view.setUint16(24, change.tag ?? 0, true);
  view.setUint16(34, change.type ?? 0x0800);
  view.setUint8(42, change.kind ?? 0);
  bytes.set(packet.subarray(0, kept), 80);
  return bytes;
}

function reset(): Uint8Array {
  const bytes = new Uint8Array(46);
  new TcpWriter(
    { family: 4, source: Uint8Array.of(192, 0, 2, 9) },
    { ...plainDress, portBlock: 80, portBlockSize: 1 },
    0x14,
  ).write(bytes, 0, Uint32Array.of(0xc000_0201), 0, 40_007, new Cookies(5, 6));
  return bytes;
}

function readOne(bytes: Uint8Array): boolean {
  batch.frames.set(bytes);
  batch.read(1);
  return batch.plain[0] === 1;
}

test('a plain segment is read as the reader reads it', () => {
  const packet = reset();
  const reader = new PacketReader();
  reader.read(packet, 0, packet.length);
  expect(readOne(frame(packet))).toBe(true);
  expect(batch.addresses[0]).toBe(0xc000_0209);
  expect([batch.ports[0], said.localPorts[0]]).toEqual([reader.sourcePort, reader.destinationPort]);
  expect([said.saidSequences[0], said.saidAcknowledgements[0]]).toEqual([
    reader.sequence,
    reader.acknowledgement,
  ]);
  expect(said.flags[0]).toBe(reader.tcpFlags | (reader.window > 0 ? 256 : 0));
  expect([said.ttls[0], said.wireBytes[0]]).toEqual([64, 46]);
  expect([said.seconds[0], said.nanoseconds[0]]).toEqual([1_700_000_000, 123_456_789]);
});

test('what is not plain is left to others', () => {
  const whole = reset();
  const changed = (at: number, value: number) => whole.with(at, value);
  expect(readOne(frame(whole, { tag: 0 }))).toBe(true);
  const others = {
    'a tag of a VLAN': frame(whole, { tag: 5 }),
    'our own copy': frame(whole, { kind: 4 }),
    'another protocol': frame(whole, { type: 0x0806 }),
    IPv6: frame(changed(0, 0x65)),
    'IP options': frame(changed(0, 0x46)),
    UDP: frame(changed(9, 17)),
    'a fragment': frame(changed(6, 0x20)),
    'a later fragment': frame(changed(7, 1)),
    'a header too short': frame(changed(32, 0x40)),
    'a header too long': frame(changed(32, 0xf0)),
    'a length below two headers': frame(changed(3, 39)),
    'a length beyond the frame': frame(changed(3, 47)),
    cut: frame(whole.subarray(0, 39)),
  };
  for (const [name, bytes] of Object.entries(others)) expect(readOne(bytes), name).toBe(false);
});

test('whatever stands in a frame, what is called plain the reader reads alike', () => {
  const reader = new PacketReader();
  let plain = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 79 }), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
      fc.uint8Array({ maxLength: 120 }),
      (changes, tail) => {
        const packet = Uint8Array.of(...reset(), ...tail);
        for (const [at, value] of changes) if (at < packet.length) packet[at] = value;
        if (!readOne(frame(packet))) return;
        plain++;
        expect(reader.read(packet, 0, packet.length) && reader.hasTransport && !reader.isFragment).toBe(true);
        expect([reader.family, reader.protocol, reader.sourcePort]).toEqual([4, 6, batch.ports[0]]);
        expect([reader.tcpFlags & 255, reader.sequence]).toEqual([
          said.flags[0]! & 255,
          said.saidSequences[0],
        ]);
      },
    ),
    { numRuns: 2000 },
  );
  expect(plain).toBeGreaterThan(100);
});

/** Ten questions of ports 101 to 110, the last two of another kind, for two hosts. */
function asked() {
  const own = Batch.open(1 << 20) as Batch;
  const byPort = arrayOf(Int32Array, 65_536, own).fill(-1);
  const ports = arrayOf(Uint16Array, 10, own);
  for (let q = 0; q < 10; q++) {
    ports[q] = 101 + q;
    byPort[101 + q] = q;
  }
  const tables = {
    byPort,
    ports,
    codes: arrayOf(Uint16Array, 512, own),
    states: arrayOf(Uint8Array, 20, own),
    attempts: arrayOf(Uint8Array, 20, own),
    times: arrayOf(Uint32Array, 20, own),
    links: arrayOf(Int32Array, 20, own).fill(-2),
    alike: 8,
    outstanding: 1,
    settled: 4,
    open: 1,
    closed: 2,
    key: [3, 4] as const,
    salt: 0x301,
    portBase: 40_000,
    portMask: 1023,
    dataBytes: 5,
  };
  tables.codes[0x14] = 0x207;
  tables.codes[0x104] = 0x208;
  tables.codes[0x12] = 0x101;
  tables.codes[0x10] = 0x309;
  const at = own.table(tables);
  if (at === undefined) throw new Error('no room for the tables');
  const planes = (plane: number) => new Uint32Array(own.frames.buffer, plane, mostPackets);
  return { own, at, tables, planes };
}

test('questions begin up to the first of another kind, and enter the list unless they stand in one', () => {
  const { own, at, tables } = asked();
  tables.links[13] = 5;
  own.elements.set([6, 3, 0, 9, 1]);
  expect(own.begin(at, 5, 10, 2 ** 32 + 77, 19)).toBe(3);
  expect([...own.ports.subarray(0, 3)]).toEqual([107, 104, 101]);
  expect([...tables.states]).toEqual(
    Array.from({ length: 20 }, (_, i) => ([16, 13, 10].includes(i) ? 1 : 0)),
  );
  expect([...tables.attempts]).toEqual([...tables.states]);
  expect([tables.times[16], tables.times[13], tables.times[10]]).toEqual([77, 77, 77]);
  expect([tables.links[16], tables.links[13], tables.links[10]]).toEqual([19, 5, 16]);
  expect([own.head, own.hooked]).toEqual([10, 2]);
});

/** Lets an answer stand at a place of the batch that carries the cookie of the probe to its port. */
function answer(
  { own, planes, tables }: ReturnType<typeof asked>,
  i: number,
  port: number,
  flags = 0x14,
): void {
  const cookies = new Cookies(...tables.key);
  cookies.compute(Uint32Array.of(0xc000_0201), 0, 1, port, tables.salt);
  own.plain[i] = 1;
  own.addresses[i] = 0xc000_0201;
  own.ports[i] = port;
  planes(layout.localPortAt)[i] = 40_000 + (cookies.extra & 1023);
  planes(layout.flagsAt)[i] = flags;
  planes(layout.saidAcknowledgementAt)[i] = cookies.sequence + 1;
  planes(layout.saidSequenceAt)[i] = cookies.sequence;
  planes(layout.ttlAt)[i] = 60 + i;
  planes(layout.wireBytesAt)[i] = 40;
  planes(layout.secondsAt)[i] = 1000;
  planes(layout.nanosecondsAt)[i] = 1000 * i;
}

/** All asked once, one microsecond after the other from second 999 on. */
function allAsked() {
  const bed = asked();
  bed.tables.states.fill(1);
  bed.tables.attempts.fill(1);
  for (let task = 0; task < 20; task++) bed.tables.times[task] = 999e6 + task;
  return bed;
}

test('answers are taken with what they say, and their tasks are settled', () => {
  const bed = allAsked();
  const { own, at, tables } = bed;
  for (const [i, [port, flags]] of [[103], [101, 0x104], [108, 0x10]].entries()) answer(bed, i, port!, flags);
  expect(own.settle(at, 0, 3, 10, 100e6, 950e6)).toBe(3);
  const { answers } = own;
  expect([own.taken, own.takenBytes, answers.count, answers.refusals, answers.otherTask]).toEqual([
    3, 120, 3, 2, 17,
  ]);
  expect([...answers.questions.subarray(0, 3)]).toEqual([2, 0, 7]);
  expect([...answers.codes.subarray(0, 3)]).toEqual([0x207, 0x208, 0x309]);
  expect([...answers.ttls.subarray(0, 3)]).toEqual([60, 61, 62]);
  expect([...answers.atUs.subarray(0, 3)]).toEqual([900e6, 900e6 + 1, 900e6 + 2]);
  // Its clock has 32 bits, and one wrapped since.
  expect([...answers.sentUs.subarray(0, 3)]).toEqual([12, 10, 17].map((task) => 999e6 + task - 2 ** 32));
  expect([...tables.states.subarray(10)]).toEqual([4, 1, 4, 1, 1, 1, 1, 4, 1, 1]);
  expect([...own.plain.subarray(0, 3)]).toEqual([1, 1, 1]);
});

test('an answer never comes later than now, and the latest probe is told', () => {
  const bed = allAsked();
  const { own, at } = bed;
  bed.tables.times.fill(880e6);
  bed.tables.times[15] = 885e6;
  for (const [i, port] of [101, 106, 102].entries()) answer(bed, i, port);
  own.settle(at, 0, 3, 10, 100e6, 890e6);
  expect([...own.answers.atUs.subarray(0, 3)]).toEqual([890e6, 890e6, 890e6]);
  expect([...own.answers.sentUs.subarray(0, 3)]).toEqual([880e6, 885e6, 880e6]);
  expect([own.answers.latestSentUs, own.answers.otherTask]).toEqual([885e6, -1]);
});

test('what does not answer the only probe of a question of the first kind is not taken', () => {
  type Bed = ReturnType<typeof asked>;
  const spoilt: Record<string, (bed: Bed) => void> = {
    'a wrong acknowledgement': ({ planes }) => void planes(layout.saidAcknowledgementAt).set([0], 1),
    'one too far': ({ planes }) => {
      planes(layout.saidAcknowledgementAt)[1]! += 7;
    },
    'a wrong port here': ({ planes }) => void planes(layout.localPortAt)[1]!++,
    'a port nobody asked about': ({ own }) => void own.ports.set([99], 1),
    'a question of another kind': (bed) => answer(bed, 1, 109),
    'a question asked again': ({ tables }) => void tables.attempts.set([2], 12),
    'a question that waits': ({ tables }) => void tables.states.set([2], 12),
    'an open port': (bed) => answer(bed, 1, 103, 0x12),
    'flags without a meaning': (bed) => answer(bed, 1, 103, 0x18),
    'a SYN alone': (bed) => {
      bed.tables.codes[2] = 0x207;
      answer(bed, 1, 103, 2);
    },
    'a reset with a wrong number': (bed) => {
      bed.tables.codes[4] = 0x207;
      answer(bed, 1, 103, 4);
      bed.planes(layout.saidSequenceAt)[1]!++;
    },
  };
  for (const [name, spoil] of Object.entries(spoilt)) {
    const bed = allAsked();
    const { own, at, tables } = bed;
    for (const [i, port] of [102, 103, 104].entries()) answer(bed, i, port);
    spoil(bed);
    expect(own.settle(at, 0, 3, 10, 0, 1e12)).toBe(3);
    expect([...own.plain.subarray(0, 3)], name).toEqual([1, 0, 1]);
    expect([...own.answers.questions.subarray(0, own.answers.count)], name).toEqual([1, 3]);
    expect(tables.states[12], name).not.toBe(4);
  }
});

test('a reset without ACK echoes the sequence number, and probes with data are acknowledged with it', () => {
  const bed = allAsked();
  bed.tables.codes[4] = 0x207;
  answer(bed, 0, 102, 4);
  answer(bed, 1, 103);
  bed.planes(layout.saidAcknowledgementAt)[1]! += 6;
  bed.own.settle(bed.at, 0, 2, 10, 0, 1e12);
  expect([...bed.own.answers.questions.subarray(0, bed.own.answers.count)]).toEqual([1, 2]);
});

test('an answer that comes twice is taken twice and counts once', () => {
  const bed = allAsked();
  for (let i = 0; i < 2; i++) answer(bed, i, 102);
  bed.own.settle(bed.at, 0, 2, 10, 0, 1e12);
  expect([bed.own.taken, bed.own.answers.count]).toEqual([2, 1]);
});

test('it stops at another address, and passes over what is not plain', () => {
  const bed = allAsked();
  const { own, at } = bed;
  for (let i = 0; i < 6; i++) answer(bed, i, 101 + i);
  own.plain[2] = 0;
  own.addresses[2] = 7;
  own.addresses[4] = 8;
  expect(own.settle(at, 1, 6, 10, 0, 1e12)).toBe(4);
  expect([...own.answers.questions.subarray(0, own.answers.count)]).toEqual([1, 3]);
  expect([...own.plain.subarray(0, 6)]).toEqual([1, 1, 0, 1, 1, 1]);
  expect(own.dismiss(4, 6)).toBe(5);
  expect([...own.plain.subarray(0, 6)]).toEqual([1, 1, 0, 1, 0, 1]);
});

test('tables that stand elsewhere are refused', () => {
  const { own, tables } = asked();
  expect(own.table({ ...tables, times: new Uint32Array(20) })).toBeUndefined();
});

test('memory is handed out until there is none', () => {
  const own = Batch.open() as Batch;
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = own.take(500_001);
    if (piece === undefined) break;
    pieces.push(piece);
  }
  expect(pieces.length).toBeGreaterThan(6);
  for (const [i, piece] of pieces.entries()) {
    expect([piece.byteOffset % 64, piece.length, own.owns(piece)]).toEqual([0, 500_001, true]);
    expect(piece.byteOffset).toBeGreaterThan(i === 0 ? 0 : pieces[i - 1]!.byteOffset + 500_000);
  }
  expect(own.owns(new Uint8Array(1))).toBe(false);
});
