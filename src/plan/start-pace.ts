/** How fast is asked before anything is known of the path. @module */

import type { PortTechniqueName } from '../model/technique-name.ts';
import { techniqueOf } from '../techniques/index.ts';
import type { Plan } from './plan.ts';
import type { TimingName } from './request.ts';

/** Packets a second at first, to one host and on the whole link: a host that stays silent is asked no faster. */
export interface StartPace {
  readonly hostPps: number;
  readonly linkPps: number;
}

/** The pace at which a plan begins, but for its bounds. */
export function startPaceOf({ timing, techniques }: Pick<Plan, 'timing' | 'techniques'>): StartPace {
  const { hostPps, linkPps } = paces[timing.template];
  // Limits on UDP answers are the rule (RFC 1812, 4.3.2.8): a careful start loses nothing.
  return { hostPps: techniques.some(asksByPort) ? hostPps / 2 : hostPps, linkPps };
}

/** Whether a technique says to each port what its service answers. */
export function asksByPort(name: PortTechniqueName): boolean {
  const { probe } = techniqueOf(name);
  return probe.transport === 'udp' && probe.payload === 'by-port';
}

const paces: Readonly<Record<TimingName, StartPace>> = {
  paranoid: { hostPps: 1, linkPps: 1 },
  sneaky: { hostPps: 1, linkPps: 1 },
  polite: { hostPps: 3, linkPps: 100 },
  normal: { hostPps: 2000, linkPps: 10_000 },
  aggressive: { hostPps: 4000, linkPps: 20_000 },
  insane: { hostPps: 10_000, linkPps: 50_000 },
};
