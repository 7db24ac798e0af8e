import { expect, test } from 'vitest';
import { firewallVariants } from './variants.ts';

test('a plan bears all variants, and each has a name of its own', () => {
  expect(firewallVariants.length).toBeLessThanOrEqual(63);
  expect(new Set(firewallVariants.map(({ name }) => name)).size).toBe(firewallVariants.length);
});

test('fragments are multiples of eight bytes, ports and hops are what their names say', () => {
  for (const { name, sourcePort, ttl, fragments } of firewallVariants) {
    if (sourcePort !== undefined) expect(name).toBe(`source-port ${sourcePort}`);
    if (ttl !== undefined) expect(name).toBe(`ttl ${ttl}`);
    if (fragments !== undefined) expect(fragments.sizes.every((size) => size % 8 === 0)).toBe(true);
  }
});
