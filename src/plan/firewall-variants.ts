/**
 * The variants in which a firewall is asked, as a plan has them.
 *
 * @module
 */

import { firewallVariants } from '../firewall/variants.ts';
import type { PlannedVariant } from './plan.ts';

/** How long a host is left alone after a probe that is to end on the way. */
const hopSpacingMs = 100;

/** The rows of the firewall's table, in its order: row i is the plan's variant i + 1. */
export const plannedFirewallVariants: readonly PlannedVariant[] = firewallVariants.map(
  ({ name: _, ...row }) => ({
    ...row,
    // Routers limit the errors they send: Linux to six at once, then one a second.
    ...(row.ttl !== undefined && { spacingMs: hopSpacingMs }),
  }),
);
