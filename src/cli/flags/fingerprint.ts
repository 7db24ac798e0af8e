/** The options of `fingerprint`: those of `scan` that mean the same there. @module */

import type { Category, Language } from './flag.ts';
import { flags } from './index.ts';

const sharedCategories: readonly Category[] = [
  'targets',
  'ports',
  'discovery',
  'names',
  'timing',
  'safety',
  'general',
];
const sharedNames = new Set(['e', 'S', 'seed', 'oJ', 'no-progress', 'packet-trace']);
/** What asks no ports shows no stack. */
const unfit = new Set(['sn', 'sL']);

const shared = flags.filter(
  ({ name, category }) => !unfit.has(name) && (sharedCategories.includes(category) || sharedNames.has(name)),
);

/** How the words of `fingerprint` are read. */
export const fingerprintLanguage: Language = { command: 'fingerprint', flags: shared, own: [], shared };
