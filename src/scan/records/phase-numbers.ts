/**
 * The phases and their numbers in records, which journals keep: a number is never given to another phase.
 *
 * @module
 */

/** By name. */
export const phaseNumbers = { discovery: 1, ports: 2, 'responder-check': 3, path: 4, names: 5 } as const;
