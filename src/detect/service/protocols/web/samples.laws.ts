/** What servers of these protocols have said, each with where it comes from. @module */

import type { Sample } from '../../sample.laws.ts';

/** The answers. */
export const webSamples: readonly Sample[] = [];
