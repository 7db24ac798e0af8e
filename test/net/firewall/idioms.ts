/**
 * Rule sets in the idioms in which people publish theirs: what they let through follows from the kernels alone, so a scenario
 * here says only what those cannot be asked for.
 *
 * @module
 */

import { hook, type Scenario, table, usualServices } from './scenario.ts';

/** Every idiom, at the host and before it. */
export function idioms(): readonly Idiom[] {
  return [...byNft, ...mixed, ...byIptables, ...translating];
}

/** A filter whose findings follow from the kernels' truth. */
export interface Idiom extends Omit<Scenario, 'finds' | 'isPretence'> {
  /** What may be told or not, whatever follows. */
  readonly may?: readonly string[];
  /** Ports whose probes reach the host as others, or whose answers are made before them: its counters do not know them. */
  readonly elsewhere?: readonly number[];
}

const services = usualServices;

const byNft: readonly Idiom[] = [
  {
    name: 'a map of states, sets of services, an end for each protocol',
    routers: 1,
    services,
    udpPorts: '53,67,123,161,500,5353',
    rules: {
      host: {
        nft: `table inet filter {
          set services { type inet_service; flags interval; elements = { 22, 80, 443, 3000-3005 }; }
          chain my_tcp { tcp dport @services accept; }
          chain my_udp { udp dport { 53, 123 } accept; }
          chain input {
            type filter hook input priority 0; policy drop;
            ct state vmap { invalid : drop, established : accept, related : accept }
            iif lo accept
            meta l4proto { icmp, ipv6-icmp } limit rate 100/second accept
            meta l4proto udp ct state new jump my_udp
            tcp flags & (fin|syn|rst|ack) == syn ct state new jump my_tcp
            meta l4proto udp reject
            meta l4proto tcp reject with tcp reset
            counter reject with icmpx type no-route
          }
        }`,
      },
    },
  },
  ...(['host', 'r1'] as const).flatMap((place) =>
    ([4, 6] as const).map(
      (family): Idiom => ({
        name: `ports by a map: some let in, low ones dropped, high ones open, at ${place}, IPv${family}`,
        routers: 1,
        family,
        services,
        // Not all but a list are let through: ports that nobody listed are dropped as well.
        may: ['blocklist'],
        rules: {
          [place]: hook(
            place === 'host' ? 'input' : 'forward',
            'ct state established,related accept',
            'meta l4proto ipv6-icmp accept',
            'tcp dport vmap { 0-21 : drop, 22 : accept, 23-442 : drop, 443 : accept, 444-1023 : drop }',
            'accept',
          ),
        },
      }),
    ),
  ),
  {
    name: 'nothing is tracked, and what is no SYN passes',
    routers: 1,
    services,
    rules: {
      r1: {
        nft: `table inet raw {
          chain pre { type filter hook prerouting priority -300; notrack; }
          chain forward {
            type filter hook forward priority 0; policy drop;
            meta l4proto { icmp, ipv6-icmp } accept
            tcp flags & (syn|ack) != syn accept
            tcp dport { 22, 80, 443 } accept
            iifname right accept
          }
        }`,
      },
    },
  },
  {
    name: 'a ban on hasty visitors of one port, drop for the rest',
    routers: 1,
    services,
    rules: {
      host: hook(
        'input',
        'ct state established,related accept',
        'ct state invalid drop',
        'meta l4proto { icmp, ipv6-icmp } accept',
        'tcp dport 22 ct state new meter ssh { ip saddr limit rate over 60/minute burst 40 packets } drop',
        'tcp dport { 22, 80 } accept',
        'drop',
      ),
    },
  },
  {
    name: 'flags that nobody uses are dropped, nothing else',
    routers: 1,
    services,
    rules: {
      host: hook(
        'input',
        'ct state established,related accept',
        'tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0 drop',
        'tcp flags & (fin|syn|rst|psh|ack|urg) == fin|psh|urg drop',
        'tcp flags & (fin|syn) == fin|syn drop',
        'tcp flags & (syn|rst) == syn|rst drop',
        'ct state new tcp flags & (fin|syn|rst|ack) != syn drop',
      ),
    },
  },
  {
    name: 'what leaves must belong to what came in for a service',
    routers: 1,
    services,
    rules: {
      host: {
        nft: `table inet filter {
          chain input { type filter hook input priority 0; policy drop;
            ct state established,related accept
            meta l4proto { icmp, ipv6-icmp } accept
            tcp dport { 22, 80, 443, 3306 } ct state new accept
          }
          chain output { type filter hook output priority 0; policy drop;
            meta l4proto { icmp, ipv6-icmp } accept
            ct state established accept
          }
        }`,
      },
    },
  },
  {
    name: 'nothing is stopped on its way in, and only services may answer',
    routers: 1,
    services,
    rules: {
      host: hook(
        'output',
        'meta l4proto { icmp, ipv6-icmp } accept',
        'tcp sport { 22, 80, 443 } accept',
        'drop',
      ),
    },
  },
  {
    name: 'so many connections a visitor, then a reset',
    routers: 1,
    services,
    rules: {
      host: hook(
        'input',
        'ct state established,related accept',
        'meta l4proto { icmp, ipv6-icmp } accept',
        'tcp dport 80 ct count over 200 reject with tcp reset',
        'tcp dport { 22, 80, 443 } accept',
        'reject with icmpx type port-unreachable',
      ),
    },
  },
];

