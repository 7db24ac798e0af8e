/** The parts of a look at names, in the order in which they are carried out. @module */

import type { Errand } from './errand.ts';
import { recordsErrand } from './records-errand.ts';
import { zonesErrand } from './zones-errand.ts';

/** All of them. */
export const errands: readonly Errand[] = [recordsErrand, zonesErrand];
