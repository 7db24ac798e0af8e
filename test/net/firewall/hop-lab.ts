/**
 * A chain whose filter stops ports in every way there is at one place, and where Portolan finds that each of them ends.
 *
 * @module
 */

import { expect } from 'vitest';
import type { Located } from '../../phases/locate.ts';
import { scriptCommand } from '../lab/script.ts';
import { createChain, type Place, type Rules } from './chain.ts';

/** A filter by its place. */
export interface HopLab {
  readonly place: Place;
  readonly family: 4 | 6;
  /** By iptables instead of nftables: what it has no hook for is left out. */
  readonly isLegacy?: boolean;
  /** Packets that the first router loses, of those that pass and of its own, 0 to 1. */
  readonly loss?: number;
  /** Scans one after the other; 1 by default. */
  readonly rounds?: number;
  /** Scans at the same time, which ask the same routers for errors; 1 by default. */
  readonly together?: number;
}

/** Finds the place of each class of ports, by protocol and tens, once for each scan. */
export async function locateIn({
  place,
  family,
  isLegacy,
  loss,
  rounds = 1,
  together = 1,
}: HopLab): Promise<readonly ReadonlyMap<string, Located>[]> {
  const chain = await createChain({
    routers: 3,
    services: { tcp: { 22: '' } },
    rules: { [place]: isLegacy === true ? legacyRules(place) : rulesAt(place) },
  });
  try {
    if (loss !== undefined) chain.at.r1?.nft(losing(loss));
    const argv = [
      ...scriptCommand('location-program.ts'),
      JSON.stringify({
        rounds,
        targets: [chain.address(family)],
        ports: `T:22,110-112,210-212,220-222,230-231${isLegacy === true ? '' : ',120-122,310-312'},U:210-212,230-231`,
        techniques: ['syn', 'udp'],
        discovery: [],
        reverseNames: 'never',
      }),
    ];
    const ended = await Promise.all(
      Array.from({ length: together }, () => chain.scanner.run(argv, { timeoutMs: rounds * roundMs })),
    );
    const found: Map<string, Located>[] = [];
    for (const { stdout, stderr } of ended) {
      const located = stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Located);
      expect(located, stderr).not.toHaveLength(0);
      const classes = new Set(located.map((each) => each.class)).size;
      expect(located, stderr).toHaveLength(rounds * classes);
      for (let at = 0; at < located.length; at += classes)
        found.push(new Map(located.slice(at, at + classes).map((each) => [each.class, each])));
    }
    return found;
  } finally {
    chain.close();
  }
}

/** Whether a place is what it is said to be, or among the hops that are told. */
export function holds({ stop }: Located, hop: number): boolean {
  const [low, high] = stop?.hopRange ?? [stop?.hop ?? Number.NaN, stop?.hop ?? Number.NaN];
  return low <= hop && hop <= high;
}

/** The hop of a place. */
export function hopOf(place: Place): number {
  return place === 'host' ? 4 : Number(place.slice(1));
}

/** The tens of ports: 11 and 12 before routing, 21 to 23 where packets are forwarded or taken in, 31 off the wire. */
function rulesAt(place: Place): Rules {
  const main = place === 'host' ? 'input' : 'forward';
  return {
    nft: [
      'table inet lab {',
      ...chainOf('prerouting', -300, [
        'tcp dport 110-112 drop',
        'udp dport 110-112 drop',
        `tcp dport 120-122 ${reset}`,
      ]),
      ...chainOf(main, 0, [
        'tcp dport 210-212 drop',
        'udp dport 210-212 drop',
        `tcp dport 220-222 ${reset}`,
        `tcp dport 230-231 ${refusal}`,
        `udp dport 230-231 ${refusal}`,
      ]),
      '}',
      'table netdev lab {',
      ' chain ingress {',
      '  type filter hook ingress device left priority 0;',
      '  tcp dport 310-312 drop',
      ' }',
      '}',
    ].join('\n'),
  };
}

function chainOf(hook: string, priority: number, rules: readonly string[]): readonly string[] {
  return [
    ` chain ${hook} {`,
    `  type filter hook ${hook} priority ${priority};`,
    ...rules.map((rule) => `  ${rule}`),
    ' }',
  ];
}

function legacyRules(place: Place): Rules {
  const main = place === 'host' ? 'INPUT' : 'FORWARD';
  const table = (refusal: string) =>
    [
      '*raw',
      '-A PREROUTING -p tcp --dport 110:112 -j DROP',
      'COMMIT',
      '*filter',
      `-A ${main} -p tcp --dport 210:212 -j DROP`,
      `-A ${main} -p udp --dport 210:212 -j DROP`,
      `-A ${main} -p tcp --dport 220:222 -j REJECT --reject-with tcp-reset`,
      `-A ${main} -p tcp --dport 230:231 -j REJECT --reject-with ${refusal}`,
      `-A ${main} -p udp --dport 230:231 -j REJECT --reject-with ${refusal}`,
      'COMMIT',
    ].join('\n');
  return { iptables: table('icmp-port-unreachable'), ip6tables: table('icmp6-port-unreachable') };
}

/** What the first router loses of all that passes it, in both directions, and of what it says itself. */
function losing(loss: number): string {
  const rule = `numgen random mod 1000 < ${Math.round(1000 * loss)} drop`;
  return [
    'table inet loss {',
    ...chainOf('prerouting', -400, [rule]),
    ...chainOf('output', -400, [rule]),
    '}',
  ].join('\n');
}

/** No round takes so long on a healthy machine. */
const roundMs = 60_000;
const reset = 'reject with tcp reset';
const refusal = 'reject with icmpx type admin-prohibited';
