/** Chosen elements first, every element once. @module */

import { expect, test } from 'vitest';
import { Permutation } from '../../base/permutation.ts';
import { Batch } from '../batch/batch.ts';
import { HeadStart } from './head-start.ts';

const batch = Batch.open();

test.each([
  [10, [3, 7], 0],
  [10, [0, 1, 2, 3, 4, 5, 6, 7, 8], 4],
  [5000, Array.from({ length: 64 }, (_, i) => (i * 77) % 5000), 7919 * 3],
])('of %d elements those chosen come first, and each comes once', (size, first, shift) => {
  const order = new Permutation(size, 5);
  const head = new HeadStart(order, Uint32Array.from(first));
  const all = Array.from({ length: size }, (_, i) => head.at(i, shift));
  expect(new Set(all.slice(0, head.size))).toEqual(new Set(first));
  expect(new Set(all).size).toBe(size);
  if (shift === 0 || first.length === size - 1) return;
  expect(all.slice(head.size)).not.toEqual(all.slice(head.size).sort((a, b) => a - b));
});

test('a batch is filled with the same, in runs that end at the seams', () => {
  if (batch === undefined) throw new Error('no WebAssembly with vector instructions here');
  const size = 3000;
  const head = new HeadStart(
    new Permutation(size, 9),
    Uint32Array.from({ length: 50 }, (_, i) => 59 * i),
  );
  for (const shift of [0, 1234, 7919]) {
    const filled: number[] = [];
    while (filled.length < size) {
      const count = head.fill(filled.length, Math.min(200, size - filled.length), shift, batch);
      expect(count).toBeGreaterThan(0);
      filled.push(...batch.elements.subarray(0, count));
    }
    expect(filled).toEqual(Array.from({ length: size }, (_, i) => head.at(i, shift)));
  }
});
