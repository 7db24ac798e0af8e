/**
 * Every scenario, as a table of values. Two families, two transports, filters on the host and on each of three routers.
 *
 * @module
 */

import { ready, scriptCommand } from '../lab/script.ts';
import type { Chain } from './chain.ts';
import { careful, hook, type Scenario, table, usualServices } from './scenario.ts';

/** All scenarios. */
export function scenarios(): readonly Scenario[] {
  return [
    ...open,
    ...dropping,
    ...rejecting,
    ...blocking,
    ...stateless,
    ...holes(),
    ...fragments,
    ...families,
    ...middleboxes,
    ...limits,
    ...places(),
  ];
}

const allowed = 'tcp dport { 22, 80, 443 } accept';
/** What comes from behind a router. */
const back = 'iifname "right" accept';
const services = usualServices;
const where = ['filter-location'];
/** From outside a filter that looks at ports alone and stops every segment is like one that keeps state. */
const alike = ['stateful-filter', ...where];
const limited = ['icmp-rate-limit', ...where];

const open: readonly Scenario[] = [
  { name: 'no filter, on the own link', routers: 0, services, finds: ['no-filter'] },
  { name: 'no filter, behind a router', routers: 1, services, finds: ['no-filter'] },
  { name: 'no filter, behind two routers, IPv6', routers: 2, family: 6, services, finds: ['no-filter'] },
  { name: 'no filter, nothing listens', routers: 1, services: {}, finds: ['no-filter'] },
  {
    name: 'no filter, sixty services',
    routers: 1,
    services: { tcp: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [3000 + i, ''])) },
    ports: '1-20,3000-3069',
    finds: ['no-filter'],
  },
  {
    name: 'a filter of other ports than the probed ones, and nothing else',
    routers: 1,
    services,
    rules: { r1: hook('forward', 'tcp dport { 5900, 6000-6100 } drop') },
    finds: ['no-filter'],
  },
  {
    name: 'no filter, TCP and UDP',
    routers: 1,
    services,
    ports: '20-30,80',
    udpPorts: '50-56,123',
    finds: ['no-filter'],
    may: ['icmp-rate-limit'],
  },
];

const dropping: readonly Scenario[] = [
  ...([0, 1, 2] as const).map(
    (routers): Scenario => ({
      name: `default drop on the host behind ${routers} routers`,
      routers,
      services,
      rules: { host: careful('input', 'drop', allowed) },
      finds: ['default-drop', 'stateful-filter'],
      may: where,
    }),
  ),
  {
    name: 'default drop on the host, IPv6',
    routers: 1,
    family: 6,
    services,
    rules: { host: careful('input', 'drop', allowed) },
    finds: ['default-drop', 'stateful-filter'],
    may: where,
  },
  {
    name: 'default drop, what is new and belongs to nothing may come in on three ports',
    routers: 1,
    services,
    rules: {
      host: hook(
        'input',
        'ct state established,related accept',
        'meta l4proto ipv6-icmp accept',
        allowed,
        'drop',
      ),
    },
    finds: ['default-drop', 'stateful-filter'],
    may: where,
  },
  {
    name: 'default drop by iptables, with the words of twenty years ago',
    routers: 1,
    services,
    rules: {
      host: {
        iptables: table(
          ':INPUT DROP [0:0]',
          '-A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT',
          '-A INPUT -p icmp -j ACCEPT',
          '-A INPUT -p tcp -m state --state NEW -m multiport --dports 22,80,443 -j ACCEPT',
        ),
      },
    },
    finds: ['default-drop', 'stateful-filter'],
    may: where,
  },
  {
    name: 'default drop, three allowed ports where nothing listens',
    routers: 1,
    services: {},
    rules: { r1: careful('forward', 'drop', allowed) },
    finds: ['default-drop', 'stateful-filter'],
    may: where,
  },
  {
    name: 'default drop by ports alone, without state',
    routers: 1,
    services,
    rules: { host: hook('input', 'meta l4proto { icmp, ipv6-icmp } accept', allowed, 'drop') },
    finds: ['default-drop'],
    may: alike,
  },
  {
    name: 'default drop of UDP and TCP',
    routers: 1,
    services,
    ports: '20-30,80',
    udpPorts: '50-56,123',
    rules: { host: careful('input', 'drop', allowed, 'udp dport 53 accept') },
    finds: ['default-drop', 'stateful-filter'],
    may: where,
  },
  {
    name: 'default drop on the first of two routers, IPv6',
    routers: 2,
    family: 6,
    services,
    rules: { r1: careful('forward', 'drop', allowed) },
    finds: ['default-drop', 'stateful-filter'],
    may: where,
  },
];

