import { describe, expect, test } from 'vitest';
import { saltOf } from '../../engine/answers/cookie.ts';
import { makeWriter } from '../../engine/probes/make-writer.ts';
import { markCode } from '../../engine/probes/mark.ts';
import { cookiesFor } from '../../engine/probes/marked-cookies.ts';
import { plainVariant, type Variant } from '../../engine/probes/variant.ts';
import { firewallVariants } from '../../firewall/variants.ts';
import { fragment } from '../../link/fragment.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import { portTechniques } from '../../techniques/index.ts';
import { payloadsFor, udpPayloads } from '../../techniques/payloads/index.ts';
import { PacketReader } from '../../wire/read-packet.ts';
import { codeOf, wordsOf } from '../shard/mark-codes.ts';
import { MarkReader, type ReadMark } from './mark-reader.ts';
import { Reassembly } from './reassembly.ts';

const key = [0x1234_5678, 0x9abc_def0] as const;
const reader = new PacketReader();

/** The packets of one transmission. */
function probes(
  name: PortTechniqueName,
  port: number,
  {
    family = 4,
    change = {},
    seed = 1,
    by = key,
  }: {
    readonly family?: 4 | 6;
    readonly change?: Partial<Variant>;
    readonly seed?: number;
    readonly by?: readonly [number, number];
  } = {},
): readonly Uint8Array[] {
  const variant: Variant = { ...plainVariant, portBlock: 0xf000, portBlockSize: 4096, ...change };
  const cookies = cookiesFor({
    key: [seed, 2],
    variants: [variant],
    mark: { key: by, run: 5, codes: [codeOf({ ...variant, portBlock: 0, portBlockSize: 1 })] },
  });
  const technique = portTechniques[name];
  const path = { family, source: new Uint8Array(family === 4 ? 4 : 16).fill(7) };
  const writer = makeWriter(technique, path, variant, payloadsFor);
  const words = Uint32Array.of(0x0a00_0005, 1, 2, 3);
  cookies.compute(words, 0, family === 4 ? 1 : 4, port, saltOf(1, 0, seed));
  cookies.dress(technique, 0, port);
  return Array.from({ length: writer.packets(port) }, (_, i) => {
    const bytes = new Uint8Array(2048);
    return bytes.slice(0, writer.write(bytes, 0, words, 0, port, cookies, i));
  });
}

function read(packet: Uint8Array, by: readonly [number, number] = key): ReadMark | undefined {
  return reader.read(packet, 0, packet.length) ? new MarkReader(by).read(reader, packet) : undefined;
}

/** What a translator of addresses does. */
function translated(packet: Uint8Array, family: 4 | 6): Uint8Array {
  const bytes = packet.slice();
  const [source, length, transport] = family === 4 ? [12, 8, 20] : [8, 32, 40];
  for (let i = 0; i < length; i++) bytes[source + i] = 99 + i;
  bytes[transport] = 0x30;
  bytes[transport + 1] = 0x39;
  return bytes;
}

describe.each([4, 6] as const)('over IPv%i', (family) => {
  test.each(['syn', 'ack', 'fin', 'null', 'xmas', 'maimon', 'window'] as const)(
    '%s probes are known, whoever translates their addresses, and by nobody without the key',
    (name) => {
      for (let seed = 1; seed < 40; seed++) {
        const [packet] = probes(name, 25, { family, seed }) as [Uint8Array];
        expect(read(translated(packet, family))).toMatchObject({ port: 25, code: 0, sourcePort: 0 });
        expect((read(packet)?.counter as number) >>> 5).toBe(5);
        expect(read(packet, [key[0], key[1] + 1])).toBeUndefined();
        for (const at of [1, 2, 4, 7, 13, 15]) {
          const other = packet.slice();
          const place = (family === 4 ? 20 : 40) + at;
          other[place] = (other[place] as number) ^ 1;
          // The source port counts for nothing; bits for congestion are not read.
          if (at !== 1) expect(read(other)).toBeUndefined();
        }
      }
    },
  );

  test('datagrams are known on every port that has a payload of its own, and on others', () => {
    const ports = new Set([...udpPayloads.flatMap((one) => one.ports), 9, 5000, 65_535]);
    for (const port of ports) {
      for (const packet of probes('udp', port, { family, seed: port })) {
        const mark = read(translated(packet, family));
        expect(mark, `port ${port}`).toMatchObject({ flags: -1, port, code: 0 });
        expect(read(packet, [key[0], key[1] + 1]), `port ${port}`).toBeUndefined();
      }
    }
  });

  test('data of the user’s own bears a mark behind it', () => {
    const [packet] = probes('udp', 53, { family, change: { data: Uint8Array.of(1, 2, 3) } }) as [Uint8Array];
    expect(read(packet)).toMatchObject({ port: 53 });
    expect(wordsOf(read(packet)?.code as number, 0)).toBe('other');
  });

  test('a source port that no table has is told as it was, whatever it has become', () => {
    for (const sourcePort of [1, 1234, 40_000, 65_535]) {
      const [packet] = probes('syn', 25, { family, change: { sourcePort } }) as [Uint8Array];
      const mark = read(translated(packet, family)) as ReadMark;
      expect(wordsOf(mark.code, mark.sourcePort)).toBe(`source-port ${sourcePort}`);
      const [datagram] = probes('udp', 9, { family, change: { sourcePort } }) as [Uint8Array];
      expect(read(translated(datagram, family))).toMatchObject({ sourcePort });
    }
  });
});

