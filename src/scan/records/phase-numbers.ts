/**
 * Numbers of the phases whose observations records know by themselves. Every phase has one (`phases/phase.ts`), which
 * journals keep: a number is never given to another phase.
 *
 * @module
 */

/** By name. */
export const phaseNumbers = {
  discovery: 1,
  ports: 2,
  firewall: 6,
  services: 7,
  comparison: 8,
  identity: 9,
  systems: 10,
  devices: 11,
} as const;