const rejecting: readonly Scenario[] = [
  {
    // A kernel's own reset of a closed port and one of REJECT on the same host are one and the same packet.
    name: 'default reset on the host',
    routers: 1,
    services,
    rules: { host: careful('input', 'reject with tcp reset', allowed) },
    finds: [],
    may: ['no-filter', 'default-reject', 'stateful-filter', ...where],
  },
  ...([1, 2] as const).map(
    (routers): Scenario => ({
      name: `default reset on the first of ${routers} routers`,
      routers,
      services,
      rules: { r1: careful('forward', 'reject with tcp reset', allowed) },
      finds: ['default-reject', 'forged-reset', 'stateful-filter'],
      may: where,
    }),
  ),
  {
    name: 'default reset on the first of two routers, IPv6',
    routers: 2,
    family: 6,
    services,
    rules: { r1: careful('forward', 'reject with tcp reset', allowed) },
    finds: ['default-reject', 'forged-reset', 'stateful-filter'],
    may: where,
  },
  {
    // Nothing of the host answers to compare with, not even an echo: it may be said, and not that nothing filters.
    name: 'every port reset on the router, and no service',
    routers: 2,
    services: {},
    rules: { r1: hook('forward', 'meta l4proto tcp reject with tcp reset') },
    finds: [],
    may: ['default-reject', 'forged-reset', 'stateful-filter', ...where],
  },
  ...['port-unreachable', 'admin-prohibited', 'host-prohibited'].map(
    (code): Scenario => ({
      name: `default ${code} on the host`,
      routers: 1,
      services,
      rules: { host: careful('input', `reject with icmp type ${code}`, allowed) },
      finds: ['default-reject', 'stateful-filter'],
      may: limited,
    }),
  ),
  ...['host-unreachable', 'net-prohibited', 'prot-unreachable'].map(
    (code): Scenario => ({
      name: `default ${code} on the second of two routers`,
      routers: 2,
      services,
      rules: { r2: careful('forward', `reject with icmp type ${code}`, allowed) },
      finds: ['default-reject', 'stateful-filter'],
      may: limited,
    }),
  ),
  ...['admin-prohibited', 'port-unreachable', 'no-route'].map(
    (code, i): Scenario => ({
      name: `default ${code} on the ${i === 1 ? 'host' : 'router'}, IPv6`,
      routers: 1,
      family: 6,
      services,
      rules: {
        [i === 1 ? 'host' : 'r1']: careful(
          i === 1 ? 'input' : 'forward',
          `reject with icmpv6 type ${code}`,
          allowed,
        ),
      },
      finds: ['default-reject', 'stateful-filter'],
      may: limited,
    }),
  ),
  {
    name: 'default port-unreachable on the router, by iptables',
    routers: 1,
    services,
    rules: {
      r1: {
        iptables: table(
          '-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
          '-A FORWARD -p tcp -m multiport --dports 22,80,443 -j ACCEPT',
          '-A FORWARD -p tcp -j REJECT',
        ),
      },
    },
    finds: ['default-reject', 'stateful-filter'],
    may: limited,
  },
];

const blocking: readonly Scenario[] = [
  {
    name: 'a blocklist that drops three ports on the host',
    routers: 1,
    services,
    rules: { host: hook('input', 'tcp dport { 25, 139, 445 } drop') },
    finds: ['blocklist'],
    may: alike,
  },
  {
    name: 'a blocklist that drops a range on the router, IPv6',
    routers: 1,
    family: 6,
    services,
    rules: { r1: hook('forward', 'tcp dport { 25, 3000-3009 } drop') },
    finds: ['blocklist'],
    may: alike,
  },
  {
    name: 'a blocklist that resets on the router',
    routers: 1,
    services,
    rules: { r1: hook('forward', 'tcp dport { 25, 139, 445 } reject with tcp reset') },
    finds: ['blocklist', 'forged-reset'],
    may: alike,
  },
  {
    name: 'a blocklist that refuses by ICMP on the router',
    routers: 1,
    services,
    rules: { r1: hook('forward', 'tcp dport { 25, 139, 445 } reject with icmp type admin-prohibited') },
    finds: ['blocklist'],
    may: [...alike, 'icmp-rate-limit'],
  },
];

