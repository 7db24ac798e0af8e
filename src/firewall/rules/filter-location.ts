/** Where probes stop. @module */

import type { Rule } from './rule.ts';

/** As those who look for the place have it. */
export const filterLocation: Rule = {
  name: 'filter-location',
  infer: (scene) => scene.location?.finder.findings() ?? [],
};
