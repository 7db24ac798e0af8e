/**
 * The laws every codec is tested against. Test code.
 *
 * @module
 */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Codec, Malformed } from './codec.ts';

/** What is true of some codecs only. */
export interface LawOptions {
  /** Options run to the end of the packet, so a shorter packet may be whole. */
  readonly isOpenEnded?: boolean;
  /** Every byte that was parsed comes back when it is emitted. */
  readonly isExact?: boolean;
}

/** Checks a codec on sample headers, on every truncation of them, and on random and mutated bytes. */
export function checkLaws<Header>(
  codec: Codec<Header>,
  samples: readonly Header[],
  options: LawOptions = {},
): void {
  for (const sample of samples) checkSample(codec, sample, options);
  fc.assert(
    fc.property(hostileBytes(codec, samples), cut, cut, (bytes, head, tail) => {
      checkBytes(codec, bytes, Math.min(head, bytes.length), tail, options);
    }),
    { numRuns: 2000 },
  );
}

/** Text that a terminal shows as it is. */
export const printable = /^[\x20-\x7e]+$/;

/** Symmetry, bounds of `emit` in a dirty buffer, and every truncation. */
function checkSample<Header>(codec: Codec<Header>, sample: Header, options: LawOptions): void {
  const { name } = codec;
  const length = codec.length(sample);
  const dirty = new Uint8Array(length + 2 * margin).fill(dirt);
  const view = new DataView(dirty.buffer);
  codec.emit(sample, view, margin);
  assert.deepEqual(codec.parse(view, margin, margin + length), sample, `${name}: parse reverses emit`);
  assert.ok(length >= codec.minLength, `${name}: no header is shorter than the least length`);
  assert.ok(isDirt(dirty.subarray(0, margin)), `${name}: emit stays behind start`);
  assert.ok(isDirt(dirty.subarray(margin + length)), `${name}: emit stays before end`);
  assert.match(codec.describe(sample), printable, `${name}: the description is one printable line`);

  const clean = new Uint8Array(length);
  codec.emit(sample, new DataView(clean.buffer), 0);
  assert.deepEqual(dirty.slice(margin, margin + length), clean, `${name}: emit writes every byte`);

  for (let end = margin; end < margin + length; end++) {
    const isTooShort = end - margin < codec.minLength || options.isOpenEnded !== true;
    const parsed = codec.parse(view, margin, end);
    assert.ok(!isTooShort || parsed instanceof Malformed, `${name}: ${end - margin} bytes are too few`);
  }
}

/** Any bytes: no exception, nothing read outside, and what was understood can be written again. */
function checkBytes<Header>(
  codec: Codec<Header>,
  bytes: Uint8Array,
  head: number,
  tail: number,
  options: LawOptions,
): void {
  const { name } = codec;
  const end = Math.max(head, bytes.length - tail);
  const parsed = codec.parse(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), head, end);
  const poisoned = Uint8Array.from(bytes, (byte, i) => (i < head || i >= end ? ~byte : byte));
  assert.deepEqual(
    codec.parse(new DataView(poisoned.buffer), head, end),
    parsed,
    `${name}: bytes outside do not matter`,
  );
  // A view that ends where the packet ends throws on any read beyond it.
  const exact = bytes.slice(head, end);
  assert.deepEqual(
    codec.parse(new DataView(exact.buffer), 0, exact.length),
    parsed,
    `${name}: nothing is read past end`,
  );
  if (parsed instanceof Malformed) return;
  assert.match(codec.describe(parsed), printable);
  const again = new Uint8Array(codec.length(parsed));
  codec.emit(parsed, new DataView(again.buffer), 0);
  assert.deepEqual(
    codec.parse(new DataView(again.buffer), 0, again.length),
    parsed,
    `${name}: what was read can be written`,
  );
  if (options.isExact)
    assert.deepEqual(again, exact.subarray(0, again.length), `${name}: every byte comes back`);
}

/** Samples with a few bytes changed, and noise. */
function hostileBytes<Header>(codec: Codec<Header>, samples: readonly Header[]): fc.Arbitrary<Uint8Array> {
  const valid = samples.map((sample) => {
    const bytes = new Uint8Array(codec.length(sample) + 24);
    codec.emit(sample, new DataView(bytes.buffer), 0);
    return bytes;
  });
  return fc.oneof(fc.uint8Array({ maxLength: 96 }), mutated(fc.constantFrom(...valid)));
}

/** Packets with up to four bytes changed. */
export function mutated(packets: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
  return fc.tuple(packets, changes).map(([packet, edits]) => {
    const bytes = packet.slice();
    for (const [at, value] of edits) if (bytes.length > 0) bytes[at % bytes.length] = value;
    return bytes;
  });
}

function isDirt(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === dirt);
}

/** Bytes cut off at an end; often none, so that the packet's start is where the parser looks. */
const cut = fc.oneof(fc.constant(0), fc.nat(24));

const margin = 3;
const dirt = 0xa5;