const stateless: readonly Scenario[] = [
  {
    name: 'SYN alone is dropped on the host',
    routers: 1,
    services,
    rules: { host: hook('input', 'tcp flags & (syn | ack) == syn tcp dport != { 22, 80, 443 } drop') },
    finds: ['default-drop', 'stateless-filter', 'flag-hole'],
    may: where,
  },
  {
    name: 'SYN alone is dropped on the host, IPv6',
    routers: 1,
    family: 6,
    services,
    rules: { host: hook('input', 'tcp flags & (syn | ack) == syn tcp dport != { 22, 80, 443 } drop') },
    finds: ['default-drop', 'stateless-filter', 'flag-hole'],
    may: where,
  },
  {
    // As nft's rules that iptables makes of them: flags that cannot be seen match nothing.
    name: 'SYN alone is dropped on the router, by iptables',
    routers: 2,
    services,
    rules: { r1: { iptables: table('-A FORWARD -p tcp --syn -m multiport ! --dports 22,80,443 -j DROP') } },
    finds: ['default-drop', 'stateless-filter', 'flag-hole', 'fragment-hole'],
    may: where,
  },
  {
    name: 'SYN alone is reset on the router, by iptables',
    routers: 1,
    services,
    rules: {
      r1: {
        iptables: table(
          '-A FORWARD -p tcp --syn -m multiport ! --dports 22,80,443 -j REJECT --reject-with tcp-reset',
        ),
      },
    },
    finds: ['default-reject', 'stateless-filter', 'flag-hole', 'fragment-hole', 'forged-reset'],
    may: where,
  },
  {
    name: 'SYN alone is refused by ICMP on the host',
    routers: 0,
    services,
    rules: { host: hook('input', 'tcp flags & (syn | ack) == syn tcp dport != { 22, 80, 443 } reject') },
    finds: ['default-reject', 'stateless-filter', 'flag-hole'],
    may: limited,
  },
  {
    name: 'SYN and ACK are dropped, FIN comes through',
    routers: 1,
    services,
    rules: {
      host: hook('input', 'tcp dport { 22, 80, 443 } accept', 'tcp flags & (syn | ack) != 0 drop'),
    },
    finds: ['default-drop', 'flag-hole'],
    may: where,
  },
  {
    name: 'only segments without any flag come through, IPv6',
    routers: 1,
    family: 6,
    services,
    rules: {
      r1: hook('forward', back, 'meta l4proto ipv6-icmp accept', allowed, 'tcp flags != 0x0 drop'),
    },
    finds: ['default-drop', 'flag-hole'],
    may: where,
  },
  {
    name: 'keeps state, but FIN comes through by an old rule',
    routers: 1,
    services,
    rules: {
      r1: hook(
        'forward',
        back,
        'tcp flags & (fin | syn | rst | ack) == fin accept',
        'ct state established,related accept',
        'ct state invalid drop',
        'meta l4proto { icmp, ipv6-icmp } accept',
        allowed,
        'drop',
      ),
    },
    finds: ['default-drop', 'flag-hole'],
    may: alike,
  },
];

/** A trusted source port each: on host and router, by both families, with and without a service behind. */
function holes(): readonly Scenario[] {
  return [
    ...[20, 53, 67, 68, 80, 88, 123, 443, 500].map((port, i): Scenario => {
      const isOnHost = i % 2 === 0;
      const isServed = i % 3 !== 2;
      const family = i % 4 === 1 ? 6 : 4;
      return {
        name: `source port ${port} is trusted on the ${isOnHost ? 'host' : 'router'}, IPv${family}${isServed ? '' : ', nothing listens behind it'}`,
        routers: 1,
        family,
        services: isServed ? services : { tcp: { 22: '', 80: '' } },
        rules: {
          [isOnHost ? 'host' : 'r1']: careful(
            isOnHost ? 'input' : 'forward',
            'drop',
            allowed,
            `tcp sport ${port} accept`,
          ),
        },
        finds: ['default-drop', 'stateful-filter', 'source-port-hole'],
        may: where,
        trusts: [port],
      };
    }),
    {
      name: 'source ports 20 and 53 are trusted by a filter without state',
      routers: 1,
      services,
      rules: {
        r1: hook(
          'forward',
          back,
          'tcp sport { 20, 53 } accept',
          'meta l4proto { icmp, ipv6-icmp } accept',
          allowed,
          'drop',
        ),
      },
      finds: ['default-drop', 'source-port-hole'],
      may: alike,
      trusts: [20, 53],
    },
    {
      name: 'source port 53 is trusted where the rest is refused by ICMP',
      routers: 1,
      services,
      rules: {
        host: careful('input', 'reject with icmpx type admin-prohibited', allowed, 'tcp sport 53 accept'),
      },
      finds: ['default-reject', 'stateful-filter', 'source-port-hole'],
      may: limited,
      trusts: [53],
    },
    {
      name: 'source port 53 is trusted for UDP',
      routers: 1,
      services,
      ports: '20-30,80',
      udpPorts: '50-56,123',
      rules: { host: careful('input', 'drop', allowed, 'udp sport 53 accept') },
      finds: ['default-drop', 'stateful-filter', 'source-port-hole'],
      may: where,
      trusts: [53],
    },
    {
      name: 'what comes from port 53 must belong to a connection: no hole',
      routers: 1,
      services,
      rules: { host: careful('input', 'drop', allowed, 'tcp sport 53 ct state established accept') },
      finds: ['default-drop', 'stateful-filter'],
      may: where,
    },
  ];
}

