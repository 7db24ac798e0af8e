/**
 * Arguments without what follows `--key`: whoever keeps or tells them must not keep that.
 *
 * @module
 */

/** The same words; the value of `--key` is `***`, however the option is spelt. */
export function withoutKey(words: readonly string[]): readonly string[] {
  return words.map((word, i) =>
    keyOption.test(words[i - 1] ?? '') ? '***' : word.replace(/^(--?key?=).*/s, '$1***'),
  );
}

/** One dash or two, and cut short. */
const keyOption = /^--?key?$/;
