/** What is wrong with zones and resolvers, each with what it rests on and what would refute it. @module */

import type { UndecidedName } from '../../model/name-facts.ts';
import { parentOf } from '../message/labels.ts';
import type { Walk } from './walk-nsec.ts';
import type { NameServer, Zone } from './zone-book.ts';
import type { ZoneFinding } from './zone-news.ts';

/** Anyone may copy the zone. */
export function zoneTransferFinding(
  zone: string,
  server: string,
  records: number,
  fact: number,
): ZoneFinding {
  return finding(zone, 'zone-transfer', 'medium', `${server} gives the whole zone to whoever asks`, 1, {
    evidence: [`AXFR of ${zone} from ${server}: ${records} records`],
    facts: fact === 0 ? [] : [fact],
    refutedBy: `AXFR of ${zone} refused by ${server} from here`,
  });
}

/**
 * Servers that zones, or those above them, name and that do not serve them. A server that refers many names, or every one,
 * is one finding about the name above, with some of them.
 */
export function lameFindings(zones: readonly Zone[]): readonly ZoneFinding[] {
  const found = new Map<string, ZoneFinding[]>();
  for (const zone of zones) {
    const lame = lameFinding(zone);
    if (lame === undefined) continue;
    const above = parentOf(zone.apex);
    const known = found.get(above);
    if (known === undefined) found.set(above, [lame]);
    else known.push(lame);
  }
  return [...found].flatMap(([above, all]) => (all.length <= mostLame ? all : [manyLame(above, all)]));
}

function lameFinding({ apex, nameServers }: Zone): ZoneFinding | undefined {
  const lame = nameServers.filter(({ state }) => state === 'lame' || state === 'nameless');
  if (lame.length === 0) return undefined;
  const isAll = nameServers.every(({ state }) => state !== 'serves');
  const claim = `${lame.length} of ${nameServers.length} addresses of its name servers ${lame.length === 1 ? 'does' : 'do'} not serve the zone`;
  return finding(apex, 'lame-delegation', isAll ? 'high' : 'medium', claim, 0.95, {
    evidence: lame.map((server) => `${placeOf(server)}: ${server.said ?? 'it does not serve it'}`),
    refutedBy: `an authoritative answer of each of them to ${apex} SOA`,
  });
}

function manyLame(above: string, all: readonly ZoneFinding[]): ZoneFinding {
  const claim = `${all.length} names below it are delegated to servers of which some or all do not serve them`;
  const isHigh = all.some(({ severity }) => severity === 'high');
  return finding(above, 'lame-delegation', isHigh ? 'high' : 'medium', claim, 0.95, {
    evidence: all.slice(0, mostLame).map(({ host, evidence }) => `${host}: ${evidence[0] ?? ''}`),
    refutedBy: `an authoritative answer of each of these servers to the SOA of its zone`,
  });
}

/** A zone that tells all its names, or makes its proofs up, by its NSEC records. */
export function walkFindings(zone: string, walk: Walk): readonly ZoneFinding[] {
  if (walk.result === 'walked')
    return [
      finding(zone, 'nsec-walkable', 'low', 'its NSEC records name all its names', 1, {
        evidence: [`${walk.names.size} names in ${walk.queries} questions, from ${zone} around to ${zone}`],
        refutedBy: `a name of ${zone} that the chain leaves out`,
      }),
    ];
  if (walk.result !== 'lies') return [];
  return [
    finding(
      zone,
      'nsec-lies',
      'info',
      'its proofs of denial are made for each question: it cannot be walked',
      0.98,
      {
        evidence: walk.evidence,
        refutedBy: 'proofs for two made-up names that cover more than the name that was asked for',
      },
    ),
  ];
}

/** A resolver that gives addresses for names that do not exist. */
export function hijackFinding(
  zone: string,
  server: string,
  name: string,
  values: readonly string[],
): ZoneFinding {
  const claim = `the resolver ${server} gives addresses for names that do not exist; they are not believed`;
  return finding(zone, 'hijacking-resolver', 'high', claim, 0.98, {
    evidence: [
      `${name} does not exist, say the zone's own servers`,
      `${server} answers ${values.join(', ')}`,
    ],
    refutedBy: `NXDOMAIN from ${server} for a made-up name below ${zone}`,
  });
}

/** An alias of a name that does not exist. */
export function danglingFinding(
  zone: string,
  name: string,
  target: string,
  server: string,
  facts: readonly number[],
): ZoneFinding {
  return finding(
    zone,
    'dangling-cname',
    'medium',
    `${name} is an alias of ${target}, which does not exist`,
    0.95,
    {
      evidence: [`${name} CNAME ${target}`, `${target}: NXDOMAIN, twice, from ${server}`],
      facts,
      refutedBy: `any record of ${target}`,
    },
  );
}

/** A server that answers so many questions a second and no more. */
export function rateLimitFinding(
  zone: string,
  server: string,
  perSecond: number,
  sign: UndecidedName,
): ZoneFinding {
  return finding(
    zone,
    'dns-rate-limit',
    'info',
    `${server} answers about ${perSecond} questions a second`,
    0.9,
    {
      evidence: [`beyond ${perSecond} a second: ${signWords[sign]}`],
      refutedBy: `all of more than ${Math.ceil(perSecond * 1.2)} questions a second answered by ${server}`,
    },
  );
}

function finding(
  host: string,
  rule: string,
  severity: 'info' | 'low' | 'medium' | 'high',
  claim: string,
  confidence: number,
  rest: {
    readonly evidence: readonly string[];
    readonly facts?: readonly number[];
    readonly refutedBy: string;
  },
): ZoneFinding {
  return { host, rule, severity, claim, confidence, facts: [], ...rest };
}

function placeOf({ name, address }: NameServer): string {
  return address === undefined ? name : `${name} (${address})`;
}

/** So many delegations of one name are told one by one. */
const mostLame = 8;
const signWords: Readonly<Record<UndecidedName, string>> = {
  timeout: 'silence',
  servfail: 'SERVFAIL',
  refused: 'REFUSED',
  lame: 'no authority',
  malformed: 'broken answers',
  stopped: 'nothing',
  budget: 'nothing',
};