const fragments: readonly Scenario[] = [
  {
    name: 'a filter without state on the router does not see the flags of small fragments',
    routers: 1,
    services,
    rules: { r1: hook('forward', 'tcp flags & (syn | ack) == syn tcp dport != { 22, 80, 443 } drop') },
    finds: ['default-drop', 'stateless-filter', 'flag-hole', 'fragment-hole'],
    may: where,
  },
  {
    name: 'nor does one at the ingress of the host, before fragments are put together',
    routers: 1,
    services,
    rules: {
      host: {
        nft: `table netdev lab { chain c {
          type filter hook ingress device "left" priority 0;
          tcp flags & (syn | ack) == syn tcp dport != { 22, 80, 443 } drop
        }; }`,
      },
    },
    finds: ['default-drop', 'stateless-filter', 'flag-hole', 'fragment-hole'],
    may: where,
  },
  {
    name: 'a filter without state lets further fragments pass, and still sees the port in the first',
    routers: 1,
    services,
    rules: {
      r1: hook(
        'forward',
        'ip frag-off & 0x1fff != 0 accept',
        'meta l4proto icmp accept',
        back,
        allowed,
        'drop',
      ),
    },
    finds: ['default-drop'],
    may: alike,
  },
  {
    name: 'fragments of untracked packets are put together all the same where the kernel tracks anything',
    routers: 1,
    services,
    rules: {
      r1: {
        nft: `table inet lab {
          chain before { type filter hook prerouting priority -300; tcp dport != 22 notrack; }
          chain c { type filter hook forward priority 0; ct state established accept; tcp flags & (syn | ack) == syn tcp dport != { 22, 80, 443 } drop; }
        }`,
      },
    },
    finds: ['default-drop', 'stateless-filter', 'flag-hole'],
    may: where,
  },
  {
    name: 'fragments are dropped, and nothing else',
    routers: 1,
    services,
    rules: {
      r1: {
        nft: 'table ip lab { chain c { type filter hook prerouting priority -450; ip frag-off & 0x3fff != 0 drop; }; }',
      },
    },
    finds: [],
    may: ['no-filter'],
  },
];

const families: readonly Scenario[] = [
  ...([0, 1] as const).map(
    (routers): Scenario => ({
      name: `IPv4 is filtered, IPv6 was forgotten, behind ${routers} routers`,
      routers,
      family: 'both',
      services,
      rules: {
        host: {
          iptables: table(
            ':INPUT DROP [0:0]',
            '-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
            '-A INPUT -p icmp -j ACCEPT',
            '-A INPUT -p tcp -m multiport --dports 22,80,443 -j ACCEPT',
          ),
        },
      },
      finds: ['default-drop', 'stateful-filter', 'ipv6-hole', 'no-filter'],
      may: where,
    }),
  ),
  {
    name: 'both families are filtered alike',
    routers: 1,
    family: 'both',
    services,
    rules: { host: careful('input', 'drop', allowed) },
    finds: ['default-drop', 'stateful-filter'],
    may: where,
  },
];

