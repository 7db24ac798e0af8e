/**
 * fail2ban bans the scanner: its own server, with the actions it comes with and their default or other block types.
 *
 * @module
 */

import type { Fate, RuleSet } from './rule-set.ts';

/** Bans of some ports and of all, by both tools, rejecting and dropping. */
export const fail2banSets: readonly RuleSet[] = [
  ban('nftables-multiport', '', 'port-unreach'),
  ban('nftables-multiport', 'blocktype=drop', 'drop'),
  ban('nftables-allports', '', 'port-unreach'),
  ban('nftables-allports', 'blocktype=drop', 'drop'),
  ban('iptables-multiport', '', 'port-unreach'),
  ban('iptables-allports', '', 'port-unreach'),
  ban('iptables-allports', 'blocktype=DROP', 'drop'),
];

function ban(action: string, setting: string, fate: Fate): RuleSet {
  const words = ['name=lab', 'port="22,80"', 'protocol=tcp', setting].filter(Boolean).join(', ');
  const jail = [
    '[lab]',
    'enabled = true',
    'filter = sshd',
    'backend = polling',
    'logpath = /var/log/lab.log',
  ];
  const isAll = action.endsWith('allports');
  // The block type of iptables' actions for IPv6 is a setting of its own.
  const fateOver = (family: 4 | 6): Fate =>
    family === 6 && action.startsWith('iptables') ? 'port-unreach' : fate;
  return {
    name: `fail2ban, ${action}${setting === '' ? '' : `, ${setting}`}`,
    package: 'fail2ban',
    program: '/usr/bin/fail2ban-server',
    on: 'host',
    copied: ['/etc/fail2ban'],
    script: `
rm -f /etc/fail2ban/jail.d/*
printf '%s\\n' ${[...jail, `action = ${action}[${words}]`].map((line) => `'${line}'`).join(' ')} > /etc/fail2ban/jail.d/lab.conf
touch /var/log/lab.log
mkdir -p /run/fail2ban /var/lib/fail2ban
fail2ban-server -f start &
await fail2ban-client ping
fail2ban-client set lab banip 10.77.1.2 fd77:0:0:1::2
await sh -c '{ nft list ruleset; ip6tables-save; } | grep -q fd77:0:0:1::2'`,
    shows: /10\.77\.1\.2[\s\S]*fd77:0:0:1::2/,
    fateOf: (port, family) => (isAll || port === 22 || port === 80 ? fateOver(family) : 'pass'),
  };
}
