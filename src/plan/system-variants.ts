/**
 * The variants in which a stack is asked, as a plan has them. The order is the number that a variant has in a plan: row i is
 * variant i + 1.
 *
 * @module
 */

import type { PlannedVariant } from './plan.ts';

/** One way to send a probe; `name` is what records call it. */
export interface SystemVariant extends PlannedVariant {
  readonly name: SystemVariantName;
}

/** `spaced`: the plain probe, and a pause; `mss only`: no other option; `ecn`: asks for congestion notification. */
export type SystemVariantName = 'spaced' | 'mss only' | 'ecn';

/** All variants. */
export const systemVariants: readonly SystemVariant[] = [
  // Four of them span a third of a second, in which a clock of 100 a second has moved on by 33.
  { name: 'spaced', spacingMs: 110 },
  { name: 'mss only', tcpOptions: '020405b4' },
  // SYN with ECE and CWR: RFC 3168, 6.1.1.
  { name: 'ecn', flags: 0xc2 },
];

/** They as a plan has them. */
export const plannedSystemVariants: readonly PlannedVariant[] = systemVariants.map(
  ({ name: _, ...row }) => row,
);