const middleboxes: readonly Scenario[] = [
  {
    name: 'a box on the way resets in the name of the host without verifying a checksum',
    routers: 1,
    services,
    rules: { r1: hook('forward', allowed, back, 'meta l4proto tcp drop') },
    finds: ['default-reject', 'forged-reset', 'checksum-blind'],
    may: alike,
    prepare: (chain) => answering(chain, { reset: true, except: [22, 80, 443] }),
  },
  {
    name: 'a SYN proxy on the host',
    routers: 1,
    services: { tcp: { 80: '' } },
    ports: '1-40,80',
    rules: {
      host: {
        nft: `table inet proxy {
          chain before { type filter hook prerouting priority raw; tcp flags syn / fin,syn,rst,ack notrack; }
          chain input {
            type filter hook input priority 0;
            meta l4proto tcp ct state invalid,untracked synproxy mss 1440 wscale 7 timestamp sack-perm
            meta l4proto tcp ct state invalid drop
          }
        }`,
        sysctl: { 'netfilter/nf_conntrack_tcp_loose': 0 },
      },
    },
    finds: ['syn-proxy'],
    isPretence: true,
  },
  ...([4, 6] as const).map(
    (family): Scenario => ({
      name: `one listener behind all ports, IPv${family}`,
      routers: 1,
      family,
      services: { tcp: { 2000: '220 ftp.lab ready\r\n' } },
      ports: '1-40,80',
      rules: {
        host: {
          nft: 'table inet lab { chain c { type nat hook prerouting priority -100; meta l4proto tcp redirect to :2000; }; }',
        },
      },
      finds: ['redirect-all'],
      isPretence: true,
    }),
  ),
  {
    name: 'a tarpit',
    routers: 1,
    services: {},
    ports: '1-40,80',
    rules: { host: hook('input', 'meta l4proto tcp drop') },
    finds: ['tarpit'],
    // It verifies nothing.
    may: ['checksum-blind'],
    isPretence: true,
    async prepare({ host }) {
      await ready('tarpit', host.spawn([...scriptCommand('tarpit-program.ts'), '10']));
    },
  },
];

const limits: readonly Scenario[] = [
  {
    name: 'twenty resets a second leave the host',
    routers: 1,
    services,
    ports: '1-200',
    rules: { host: hook('output', 'tcp flags rst limit rate over 20/second burst 5 packets drop') },
    finds: ['rst-rate-limit'],
    may: ['no-filter'],
    isCostly: true,
    gapMs: 60,
  },
  {
    name: 'twenty new connections a second pass the router',
    routers: 1,
    services,
    ports: '1-200',
    rules: {
      r1: hook('forward', 'tcp flags & (syn | ack) == syn limit rate over 20/second burst 5 packets drop'),
    },
    finds: ['syn-rate-limit'],
    may: ['no-filter'],
    isCostly: true,
    gapMs: 60,
  },
  {
    name: 'two hundred ports are refused by ICMP, as many a second as kernels send',
    routers: 1,
    services,
    ports: '1-200',
    rules: { host: careful('input', 'reject with icmp type admin-prohibited', allowed) },
    finds: ['default-reject', 'stateful-filter', 'icmp-rate-limit'],
    may: where,
  },
  {
    name: 'whoever asks for more than twelve ports is banned',
    routers: 1,
    services,
    ports: '1-200',
    rules: {
      host: {
        nft: `table inet ban {
          set banned { type ipv4_addr; flags dynamic,timeout; timeout 60s; size 100; }
          set asked { type ipv4_addr; flags dynamic,timeout; timeout 60s; size 100; }
          chain input {
            type filter hook input priority 0;
            ip saddr @banned drop
            tcp flags & (syn|ack) == syn add @asked { ip saddr limit rate over 1/hour burst 30 packets } add @banned { ip saddr } drop
          }
        }`,
      },
    },
    finds: ['scan-blocked'],
    isPretence: true,
    status: 3,
  },
];

/** DROP, a reset and an ICMP error at each of three routers in a row, by both families. */
function places(): readonly Scenario[] {
  return ([4, 6] as const).flatMap((family) =>
    (['r1', 'r2', 'r3'] as const).flatMap((place) =>
      (
        [
          ['drop', ['default-drop', 'stateful-filter', 'filter-location'], []],
          [
            'reject with tcp reset',
            ['default-reject', 'stateful-filter', 'forged-reset', 'filter-location'],
            [],
          ],
          [
            'reject with icmpx type admin-prohibited',
            ['default-reject', 'stateful-filter', 'filter-location'],
            limited,
          ],
        ] as const
      ).map(
        ([end, finds, may]): Scenario => ({
          name: `${end} at ${place} of three, IPv${family}`,
          routers: 3,
          family,
          services,
          ports: '1-30,80,443,3000-3009',
          rules: { [place]: careful('forward', end, allowed) },
          finds,
          may,
        }),
      ),
    ),
  );
}

/** Starts a program at the first router that answers in the name of whoever is asked. */
async function answering(
  chain: Chain,
  options: { readonly reset: boolean; readonly except: readonly number[] },
): Promise<void> {
  const { r1 } = chain.at;
  const argv = [...scriptCommand('../firewall/middlebox-program.ts'), JSON.stringify(options)];
  if (r1 !== undefined) await ready('middlebox', r1.spawn(argv));
}
