/** What a batch does with questions and their tasks. */

import { expect, test } from 'vitest';
import { Cookies } from '../answers/cookie.ts';
import { arrayOf, Batch, mostPackets } from './batch.ts';
import * as layout from './layout.ts';

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
    key: [3, 4] as const,
    salt: 0x301,
    portBase: 40_000,
    portMask: 1023,
    sequenceLength: 1,
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
  planes(layout.windowAt)[i] = flags > 255 ? 7 : 0;
  planes(layout.dontFragmentAt)[i] = 1 - (i & 1);
  planes(layout.ipIdAt)[i] = 500 + i;
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
  expect([own.taken, own.takenBytes, answers.count]).toEqual([3, 120, 3]);
  expect([...answers.questions.subarray(0, 3)]).toEqual([2, 0, 7]);
  expect([...answers.codes.subarray(0, 3)]).toEqual([0x207, 0x208, 0x309]);
  expect([...answers.ttls.subarray(0, 3)]).toEqual([60, 61, 62]);
  expect([...answers.flags.subarray(0, 3)]).toEqual([0x14, 4, 0x10]);
  expect([...answers.windows.subarray(0, 3)]).toEqual([0, 7, 0]);
  expect([...answers.dontFragment.subarray(0, 3)]).toEqual([1, 0, 1]);
  expect([...answers.ipIds.subarray(0, 3)]).toEqual([500, 501, 502]);
  expect([...answers.atUs.subarray(0, 3)]).toEqual([900e6, 900e6 + 1, 900e6 + 2]);
  // Its clock has 32 bits, and one wrapped since.
  expect([...answers.sentUs.subarray(0, 3)]).toEqual([12, 10, 17].map((task) => 999e6 + task - 2 ** 32));
  expect([...tables.states.subarray(10)]).toEqual([4, 1, 4, 1, 1, 1, 1, 4, 1, 1]);
  expect([...own.plain.subarray(0, 3)]).toEqual([1, 1, 1]);
});

test('times are whole microseconds: what left together has one time, whenever its answers came', () => {
  const bed = allAsked();
  const { own, at, planes } = bed;
  bed.tables.times.fill(880e6);
  for (const [i, port] of [101, 106, 102].entries()) answer(bed, i, port);
  for (let i = 0; i < 3; i++) planes(layout.nanosecondsAt)[i] = 1000 * i + 333 * i;
  own.settle(at, 0, 3, 10, 100e6, 950e6);
  expect([...own.answers.sentUs.subarray(0, 3)]).toEqual([880e6, 880e6, 880e6]);
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
  expect(own.answers.latestSentUs).toBe(885e6);
});

test('answers stand as records have them, by stretches that look alike', () => {
  const looks = [layout.flagsAt, layout.windowAt, layout.ttlAt, layout.dontFragmentAt];
  for (const other of [undefined, ...looks]) {
    const bed = allAsked();
    const { own, at, planes } = bed;
    for (let i = 0; i < 5; i++) {
      answer(bed, i, 101 + i);
      planes(layout.ttlAt)[i] = 64;
      planes(layout.dontFragmentAt)[i] = 1;
    }
    // The third is closed as well, in another way.
    if (other === layout.flagsAt) planes(other)[2] = 0x104;
    else if (other !== undefined) planes(other)[2]!++;
    own.settle(at, 0, 5, 10, 100e6, 950e6);
    const { answers } = own;
    expect([...answers.ends.subarray(0, answers.stretches)]).toEqual(other === undefined ? [5] : [2, 3, 5]);
    const items = new Uint32Array(answers.items.slice().buffer);
    for (let i = 0; i < 5; i++) {
      const rttUs = answers.atUs[i]! - answers.sentUs[i]!;
      expect([...items.subarray(3 * i, 3 * i + 3)]).toEqual([answers.questions[i], rttUs, 500 + i]);
    }
  }
});

test('what does not answer the only probe of a question of the first kind is not taken', () => {
  type Bed = ReturnType<typeof asked>;
  const spoilt: Record<string, (bed: Bed) => void> = {
    'a wrong acknowledgement': ({ planes }) => void planes(layout.saidAcknowledgementAt).set([0], 1),
    'one too far': ({ planes }) => void planes(layout.saidAcknowledgementAt)[1]!++,
    'its own number, but no reset': (bed) => {
      answer(bed, 1, 103, 0x10);
      bed.planes(layout.saidAcknowledgementAt)[1]!--;
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

test('a reset without ACK echoes the sequence number, others may acknowledge that of the probe', () => {
  const bed = allAsked();
  bed.tables.codes[4] = 0x207;
  answer(bed, 0, 102, 4);
  answer(bed, 1, 103);
  bed.planes(layout.saidAcknowledgementAt)[1]!--;
  bed.own.settle(bed.at, 0, 2, 10, 0, 1e12);
  expect([...bed.own.answers.questions.subarray(0, bed.own.answers.count)]).toEqual([1, 2]);
});

test('an answer that comes twice is taken twice and counts once', () => {
  const bed = allAsked();
  for (let i = 0; i < 2; i++) answer(bed, i, 102);
  bed.own.settle(bed.at, 0, 2, 10, 0, 1e12);
  expect([bed.own.taken, bed.own.answers.count]).toEqual([2, 1]);
});

test('what a port says behind something that is left to others is left to them as well', () => {
  const bed = allAsked();
  const { own, at, tables } = bed;
  for (const [i, port] of [103, 103, 104, 102].entries()) answer(bed, i, port, i === 0 ? 0x12 : 0x14);
  // An open port whose answer is not plain, as most are.
  own.frames.set(segmentFrom(0xc000_0201, 102));
  own.read(1);
  answer(bed, 3, 102);
  expect(own.settle(at, 0, 4, 10, 0, 1e12)).toBe(4);
  expect([...own.plain.subarray(0, 4)]).toEqual([0, 1, 1, 0]);
  answer(bed, 0, 105, 0x12);
  answer(bed, 1, 105);
  expect(own.settle(at, 0, 2, 10, 0, 1e12)).toBe(2);
  expect([...own.plain.subarray(0, 2)]).toEqual([0, 0]);
  expect([2, 1, 3, 4].map((question) => tables.states[10 + question])).toEqual([4, 1, 4, 1]);
});

/** A frame that holds a segment with options. */
function segmentFrom(address: number, port: number): Uint8Array {
  const bytes = new Uint8Array(layout.frameBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 14 + 44, true);
  view.setUint16(12, 66, true);
  view.setUint16(14, 80, true);
  view.setUint16(34, 0x0800);
  bytes.set([0x45, 0, 0, 44], 80);
  bytes[89] = 6;
  view.setUint32(92, address);
  view.setUint16(100, port);
  bytes[112] = 0x60;
  return bytes;
}

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
