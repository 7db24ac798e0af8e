/** The options of `firewall`: its own, and those of `scan` that mean the same there. @module */

import { arrivedFlag } from './arrived.ts';
import type { Category, Flag, Language } from './flag.ts';
import { flags } from './index.ts';
import { readCount } from './values.ts';

const own: readonly Flag[] = [
  {
    name: 'budget',
    value: 'N',
    category: 'firewall',
    summary: 'Send at most N packets; what that left out is said, and the exit code is 3',
    help: 'Packets of the operating system (its resets, ARP and neighbour discovery) do not count. Services are not asked for host keys and certificates then.',
    set(value, { firewall }) {
      firewall.budget = readCount(value, 1, Number.MAX_SAFE_INTEGER);
    },
  },
  arrivedFlag('firewall'),
];

/** How its questions look is decided by what was answered, so techniques and packets are not for the user to choose. */
const sharedCategories: readonly Category[] = [
  'targets',
  'ports',
  'discovery',
  'names',
  'timing',
  'shown',
  'output',
  'safety',
  'habits',
  'general',
];
const sharedNames = new Set(['sU', 'S', 'e', 'key', 'seed', 'journal', 'resume']);
/** What sends nothing to ports has nothing to say of a filter. */
const unfit = new Set(['sn', 'sL']);

const shared = flags.filter(
  ({ name, category }) => !unfit.has(name) && (sharedCategories.includes(category) || sharedNames.has(name)),
);

/** How the words of `firewall` are read. */
export const firewallLanguage: Language = {
  command: 'firewall',
  alias: 'fw',
  flags: [...own, ...shared],
  own,
  shared,
};