const mixed: readonly Idiom[] = [
  {
    name: 'three ends: high ports refused, low ones silent, mail reset',
    routers: 2,
    services,
    rules: {
      r2: hook(
        'forward',
        'ct state established,related accept',
        'ct state invalid drop',
        'meta l4proto { icmp, ipv6-icmp } accept',
        'tcp dport { 22, 80, 443 } accept',
        'tcp dport { 25, 110, 143, 993 } reject with tcp reset',
        'tcp dport 3000-65535 reject with icmpx type host-unreachable',
        'drop',
      ),
    },
  },
  {
    name: 'who answers for the web is a SYN proxy on the host, all else is silent',
    routers: 1,
    services,
    may: ['syn-proxy'],
    elsewhere: [80, 443],
    rules: {
      host: {
        nft: `table inet proxy {
          chain before { type filter hook prerouting priority raw; tcp dport { 80, 443 } tcp flags syn / fin,syn,rst,ack notrack; }
          chain input {
            type filter hook input priority 0; policy drop;
            ct state established,related accept
            meta l4proto { icmp, ipv6-icmp } accept
            tcp dport { 80, 443 } ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm
            ct state invalid drop
            tcp dport 22 accept
          }
        }`,
        sysctl: { 'netfilter/nf_conntrack_tcp_loose': 0 },
      },
    },
  },
  {
    name: 'further fragments of whatever pass at the ingress, whose rules know no state',
    routers: 1,
    services,
    rules: {
      host: {
        nft: `table netdev edge {
          chain in {
            type filter hook ingress device "left" priority 0; policy drop;
            meta protocol arp accept
            meta protocol ip6 accept
            ip protocol icmp accept
            ip frag-off & 0x1fff != 0 accept
            tcp dport { 22, 80, 443 } accept
            ip protocol tcp tcp flags & (syn|ack) == ack accept
          }
        }`,
      },
    },
  },
  {
    name: 'what leaves is refused to whoever sends it',
    routers: 1,
    services,
    rules: {
      host: hook(
        'output',
        'meta l4proto { icmp, ipv6-icmp } accept',
        'tcp sport { 22, 80, 443, 1-20 } accept',
        'reject with icmpx type admin-prohibited',
      ),
    },
  },
  {
    name: 'replies of time and name servers are let in by their source port, TCP and UDP, IPv6',
    routers: 1,
    family: 6,
    services,
    udpPorts: '53,67,123,161,500,5353',
    rules: {
      r1: hook(
        'forward',
        'iifname "right" accept',
        'meta l4proto ipv6-icmp accept',
        'tcp dport { 22, 80, 443 } accept',
        'udp sport { 53, 123 } accept',
        'tcp sport 53 tcp flags & (syn|ack) == ack accept',
        'drop',
      ),
    },
  },
];

