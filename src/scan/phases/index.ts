/**
 * The phases of a scan, in the order in which a host goes through them.
 *
 * @module
 */

import { beginFirewall } from '../../firewall/mind.ts';
import type { Plan } from '../../plan/plan.ts';
import type { KeptCapability } from '../../system/capabilities.ts';
import { devices } from './devices/phase.ts';
import { discovery } from './discovery.ts';
import { comparison } from './firewall/comparison-phase.ts';
import { firewallPhase } from './firewall/phase.ts';
import { identity } from './identity.ts';
import { names } from './names.ts';
import { path } from './path.ts';
import type { Phase } from './phase.ts';
import { ports } from './ports.ts';
import { responderCheck } from './responder-check/phase.ts';
import { services } from './services/phase.ts';
import { systems } from './systems/phase.ts';

// biome-ignore format: a line for each phase
const phases: readonly Phase[] = [
  discovery,
  ports,
  responderCheck,
  services as Phase,
  devices as Phase,
  systems as Phase,
  firewallPhase(beginFirewall) as Phase,
  identity as Phase,
  comparison as Phase,
  path,
  names,
];

/** The phases that a plan has. */
export function phasesOf(plan: Plan): readonly Phase[] {
  return phases.filter((phase) => phase.wants(plan));
}

/** Their numbers in records and journals, by name. */
export const numbersOfPhases: Readonly<Record<string, number>> = Object.fromEntries(
  phases.map(({ name, number }) => [name, number]),
);

/**
 * The numbers of those that ask hosts questions of their own and begin anew when a scan goes on; what others tell at once
 * is not found out again.
 */
export const numbersOfAskingPhases: ReadonlySet<number> = new Set(
  phases.filter(({ agenda, news }) => agenda !== undefined && news === undefined).map(({ number }) => number),
);

/** The capabilities that carrying out a plan takes: what its phases need. */
export function capabilitiesOf(plan: Plan): readonly KeptCapability[] {
  return [...new Set(phasesOf(plan).flatMap((phase) => phase.needs(plan)))];
}
