/** Where probes end on a way of three routers, against real kernels with their own limits on ICMP errors. */

import { describe, expect, it } from 'vitest';
import { labMissing } from '../lab/requirements.ts';
import { type HopLab, holds, hopOf, locateIn } from './hop-lab.ts';

const labs: readonly HopLab[] = [
  { place: 'r1', family: 4 },
  { place: 'r2', family: 6 },
  { place: 'r3', family: 4 },
  { place: 'host', family: 6 },
  { place: 'r2', family: 4, isLegacy: true },
  { place: 'host', family: 4, isLegacy: true },
];

describe.skipIf(labMissing() !== undefined)('probes end', () => {
  it.each(labs)('at $place, by IPv$family', async (lab) => {
    const found = await locateIn(lab);
    const hop = hopOf(lab.place);
    const stopOf = (name: string) => found.get(name)?.stop;
    for (const [name, located] of found) {
      expect(holds(located, hop), `${name} ${JSON.stringify(located)}`).toBe(true);
      expect(located.distance).toBe(4);
    }
    // A drop before routing shows the hop before, one in the forwarding its own, and the host's what is before it.
    const before = hop === 1 ? { hop: 1 } : { hop: null, hopRange: [hop - 1, hop] };
    const forwarding = hop === 4 ? before : { hop: null, hopRange: [hop, hop + 1] };
    expect(stopOf('tcp 11')).toMatchObject(before);
    expect(stopOf('tcp 21')).toMatchObject(forwarding);
    expect(stopOf('udp 21')).toMatchObject(forwarding);
    if (lab.isLegacy !== true) expect(stopOf('tcp 31')).toMatchObject(before);
    if (lab.isLegacy !== true) expect(stopOf('tcp 12')).toMatchObject({ hop, isHost: hop === 4 });
    expect(stopOf('tcp 22')).toMatchObject({ hop, isHost: hop === 4 });
  });
});
