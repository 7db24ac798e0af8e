/**
 * The variants in which a firewall is asked, as a plan has them.
 *
 * @module
 */

import { firewallVariants } from '../firewall/variants.ts';
import type { PlannedVariant } from './plan.ts';

/** The rows of the firewall's table, in its order: row i is the plan's variant i + 1. */
export const plannedFirewallVariants: readonly PlannedVariant[] = firewallVariants.map(
  ({ name: _, ...row }) => row,
);
