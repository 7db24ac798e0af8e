import { expect, test } from 'vitest';
import { arithmetic } from '../src/engine/batch/arithmetic.ts';
import { arithmeticText } from './make-arithmetic.mjs';

test('the committed module is what its source compiles to: else run node tools/make-arithmetic.mjs', async () => {
  expect(arithmetic === (await arithmeticText())).toBe(true);
});
