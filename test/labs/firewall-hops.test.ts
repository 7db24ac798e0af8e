/**
 * Where probes end that are dropped, reset and refused at each of three routers and at the host, by both families: twenty
 * times each, on a way that loses nothing and on one that loses a packet in fifty, and in scans at the same time, which use
 * up the errors of one another.
 *
 * @module
 */

import { describe, expect, it } from 'vitest';
import { type HopLab, holds, hopOf, locateIn } from '../net/firewall/hop-lab.ts';
import { labMissing } from '../net/lab/requirements.ts';

const places = ['r1', 'r2', 'r3', 'host'] as const;
const rounds = 20;
const timeout = rounds * 60_000;
const alone = ([4, 6] as const).flatMap((family) =>
  places.flatMap((place) =>
    [0, 0.02].map((loss) => {
      const way = loss === 0 ? 'no packet lost' : 'one packet in fifty lost';
      return { place, family, loss, rounds, way } satisfies HopLab & { readonly way: string };
    }),
  ),
);
const together = ([4, 6] as const).flatMap((family) =>
  places.map((place): HopLab => ({ place, family, rounds: 5, together: 2 })),
);

describe.skipIf(labMissing() !== undefined)('probes end where they are said to end', () => {
  it.concurrent.each(alone)('at $place, by IPv$family, $way', { timeout }, judged);
  it.concurrent.each(together)('at $place, by IPv$family, two scans at the same time', { timeout }, judged);
});

async function judged(lab: HopLab): Promise<void> {
  const wrong: string[] = [];
  const found = await locateIn(lab);
  for (const [run, classes] of found.entries())
    for (const [name, located] of classes)
      if (!holds(located, hopOf(lab.place)))
        wrong.push(`run ${run + 1}, ${name}: ${JSON.stringify(located)}`);
  expect(found).toHaveLength((lab.rounds ?? 1) * (lab.together ?? 1));
  expect(wrong).toEqual([]);
}
