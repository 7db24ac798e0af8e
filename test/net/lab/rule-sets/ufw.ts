/**
 * ufw with its own rules before and after, two services allowed, and each of its defaults.
 *
 * @module
 */

import type { Fate, RuleSet } from './rule-set.ts';

/** ufw with the default policies it knows for what comes in. */
export const ufwSets: readonly RuleSet[] = [
  ufw('deny', 'drop', /:INPUT DROP/),
  ufw('reject', 'port-unreach', /-A ufw-reject-input -j REJECT/),
];

function ufw(policy: string, rest: Fate, shows: RegExp): RuleSet {
  return {
    name: `ufw, default ${policy}`,
    package: 'ufw',
    program: '/usr/sbin/ufw',
    on: 'host',
    copied: ['/etc/ufw', '/etc/default/ufw'],
    script: `ufw default ${policy}\nufw allow 22/tcp\nufw allow 80/tcp\nufw --force enable`,
    shows,
    fateOf: (port) => (port === 22 || port === 80 ? 'pass' : rest),
  };
}
