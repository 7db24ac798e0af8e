/**
 * Checksums of what comes: a wrong one tells a middlebox and proves nothing, and those that a kernel leaves to a card that
 * never comes are none.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chain, createLab, type Lab } from './lab/lab.ts';
import { portolan } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { ready, scriptCommand } from './lab/script.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('checksums of answers', () => {
  let lab: Lab<'liar' | 'honest'>;
  beforeAll(async () => {
    lab = await createLab({ targets: { liar: {}, honest: { tcp: '2,4', udp: '6' } } });
    const { namespace } = lab.targets.liar;
    namespace.nft(chain('input', ['meta l4proto { tcp, udp } drop']));
    await ready(namespace.name, namespace.spawn(scriptCommand('misprint-program.ts')));
  });
  afterAll(() => lab?.close());

  const scan = (name: 'liar' | 'honest', family: 'v4' | 'v6', ...args: readonly string[]) =>
    portolan(lab, ['-n', '-Pn', '--max-retries', '1', ...args, lab.targets[name][family]]);

  for (const family of ['v4', 'v6'] as const) {
    it.each([
      ['-sS', 'filtered', 'closed'],
      ['-sU', 'open|filtered', 'open'],
    ] as const)(
      `%s over IP${family}: a wrong one is no answer, and is counted and shown`,
      async (flag, even, odd) => {
        const found = await scan('liar', family, flag, '-p1-40');
        const states = [...found.ports()].map(([key, { state }]) => [Number(/\d+$/.exec(key)?.[0]), state]);
        expect(states).toHaveLength(40);
        for (const [port, state] of states as [number, string][])
          expect(state, `${port}`).toBe(port % 2 === 0 ? even : odd);
        expect(found.summary?.anomalies?.wrongChecksum).toBeGreaterThanOrEqual(20);
        expect(found.stderr).toContain(`from ${lab.targets.liar[family]} has a wrong checksum`);
      },
    );

    it(`over IP${family}: what a kernel has not computed is not wrong`, async () => {
      for (const flag of ['-sS', '-sU']) {
        const found = await scan('honest', family, flag, '-p1-8');
        expect(found.stderr).not.toContain('checksum');
        expect(found.summary?.anomalies?.wrongChecksum ?? 0).toBe(0);
        expect(found.summary?.ports.open).toBe(flag === '-sS' ? 2 : 1);
      }
    });
  }
});
