/** Messages that were changed by chance: no parser throws, none reads past the end, all end soon. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Messages } from '../streams.ts';
import { isName, nameBytes, readName, skipName, writeName } from './domain-name.ts';
import { labelsOf } from './labels.ts';
import { answerId, echoOf, Response } from './response.ts';

const seedMessages = readFileSync(new URL('./messages.laws.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => Uint8Array.from(Buffer.from(line, 'hex')));

/** More of them: `npm run labs dns-fuzz`. */
const rounds = Number(process.env['FUZZ'] ?? 5_000);

const isShown = /^[\x20-\x7e]*$/;
const isSpelled = /^[\x21-\x7e]*$/;

test(`${rounds} changed messages`, { timeout: 100_000_000 }, () => {
  let state = Number(process.env['FUZZ_SEED'] ?? 1);
  const random = (bound: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  let read = 0;
  for (let round = 0; round < rounds; round++) {
    const seed = seedMessages[random(seedMessages.length)] as Uint8Array;
    // A guard behind the message shows whoever reads past its end.
    const bytes = Uint8Array.from(seed).subarray(0, random(4) === 0 ? random(seed.length) : seed.length);
    for (let changes = random(6); changes > 0 && bytes.length > 0; changes--)
      bytes[random(bytes.length)] = random(3) === 0 ? 0xc0 | random(4) : random(256);
    answerId(bytes);
    echoOf(bytes, bytes, 12, Math.max(0, Math.min(bytes.length - 12, random(40))), 1);
    const response = Response.read(bytes);
    if (response === undefined) continue;
    void response.ttl;
    for (const record of [...response.records, ...response.all()]) {
      read++;
      void record.data;
      // Words of the test library would take most of the time.
      const isRight = isShown.test(record.value) && isSpelled.test(record.name) && isName(record.name);
      if (!isRight) expect.fail(`${JSON.stringify(record)} of ${Buffer.from(bytes).toString('hex')}`);
    }
  }
  expect(read).toBeGreaterThan(0);
});

test('names read are names written, whatever octets they have', () => {
  for (let octet = 0; octet < 256; octet++) {
    const bytes = Uint8Array.of(2, octet, 0x61, 1, octet, 0);
    const text = readName(bytes, 0) as string;
    expect(labelsOf(text).length).toBe(2);
    const written = new Uint8Array(32);
    expect(writeName(text, written, 0)).toBe(6);
    expect(written.subarray(0, 6)).toEqual(bytes);
    expect(skipName(bytes, 0)).toBe(6);
  }
});

test('what is no name is none: loops, pointers forwards, too long, empty labels', () => {
  expect(readName(Uint8Array.of(0xc0, 0), 0)).toBeUndefined();
  expect(skipName(Uint8Array.of(0xc0, 2, 0xc0, 0), 0)).toBe(-1);
  expect(readName(Uint8Array.of(1, 0x61, 0xc0, 0), 0)).toBeUndefined();
  expect(readName(Uint8Array.of(0x40, 0x61), 0)).toBeUndefined();
  expect(skipName(Uint8Array.of(3, 0x61), 0)).toBe(-1);
  // A chain of pointers, each to the one before.
  const pointer = (i: number) => (i === 0 ? 0 : 2 * i - 1);
  const links = Array.from({ length: 300 }, (_, i) => [0xc0 | (pointer(i) >> 8), pointer(i) & 255]);
  const chain = Uint8Array.from([0, ...links.flat()]);
  expect(skipName(chain, chain.length - 2)).toBe(-1);
  for (const text of [
    'a..b',
    '.a',
    'a'.repeat(64),
    `${'a'.repeat(63)}.`.repeat(4),
    '\\256',
    'a\\',
    'ä\u0100',
  ])
    expect(nameBytes(text), text).toBeUndefined();
  expect(nameBytes(`${'a.'.repeat(127)}`)?.length).toBe(255);
});

test('a stream gives its messages however it is cut, each a copy', () => {
  const stream = Buffer.concat(
    [[3, 1, 2, 3], [0], [1, 9]].map((one) => Uint8Array.from([0, one.length, ...one])),
  );
  for (let size = 1; size <= stream.length; size++) {
    const messages = new Messages();
    const all: number[][] = [];
    for (let at = 0; at < stream.length; at += size)
      for (const one of messages.add(stream.subarray(at, at + size))) all.push([...one]);
    expect(all).toEqual([[3, 1, 2, 3], [0], [1, 9]]);
  }
});
