/**
 * The examples that ferm comes with, as they are but for names: its interfaces become those of the lab, and services
 * that this release's /etc/services does not know are added to a copy of it.
 *
 * Left out: `arptables` and `ebtables`, which look at no TCP, and `resolve`, which asks the internet for names.
 * `antiddos` bans whoever opens three connections: a scan of it meets a true ban, which is told as one. All but
 * `ipv6` are about IPv4 alone, so that IPv6 passes.
 *
 * @module
 */

import type { Fate, RuleSet } from './rule-set.ts';

/** Every example that filters TCP. */
export const fermSets: readonly RuleSet[] = [
  ferm({ example: 'webserver', fateOf: only([80, 443, 25], 'drop') }),
  ferm({ example: 'workstation', fateOf: only([22, 113], 'drop') }),
  ferm({ example: 'fileserver', fateOf: only([22, 139, 445, 111, 2049], 'port-unreach') }),
  ferm({
    example: 'mailserver',
    fateOf: (port) =>
      port === 113 ? 'port-unreach' : only([25, 465, 209, 110, 995, 143, 220, 993], 'drop')(port),
  }),
  ferm({ example: 'ipv6', family: 6, fateOf: only([22, 113], 'drop') }),
  ferm({
    example: 'dmz_router',
    seenFrom: 'the world',
    change: 's/= eth1;/= near;/; s/= eth0;/= far;/',
    on: 'router',
    scanned: 'router',
    fateOf: routerOfTheWorld,
  }),
  ferm({
    example: 'dmz_router',
    seenFrom: 'the DMZ',
    change: 's/= eth2;/= near;/; s/= eth0;/= far;/',
    on: 'router',
    fateOf: () => 'net-prohibited',
  }),
  ferm({
    example: 'dsl_router',
    seenFrom: 'the world',
    change: 's/= ppp0;/= near;/; s/(eth0 eth1)/(far)/',
    on: 'router',
    scanned: 'router',
    fateOf: routerOfTheWorld,
  }),
  ferm({
    example: 'dsl_router',
    seenFrom: 'the world, the host behind it',
    change: 's/= ppp0;/= near;/; s/(eth0 eth1)/(far)/',
    on: 'router',
    fateOf: () => 'drop',
  }),
];

interface Example {
  readonly example: string;
  readonly seenFrom?: string;
  /** sed's words for what is changed. */
  readonly change?: string;
  readonly on?: 'host' | 'router';
  readonly scanned?: 'host' | 'router';
  readonly family?: 4 | 6;
  readonly fateOf: (port: number) => Fate;
}

function ferm({
  example,
  seenFrom,
  change = '',
  on = 'host',
  scanned = 'host',
  family = 4,
  fateOf,
}: Example): RuleSet {
  const file = `/usr/share/doc/ferm/examples/${example}.ferm`;
  return {
    name: `ferm, ${example}${seenFrom === undefined ? '' : `, from ${seenFrom}`}`,
    package: 'ferm',
    program: '/usr/sbin/ferm',
    on,
    scanned,
    copied: ['/etc/ferm', '/etc/services'],
    script: `
for each in 'ssmtp 465/tcp' 'qmtp 209/tcp' 'imap3 220/tcp'; do echo "$each" >> /etc/services; done
sed '${change}' ${file} > /run/example.ferm
ferm /run/example.ferm`,
    shows: /:INPUT DROP/,
    fateOf: (port, asked) => (asked === family ? fateOf(port) : 'pass'),
  };
}

function only(passing: readonly number[], rest: Fate): (port: number) => Fate {
  return (port) => (passing.includes(port) ? 'pass' : rest);
}

function routerOfTheWorld(port: number): Fate {
  if (port === 113) return 'pass';
  return port === 8080 || port === 3128 ? 'port-unreach' : 'drop';
}
