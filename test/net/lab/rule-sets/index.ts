/** Every rule set, by its firewall. @module */

import { fail2banSets } from './fail2ban.ts';
import { fermSets } from './ferm.ts';
import { firewalldSets } from './firewalld.ts';
import { otherSets } from './others.ts';
import type { PackagedRules, RuleSet } from './rule-set.ts';
import { shorewallSets } from './shorewall.ts';
import { ufwSets } from './ufw.ts';

export {
  type PackagedRules,
  refusesByError,
  servedPorts,
  statesOf,
  type Walled,
  walledLab,
} from './rule-set.ts';

/** All that Debian's packages of the lab `rulesets` can be told to load. */
export const ruleSets: readonly RuleSet[] = [
  ...firewalldSets(),
  ...ufwSets,
  ...shorewallSets,
  ...fermSets,
  ...fail2banSets,
];

/** Those and more, for whoever has the truth from the kernel. */
export const packagedRules: readonly PackagedRules[] = [...ruleSets, ...otherSets];
