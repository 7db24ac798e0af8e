/**
 * Stacks that are not this kernel's, one after the other: none is called what it is not, by whatever it is asked, and
 * none is asked more than thirty packets more.
 *
 * @module
 */

import { afterEach, describe, expect, it } from 'vitest';
import type { OsFact } from '../../src/model/os-fact.ts';
import { portolanIn, type Scanned, summaryOf } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { isThere, realStacks, type StackLab } from '../net/lab/stacks.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('stacks', () => {
  let lab: StackLab | undefined;
  afterEach(() => lab?.close());

  for (const stack of realStacks)
    it.skipIf(!isThere(stack))(
      `${stack.name}, by both families, with -O and without, also where one port alone is let through`,
      async () => {
        lab = await stack.start();
        const { scanner, addresses, filter } = lab;
        for (const isFiltered of [false, true]) {
          if (isFiltered) filter();
          for (const address of addresses) {
            const scan = (...args: readonly string[]) =>
              portolanIn(scanner, ['-n', '--no-keep', ...args, address]);
            const plain = await scan('-p22,80,81');
            const asked = await scan('-O', '-p22,80,81');
            for (const run of [plain, asked]) {
              const what = `${address}${isFiltered ? ', filtered' : ''}${run === asked ? ', -O' : ''}`;
              const [system, ...others] = systemsOf(run);
              expect(others, what).toEqual([]);
              const { family, generation } = stack;
              expect(system?.matches[0], what).toMatchObject({ family, ...(generation && { generation }) });
              expect(system?.matches[0]?.accuracy, what).toBeGreaterThanOrEqual(80);
              expect(system?.distance, what).toBe(1);
            }
            expect(moreOf(asked, plain), address).toBeLessThanOrEqual(30);
            // Of what resets no more is sure: libslirp answers an ACK to any port itself.
            if (isFiltered) expect(systemsOf(asked)[0]?.missing).toContain('no closed UDP port answered');
          }
        }
      },
      180_000,
    );
});

function systemsOf({ facts }: Scanned): readonly OsFact[] {
  return facts.filter((fact) => fact.type === 'os');
}

function moreOf(asked: Scanned, plain: Scanned): number {
  return summaryOf(asked).packets.sent - summaryOf(plain).packets.sent;
}
