/**
 * Where an {@link AskedTables} of `batch.ts` has what, in bytes.
 *
 * @module
 */

export const byPortOf: usize = 0;
export const portsOf: usize = 4;
export const codesOf: usize = 8;
export const statesOf: usize = 12;
export const attemptsOf: usize = 16;
export const timesOf: usize = 20;
export const linksOf: usize = 24;
export const alikeOf: usize = 28;
export const outstandingOf: usize = 32;
export const settledOf: usize = 36;
export const openOf: usize = 40;
export const firstKeyOf: usize = 44;
export const secondKeyOf: usize = 48;
export const saltOf: usize = 52;
export const portBaseOf: usize = 56;
export const portMaskOf: usize = 60;
export const sequenceLengthOf: usize = 64;
