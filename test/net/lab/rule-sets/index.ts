/** Every rule set, by its firewall. @module */

import { fail2banSets } from './fail2ban.ts';
import { fermSets } from './ferm.ts';
import { firewalldSets } from './firewalld.ts';
import type { RuleSet } from './rule-set.ts';
import { shorewallSets } from './shorewall.ts';
import { ufwSets } from './ufw.ts';

export { refusesByError, statesOf, type Walled, walledLab } from './rule-set.ts';
export type { RuleSet };

/** All that Debian's packages of the lab `rulesets` can be told to load. */
export const ruleSets: readonly RuleSet[] = [
  ...firewalldSets(),
  ...ufwSets,
  ...shorewallSets,
  ...fermSets,
  ...fail2banSets,
];
