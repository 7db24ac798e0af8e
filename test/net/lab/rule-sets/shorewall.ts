/**
 * Shorewall and Shorewall6 with the samples they come with, interfaces named as in the lab.
 *
 * @module
 */

import type { Fate, RuleSet } from './rule-set.ts';

/** A host with one interface; a router, seen from the net and from the local side. */
export const shorewallSets: readonly RuleSet[] = [
  {
    ...common('one-interface', 's/physical=eth0/physical=eth0/'),
    name: 'shorewall, one interface',
    on: 'host',
    fateOf: () => 'drop',
  },
  {
    ...common('two-interfaces', 's/physical=eth0/physical=near/; s/physical=eth1/physical=far/'),
    name: 'shorewall, two interfaces, from the net',
    on: 'router',
    fateOf: () => 'drop',
  },
  {
    ...common('two-interfaces', 's/physical=eth0/physical=far/; s/physical=eth1/physical=near/'),
    name: 'shorewall, two interfaces, from the local side',
    on: 'router',
    fateOf: () => 'pass',
  },
  {
    ...common('two-interfaces', 's/physical=eth0/physical=far/; s/physical=eth1/physical=near/'),
    name: 'shorewall, the router itself from the local side',
    on: 'router',
    scanned: 'router',
    // Its REJECT resets what is TCP.
    fateOf: (port): Fate => (port === 22 ? 'pass' : 'reset'),
  },
];

function common(sample: string, interfaces: string) {
  const load = (name: string) => `
cp /usr/share/doc/${name}/examples/${sample}/* /etc/${name}/
sed -i '${interfaces}' /etc/${name}/interfaces
sed -i 's/^STARTUP_ENABLED=.*/STARTUP_ENABLED=Yes/' /etc/${name}/${name}.conf
mkdir -p /var/lib/${name}
${name} start`;
  return {
    package: 'shorewall6',
    program: '/sbin/shorewall6',
    copied: ['/etc/shorewall', '/etc/shorewall6'],
    script: load('shorewall') + load('shorewall6'),
    shows: /net2fw|net-fw/,
  } as const;
}