const byIptables: readonly Idiom[] = [
  {
    name: 'chains for TCP and UDP, resets for all else, protocols that are unknown refused',
    routers: 1,
    services,
    udpPorts: '53,67,123,161,500,5353',
    rules: {
      host: {
        iptables: table(
          ':INPUT DROP [0:0]',
          ':TCP - [0:0]',
          ':UDP - [0:0]',
          '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
          '-A INPUT -i lo -j ACCEPT',
          '-A INPUT -m conntrack --ctstate INVALID -j DROP',
          '-A INPUT -p icmp -m icmp --icmp-type 8 -m conntrack --ctstate NEW -j ACCEPT',
          '-A INPUT -p udp -m conntrack --ctstate NEW -j UDP',
          '-A INPUT -p tcp --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -j TCP',
          '-A INPUT -p udp -j REJECT --reject-with icmp-port-unreachable',
          '-A INPUT -p tcp -j REJECT --reject-with tcp-reset',
          '-A INPUT -j REJECT --reject-with icmp-proto-unreachable',
          '-A TCP -p tcp -m multiport --dports 22,80,443 -j ACCEPT',
          '-A UDP -p udp --dport 53 -j ACCEPT',
        ),
      },
    },
  },
  {
    name: 'replies of active FTP and of name servers are let in by their source port',
    routers: 1,
    services: { ...services, tcp: { ...services.tcp, 3010: '220 high.lab\r\n' } },
    rules: {
      host: {
        iptables: table(
          ':INPUT DROP [0:0]',
          '-A INPUT -i lo -j ACCEPT',
          '-A INPUT -p icmp -j ACCEPT',
          '-A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT',
          '-A INPUT -p tcp --dport 22 -j ACCEPT',
          '-A INPUT -p tcp --sport 20 --dport 1024:65535 -j ACCEPT',
          '-A INPUT -p udp --sport 53 -j ACCEPT',
          '-A INPUT -p udp --sport 67 --dport 68 -j ACCEPT',
        ),
      },
    },
  },
  {
    name: 'further fragments pass, nothing is tracked',
    routers: 1,
    services,
    rules: {
      r1: {
        iptables: [
          ['*raw', '-A PREROUTING -j CT --notrack', 'COMMIT'].join('\n'),
          table(
            ':FORWARD DROP [0:0]',
            '-A FORWARD -f -j ACCEPT',
            '-A FORWARD -p icmp -j ACCEPT',
            '-A FORWARD -i right -j ACCEPT',
            '-A FORWARD -p tcp -m multiport --dports 22,80,443 -j ACCEPT',
          ),
        ].join('\n'),
      },
    },
  },
  {
    name: 'chains as a container engine makes them',
    routers: 1,
    services,
    rules: {
      r1: {
        iptables: [
          [
            '*nat',
            ':DOCKER - [0:0]',
            '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
            '-A POSTROUTING -s 10.78.2.0/24 ! -o right -j MASQUERADE',
            'COMMIT',
          ].join('\n'),
          table(
            ':FORWARD DROP [0:0]',
            ':DOCKER - [0:0]',
            ':DOCKER-USER - [0:0]',
            ':DOCKER-ISOLATION-STAGE-1 - [0:0]',
            ':DOCKER-ISOLATION-STAGE-2 - [0:0]',
            '-A FORWARD -j DOCKER-USER',
            '-A FORWARD -j DOCKER-ISOLATION-STAGE-1',
            '-A FORWARD -o right -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
            '-A FORWARD -o right -j DOCKER',
            '-A FORWARD -i right ! -o right -j ACCEPT',
            '-A DOCKER -d 10.78.2.2/32 ! -i right -o right -p tcp -m tcp --dport 80 -j ACCEPT',
            '-A DOCKER -d 10.78.2.2/32 ! -i right -o right -p tcp -m tcp --dport 443 -j ACCEPT',
            '-A DOCKER-ISOLATION-STAGE-1 -i right ! -o right -j DOCKER-ISOLATION-STAGE-2',
            '-A DOCKER-ISOLATION-STAGE-1 -j RETURN',
            '-A DOCKER-ISOLATION-STAGE-2 -o right -j DROP',
            '-A DOCKER-ISOLATION-STAGE-2 -j RETURN',
            '-A DOCKER-USER -p tcp --dport 8080 -j DROP',
            '-A DOCKER-USER -j RETURN',
          ),
        ].join('\n'),
      },
    },
  },
  {
    name: 'IPv4 is looked after, IPv6 lets all ports in but a few',
    // Resets of the host's own filter are those of closed ports, as far as they show.
    may: ['no-filter'],
    routers: 1,
    family: 'both',
    services,
    rules: {
      host: {
        iptables: table(
          ':INPUT DROP [0:0]',
          '-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
          '-A INPUT -p icmp -j ACCEPT',
          '-A INPUT -p tcp --dport 22 -j ACCEPT',
        ),
        ip6tables: table(
          ':INPUT ACCEPT [0:0]',
          '-A INPUT -p tcp -m multiport --dports 110,143,993 -j REJECT --reject-with tcp-reset',
        ),
      },
    },
  },
];

const translating: readonly Idiom[] = [
  {
    name: 'a port goes to another one of the host, the rest is dropped there',
    routers: 1,
    services,
    elsewhere: [110],
    rules: {
      r1: {
        nft: `table inet nat {
          chain pre { type nat hook prerouting priority -100; tcp dport 110 dnat ip to 10.78.2.2:80; }
          chain forward { type filter hook forward priority 0; policy drop;
            ct state established,related accept
            ct status dnat accept
            meta l4proto icmp accept
            tcp dport { 22, 443 } accept
          }
        }`,
      },
    },
  },
  {
    name: 'the web goes through a proxy on the router',
    routers: 1,
    services,
    rules: {
      r1: {
        nft: `table inet nat {
          chain pre { type nat hook prerouting priority -100; tcp dport 80 redirect to :3128; }
          chain forward { type filter hook forward priority 0; policy drop;
            ct state established,related accept
            meta l4proto icmp accept
            tcp dport { 22, 443 } accept
          }
        }`,
      },
    },
  },
];
