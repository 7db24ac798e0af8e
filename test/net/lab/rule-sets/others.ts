/**
 * Rule sets of which the kernel alone says what they do: nftables' examples, shorewall's other samples, the firewall of
 * arno, and the sets of sshguard.
 *
 * @module
 */

import type { PackagedRules } from './rule-set.ts';

/** All of them. */
export const otherSets: readonly PackagedRules[] = [
  ...['workstation', 'ct_helpers', 'inet-filter', 'all-in-one'].map(example),
  ...['Universal', 'three-interfaces'].flatMap(shorewall),
  arno('three services', 'OPEN_TCP="22 80 443"'),
  arno('nothing open', 'OPEN_TCP=""'),
  arno('some refused', 'OPEN_TCP="22 80"\nREJECT_TCP="25 139 445"\nDENY_TCP="3306"'),
  sshguard('nft-sets', ['10.77.1.2 4 32', 'fd77:0:0:1::2 6 128']),
  sshguard('iptables', ['10.77.1.2 4 32', 'fd77:0:0:1::2 6 128']),
];

function example(name: string): PackagedRules {
  return {
    name: `nftables, ${name}`,
    package: 'nftables',
    program: '/usr/share/doc/nftables/examples/workstation.nft',
    on: 'host',
    copied: [],
    // Examples for a file of its own, which names an interface that is not here.
    script: `cd /usr/share/doc/nftables/examples; nft -f ${name}.nft`,
    shows: name.includes('-') ? /chain input/ : /hook input/,
  };
}

function shorewall(sample: string): readonly PackagedRules[] {
  const load = (name: string, interfaces: string) => `
cp /usr/share/doc/${name}/examples/${sample}/* /etc/${name}/
sed -i '${interfaces}' /etc/${name}/interfaces
sed -i 's/^STARTUP_ENABLED=.*/STARTUP_ENABLED=Yes/' /etc/${name}/${name}.conf
mkdir -p /var/lib/${name}
${name} start`;
  const set = (on: 'host' | 'router', from: string, interfaces: string): PackagedRules => ({
    name: `shorewall, ${sample}${from}`,
    package: 'shorewall6',
    program: '/sbin/shorewall6',
    copied: ['/etc/shorewall', '/etc/shorewall6'],
    on,
    script: load('shorewall', interfaces) + load('shorewall6', interfaces),
    shows: /net2fw|net-fw|net_frwd|fw-net/,
  });
  if (sample === 'Universal') return [set('host', '', '')];
  const named = (net: string, local: string, dmz: string) =>
    `s/physical=eth0/physical=${net}/; s/physical=eth1/physical=${local}/; s/physical=eth2/physical=${dmz}/`;
  return [
    set('router', ', from the net to the DMZ', named('near', 'unused', 'far')),
    set('router', ', from the net to the local side', named('near', 'far', 'unused')),
    set('router', ', from the DMZ to the local side', named('unused', 'far', 'near')),
  ];
}

function arno(what: string, settings: string): PackagedRules {
  const lines = [
    'EXT_IF="eth0"',
    'EXT_IF_DHCP_IP=0',
    'IPV6_SUPPORT=1',
    'LOG_HOST_OUTPUT=0',
    ...settings.split('\n'),
  ];
  return {
    name: `arno-iptables-firewall, ${what}`,
    package: 'arno-iptables-firewall',
    program: '/usr/sbin/arno-iptables-firewall',
    on: 'host',
    copied: ['/etc/arno-iptables-firewall'],
    script: `
printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} > /etc/arno-iptables-firewall/conf.d/zz-lab.conf
# It counts what this kernel lacks (a raw table) as an error, with the rules loaded.
arno-iptables-firewall start || test $? -eq 1`,
    shows: /EXT_INPUT_CHAIN/,
  };
}

/** Its own backend is told whom to block, as its parser would tell it. */
function sshguard(backend: string, blocks: readonly string[]): PackagedRules {
  return {
    name: `sshguard, ${backend}`,
    package: 'sshguard',
    program: `/usr/libexec/sshguard/sshg-fw-${backend}`,
    on: 'host',
    copied: [],
    script: `
${backend === 'iptables' ? 'for each in iptables ip6tables; do $each -N sshguard; $each -A INPUT -j sshguard; done' : ''}
{ ${blocks.map((block) => `echo 'block ${block}'`).join('; ')}; sleep 1000; } | /usr/libexec/sshguard/sshg-fw-${backend} &
await sh -c '{ nft list ruleset; iptables-save; ip6tables-save; } | grep -q fd77:0:0:1::2'`,
    shows: /10\.77\.1\.2[\s\S]*fd77:0:0:1::2/,
  };
}