test('every variant of the firewall’s table is told by its name', () => {
  expect(firewallVariants.length).toBeLessThanOrEqual(markCode.lastListed);
  for (const { name, ...change } of firewallVariants) {
    // What differs in time alone looks plain.
    if (Object.keys(change).every((field) => field === 'spacingMs')) continue;
    const [packet] = probes('syn', 25, { change }) as [Uint8Array];
    const mark = read(packet) as ReadMark;
    expect(wordsOf(mark.code, mark.sourcePort)).toBe(name);
  }
});

test('of what others send nothing is known', () => {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  for (let i = 0; i < 20_000; i++) {
    const [packet] = probes(i % 2 === 0 ? 'syn' : 'udp', i % 4 === 1 ? 53 : 9, { by: [i, 77] }) as [
      Uint8Array,
    ];
    for (let at = 4; at < 6; at++) packet[at] = random();
    for (let at = 24; at < 28; at++) packet[at] = i % 2 === 0 ? random() : (packet[at] as number);
    expect(read(packet)).toBeUndefined();
  }
});

describe('fragments', () => {
  const syn = (family: 4 | 6) =>
    probes('syn', 25, { family, change: { dontFragment: false } })[0] as Uint8Array;
  const take = (pieces: readonly Uint8Array[], reassembly = new Reassembly()) =>
    pieces.map((piece) => {
      expect(reader.read(piece, 0, piece.length)).toBe(true);
      const whole = reassembly.take(reader, piece, 0);
      return whole && read(whole);
    });

  test.each([
    [4, 8, 'forward'],
    [4, 16, 'backward'],
    [6, 8, 'backward'],
    [6, 24, 'forward'],
  ] as const)('over IPv%i of %i bytes, %s: known when the last has come', (family, size, order) => {
    const pieces = fragment(syn(family), { sizes: [size], order }, 77);
    const marks = take(pieces);
    expect(marks.at(-1)).toMatchObject({ port: 25 });
    expect(marks.slice(0, -1).every((one) => one === undefined)).toBe(true);
  });

  test('one that is missing keeps the rest from being known', () => {
    const pieces = fragment(syn(4), { sizes: [8], order: 'forward' }, 77);
    for (let missing = 0; missing < pieces.length; missing++)
      expect(take(pieces.filter((_, i) => i !== missing)).every((one) => one === undefined)).toBe(true);
  });

  test('a flood of others pushes them out, and no more than that is kept', () => {
    const reassembly = new Reassembly();
    const pieces = fragment(syn(4), { sizes: [8], order: 'forward' }, 77);
    take(pieces.slice(0, 1), reassembly);
    for (let i = 0; i < 300; i++) {
      const [other] = fragment(syn(4), { sizes: [8], order: 'forward' }, 77) as [Uint8Array];
      const changed = other.slice();
      changed[4] = i >> 8;
      changed[5] = i;
      changed[15] = 200;
      take([changed], reassembly);
    }
    expect(take(pieces.slice(1), reassembly).every((one) => one === undefined)).toBe(true);
  });
});
