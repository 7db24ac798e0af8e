/**
 * Whether the variants of a plan can be what they say: refused with the reason where they cannot.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { plannedFirewallVariants } from './firewall-variants.ts';
import type { Plan, PlannedVariant } from './plan.ts';
import { plannedSystemVariants } from './system-variants.ts';

/** Refuses variants that contradict themselves or the rest of the plan. Their fields have been looked at. */
export function checkVariants({ variants, packet, engine, firewall, systems }: Plan): void {
  if (firewall !== undefined && JSON.stringify(variants) !== JSON.stringify(plannedFirewallVariants)) {
    throw badRequest('The plan asks for the filter in other variants than this version has: wanted those');
  }
  if (systems === true && JSON.stringify(variants) !== JSON.stringify(plannedSystemVariants)) {
    throw badRequest('The plan asks for the system in other variants than this version has: wanted those');
  }
  if (variants.length === 0) return;
  if (engine === 'connect') {
    throw badRequest('Variants change raw packets, and this plan sends through the kernel: wanted none');
  }
  if (variants.length > mostVariants) {
    throw badRequest(`The plan has ${variants.length} variants: wanted ${mostVariants} at most`);
  }
  for (const [i, variant] of variants.entries()) {
    const problem = problemOf(variant, packet);
    if (problem !== undefined) throw badRequest(`The plan's variants[${i}]: ${problem}`);
  }
}

function problemOf(
  { fragments, dontFragment, ipOptions }: PlannedVariant,
  packet: Plan['packet'],
): string | undefined {
  const leavesWhole = fragments === null || (fragments === undefined && packet.fragmentBytes === undefined);
  if (dontFragment === true && !leavesWhole) {
    return 'a packet in fragments cannot say "don\'t fragment": wanted fragments null beside it';
  }
  // A route decides which link and neighbour a host is sent to by: it is one for all packets.
  const routed = [ipOptions, ipOptions === undefined ? undefined : packet.ipOptions].some(isRoute);
  return routed
    ? 'a source route is one for all packets: wanted it among the packet options alone'
    : undefined;
}

function isRoute(options: string | undefined): boolean {
  return options?.startsWith(looseRoute) === true || options?.startsWith(strictRoute) === true;
}

const looseRoute = '83';
const strictRoute = '89';
/** With the plain one 64, so that each has a part of the source ports. */
const mostVariants = 63;
