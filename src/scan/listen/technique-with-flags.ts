/** Which technique's probes have these flags. @module */

import type { PortTechniqueName } from '../../model/technique-name.ts';
import { portTechniques } from '../../techniques/index.ts';
import { flagBits } from '../../techniques/reply-table.ts';

/** The technique; -1 stands for a datagram. Congestion bits do not count, and of those alike the first is meant. */
export function techniqueWithFlags(flags: number): PortTechniqueName | undefined {
  return names.get(flags < 0 ? flags : flags & 0x3f);
}

const names = new Map<number, PortTechniqueName>();
for (const [name, { probe }] of Object.entries(portTechniques)) {
  const flags =
    probe.transport === 'udp' ? -1 : probe.transport === 'tcp' ? flagBits(probe.flags) : undefined;
  if (flags !== undefined && !names.has(flags)) names.set(flags, name as PortTechniqueName);
}
