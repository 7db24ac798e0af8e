/**
 * What doubting a host that says open may cost: bounds that the forecast states and the scan keeps.
 *
 * @module
 */

import { techniqueOf } from '../techniques/index.ts';
import type { Plan } from './plan.ts';
import { portsOf } from './read-plan.ts';

/** Whether a host that says open for every port would be looked at more closely. */
export function mayDoubt({ goal, groups, techniques, scanFlags, proxies, sweep }: Plan): boolean {
  // A sweep keeps nothing of a host that it could doubt.
  if (sweep) return false;
  const isAsked = techniques.some((name) => techniqueOf(name).opensByHandshake === true);
  const isMany = groups.some(({ ports }) => portsOf(ports, 'tcp').length >= fewestDoubtedPorts);
  return goal === 'ports' && isAsked && isMany && scanFlags === undefined && proxies.length === 0;
}

/** Hosts that are asked fewer TCP ports are taken at their word. */
export const fewestDoubtedPorts = 8;
/** Ports that hold no service by all likelihood, asked of a host whose first answer is open. */
export const canaryCount = 3;
/** Ports of a pretender that are confirmed by a connection. */
export const mostConfirmedPorts = 1000;
