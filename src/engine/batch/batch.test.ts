import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Permutation } from '../../base/permutation.ts';
import { writeIpv4Checksum } from '../../wire/checksum.ts';
import { PacketReader } from '../../wire/read-packet.ts';
import { isDamaged, writeTransportChecksum } from '../../wire/transport-checksum.ts';
import { Cookies, saltOf } from '../answers/cookie.ts';
import type { PathInfo } from '../probes/probe-writer.ts';
import { TcpWriter } from '../probes/tcp-writer.ts';
import { plainVariant, type Variant } from '../probes/variant.ts';
import { Batch, mostPackets } from './batch.ts';
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
  windows: plane(layout.windowAt),
  dontFragment: plane(layout.dontFragmentAt),
  ipIds: plane(layout.ipIdAt),
  wireBytes: plane(layout.wireBytesAt),
  seconds: plane(layout.secondsAt),
  nanoseconds: plane(layout.nanosecondsAt),
};
const slots = batch.take(64 * 2560) as Uint8Array;
const word = fc.integer({ min: 0, max: 0xffff_ffff });
const dresses: readonly Partial<Variant>[] = [
  {},
  { badChecksum: true, ttl: 7 },
  { data: Uint8Array.of(1, 2, 3, 4, 5), sourcePort: 53 },
  { data: new Uint8Array(1400).fill(0xa5), dontFragment: false },
  { ipOptions: Uint8Array.of(7, 7, 4, 0, 0, 0, 0, 0) },
  { ecn: 2, window: 4711, tcpOptions: Uint8Array.of(2, 4, 2, 24, 4, 2, 0, 0), flags: 0xc2 },
];
const plainDress: Variant = { ...plainVariant, portBlock: 40_000, portBlockSize: 1024 };
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
      (packets, path, variant, flags) => {
        const writer = new TcpWriter(path, { ...plainDress, ...variant }, flags);
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
  for (const variant of [{ ipOptions: route }, { data: new Uint8Array(2048) }]) {
    expect(new TcpWriter(paths[0]!, { ...plainDress, ...variant }, 2).template).toBeUndefined();
  }
});

/** The status of a frame whose checksums the kernel vouches for. */
const fine = 0x80;

/** A frame of a receive ring. */
function frame(
  packet: Uint8Array,
  change: { tag?: number; type?: number; kind?: number; status?: number } = {},
): Uint8Array {
  const bytes = new Uint8Array(layout.frameBytes);
  const view = new DataView(bytes.buffer);
  const kept = Math.min(packet.length, layout.frameBytes - 80);
  view.setUint32(0, (change.tag === undefined ? 1 : 0x11) | (change.status ?? 0), true);
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
    // Options are entered in a table, which a batch cannot.
    'TCP options': frame(changed(32, 0x60)),
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
        if (!readOne(frame(packet, { status: fine }))) return;
        plain++;
        expect(reader.read(packet, 0, packet.length) && reader.hasTransport && !reader.isFragment).toBe(true);
        expect([reader.family, reader.protocol, reader.sourcePort]).toEqual([4, 6, batch.ports[0]]);
        expect([reader.window, reader.ipId, reader.dontFragment ? 1 : 0]).toEqual([
          said.windows[0],
          said.ipIds[0],
          said.dontFragment[0],
        ]);
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

test('a wrong checksum is as wrong here as it is one packet at a time', () => {
  const reader = new PacketReader();
  const counts = { right: 0, wrong: 0 };
  const words = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(words, fc.integer({ min: 0, max: 39 }), fc.integer({ min: 0, max: 255 }), (own, at, flip) => {
      // What varies in an answer, then checksums that fit, then one byte that may have changed on the way.
      const packet = reset().slice(0, 40);
      const view = new DataView(packet.buffer);
      for (const [i, place] of [4, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 34].entries())
        view.setUint16(place, own[i]!);
      writeIpv4Checksum(packet, 0);
      writeTransportChecksum(packet, 4, 12, 6, 20, 40);
      packet[at]! ^= flip;
      if (!readOne(frame(packet, { status: fine }))) return;
      expect(reader.read(packet, 0, 40)).toBe(true);
      const isWrong = isDamaged(packet, reader);
      counts[isWrong ? 'wrong' : 'right']++;
      expect(readOne(frame(packet))).toBe(!isWrong);
      expect(readOne(frame(packet, { status: 0x08 }))).toBe(true);
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(counts.right, counts.wrong)).toBeGreaterThan(5);
});

test('what carries data is left to others where its checksum is to be verified', () => {
  const packet = Uint8Array.of(...reset().subarray(0, 40), 1, 2);
  packet[3] = 42;
  writeIpv4Checksum(packet, 0);
  writeTransportChecksum(packet, 4, 12, 6, 20, 42);
  expect([readOne(frame(packet)), readOne(frame(packet, { status: fine }))]).toEqual([false, true]);
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
