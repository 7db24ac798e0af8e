import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RangeSet } from '../base/range-set.ts';
import { choosePorts } from './choose-ports.ts';
import { groupTargets } from './group-targets.ts';

const choice = choosePorts({ targets: [], ports: '1-3' }, ['tcp']);

test('groups share no address, and each address is asked what its targets say', () => {
  const set = fc
    .array(fc.tuple(fc.nat(60), fc.nat(10)), { maxLength: 4 })
    .map((spans) =>
      RangeSet.of(spans.map(([first, more]) => ({ first: BigInt(first), last: BigInt(first + more) }))),
    );
  const named = fc.uniqueArray(fc.constantFrom('', '80', '443', '80-81,443'), { minLength: 1 });
  fc.assert(
    fc.property(named, fc.array(set, { minLength: 4, maxLength: 4 }), (names, sets) => {
      const byPorts = new Map(names.map((name, i) => [name, sets[i] as RangeSet]));
      const groups = groupTargets(byPorts, choice);
      for (let address = 0n; address < 80n; address++) {
        const wanted = new Set<number>();
        for (const [name, members] of byPorts) {
          if (!members.has(address)) continue;
          for (const port of name === '' ? choice.selection.tcp : choice.own(name).tcp) wanted.add(port);
        }
        const holding = groups.filter(({ targets }) => targets.has(address));
        expect(holding.length).toBe(wanted.size === 0 ? 0 : 1);
        expect([...(holding[0]?.ports.tcp ?? [])]).toEqual([...wanted].sort((a, b) => a - b));
      }
    }),
  );
});

test('a hundred thousand targets with ports are grouped without delay', () => {
  const byPorts = new Map(
    Array.from({ length: 500 }, (_, i): [string, RangeSet] => [
      `${i + 1}`,
      RangeSet.of(
        Array.from({ length: 200 }, (_, j) => ({ first: BigInt(j * 1000 + i), last: BigInt(j * 1000 + i) })),
      ),
    ]),
  );
  expect(groupTargets(byPorts, choice)).toHaveLength(500);
});
