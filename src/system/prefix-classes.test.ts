import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Prefix, PrefixClasses } from './prefix-classes.ts';

/** The covering prefix of an address by trying all: what the partition must agree with. */
function mostSpecific(bits: number, prefixes: readonly Prefix[], value: bigint): string {
  const low = (length: number) => BigInt(bits - length);
  const covering = prefixes.filter(({ length, value: own }) => own >> low(length) === value >> low(length));
  const length = Math.max(0, ...covering.map((one) => one.length));
  return `${value >> low(length)}/${length}`;
}

for (const bits of [32, 128] as const) {
  test(`prefix classes of ${bits} bits: same class exactly when the most specific prefix is the same`, () => {
    // Few distinct bits, so that prefixes nest, touch and repeat.
    const value = fc
      .tuple(fc.constantFrom(0n, 1n, 2n, 3n, (1n << BigInt(bits)) - 1n), fc.nat(bits), fc.nat(3))
      .map(([base, shift, extra]) => ((base << BigInt(shift)) + BigInt(extra)) % (1n << BigInt(bits)));
    const prefix = fc.record({ value, length: fc.nat(bits) });
    fc.assert(
      fc.property(
        fc.array(prefix, { maxLength: 12 }),
        fc.array(value, { minLength: 2, maxLength: 12 }),
        (prefixes, values) => {
          const classes = new PrefixClasses(bits, prefixes);
          const names = new Map<number, string>();
          const edges = prefixes.flatMap(({ value: at }) => [at, at > 0n ? at - 1n : at]);
          for (const one of [...values, ...edges]) {
            const class_ = classes.classOf(one);
            const name = mostSpecific(bits, prefixes, one);
            expect(names.get(class_) ?? name).toBe(name);
            names.set(class_, name);
            expect(class_).toBeLessThan(classes.count);
            if (bits === 32) expect(classes.classOfV4(Number(one))).toBe(class_);
          }
          expect(new Set(names.values()).size).toBe(names.size);
        },
      ),
    );
  });
}

test('prefix classes: what is divided divides everything inside it, and nothing beside it', () => {
  const classes = new PrefixClasses(32, [
    { value: 0x0a00_0000n, length: 8, divided: true },
    { value: 0x0a01_0000n, length: 16 },
    { value: 0x0b00_0000n, length: 8 },
  ]);
  const isDivided = (value: number) => classes.isDivided(classes.classOfV4(value));
  expect([0x0a000001, 0x0a010001, 0x0b000001, 0x01010101].map(isDivided)).toEqual([true, true, false, false]);
});

test('prefix classes: a whole address is a class of one', () => {
  const classes = new PrefixClasses(32, [
    { value: 7n, length: 32 },
    { value: 8n, length: 31 },
  ]);
  expect([6, 7, 8].map((value) => classes.isSingle(classes.classOfV4(value)))).toEqual([false, true, false]);
});
