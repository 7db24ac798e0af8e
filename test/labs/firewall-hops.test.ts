/** Where probes end, twenty times on a way that loses one packet in fifty. */

import { describe, expect, it } from 'vitest';
import { type HopLab, holds, hopOf, locateIn } from '../net/firewall/hop-lab.ts';
import { labMissing } from '../net/lab/requirements.ts';

const places = ['r1', 'r2', 'r3', 'host'] as const;
const runs = Array.from({ length: 20 }, (_, run): HopLab & { readonly run: number } => ({
  run: run + 1,
  place: places[run % 4] as (typeof places)[number],
  family: run % 8 < 4 ? 4 : 6,
  loss: 0.02,
}));

describe.skipIf(labMissing() !== undefined)('probes end where they are said to end', () => {
  it.each(runs)('run $run: at $place, by IPv$family', async (lab) => {
    const hop = hopOf(lab.place);
    for (const [name, located] of await locateIn(lab))
      expect(holds(located, hop), `${name} ${JSON.stringify(located)}`).toBe(true);
  });
});
