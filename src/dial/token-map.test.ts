import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenMap } from './token-map.ts';

test('token map: does what a Map does', () => {
  const step = fc.record({ token: fc.nat(5000), slot: fc.nat(100), take: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const map = new TokenMap();
      const model = new Map<number, number>();
      for (const { token, slot, take } of steps) {
        if (take) {
          expect(map.take(token)).toBe(model.get(token) ?? -1);
          model.delete(token);
        } else if (!model.has(token)) {
          map.set(token, slot);
          model.set(token, slot);
        }
        expect([map.size, map.slot(token)]).toEqual([model.size, model.get(token) ?? -1]);
      }
    }),
  );
});

test('token map: a token that has a slot, is negative or huge is a fault', () => {
  const map = new TokenMap();
  map.set(3, 1);
  expect(() => map.set(3, 2)).toThrow('token 3');
  expect(() => map.set(-1, 2)).toThrow('token -1');
  expect(() => map.set(2 ** 40, 2)).toThrow('no small integer');
});
