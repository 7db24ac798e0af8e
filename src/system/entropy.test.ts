import { expect, test } from 'vitest';
import { randomWords } from './entropy.ts';

// 256 bytes is what getrandom(2) gives at once for certain; more come from elsewhere.
test.each([0, 1, 64, 65, 1000])('%i random words: all of them filled, and others each time', (count) => {
  const words = randomWords(count);
  expect(words).toHaveLength(count);
  // That three of 32 bits each are alike by chance happens once in 2^64.
  if (count >= 3) expect(words.slice(-3)).not.toEqual(new Uint32Array(3));
  if (count >= 3) expect(randomWords(count).slice(-3)).not.toEqual(words.slice(-3));
});
