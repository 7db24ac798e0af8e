/**
 * Behind the rule sets of real firewalls, with the limits of kernels on ICMP errors: beside nmap -T4, and right.
 *
 * @module
 */

import {
  refusesByError,
  ruleSets,
  statesOf,
  type Walled,
  walledLab,
} from '../../test/net/lab/rule-sets/index.ts';
import { type Case, findingRules, type Row, ratioRow, time } from '../case.ts';
import { alternate, median, type Run } from '../measure.ts';
import { nmap, portolan, type Scan, verdicts } from '../scanners.ts';

/** One case with a row for each rule set and way of asking. */
export const firewallCases: readonly Case[] = [
  {
    name: 'firewalls',
    group: 'speed',
    about: 'behind real rule sets',
    needs: ['nmap', 'firewall-cmd', 'ufw', 'shorewall6', 'ferm', 'fail2ban-client'],
    rounds: 2,
    async measure(rounds) {
      const rows: Row[] = [];
      for (const name of measured) {
        const rules = ruleSets.find((each) => each.name === name);
        if (rules === undefined) throw new Error(`no rule set is called ${name}`);
        const walled = await walledLab(rules);
        try {
          for (const way of ways) rows.push(await rowOf(walled, way, rounds));
        } finally {
          walled.close();
        }
      }
      return rows;
    },
  },
];

interface Way {
  readonly technique: 'syn' | 'connect';
  readonly family: 4 | 6;
  readonly words: readonly string[];
}

async function rowOf(walled: Walled, { technique, family, words }: Way, rounds: number): Promise<Row> {
  const { rules, lab, target } = walled;
  const bed = { scanner: lab.scanner.namespace };
  const host = family === 4 ? target.v4 : target.v6;
  const asked = ['-Pn', technique === 'syn' ? '-sS' : '-sT', ...words];
  const [mine, theirs] = (await alternate<Run>(rounds, [
    () => portolan(bed, ['-n', ...asked, host]),
    () => nmap(bed, [...(family === 6 ? ['-6'] : []), ...asked, '-T4', host], { timeoutMs: longestNmapMs }),
  ])) as [Scan[], Run[]];
  const faults = mine.reduce((sum, { facts }) => {
    const { of } = verdicts(facts);
    const portOf = (key: string) => Number(key.slice(host.length + 1));
    const isWrong = ([key, { state }]: [string, { state: string }]) =>
      !statesOf(rules, technique, portOf(key), family).includes(state);
    const mayBeLimited = refusesByError(rules, [...of.keys()].map(portOf), family);
    const isFalse = (rule: string) => rule !== 'icmp-rate-limit' || !mayBeLimited;
    return sum + [...of].filter(isWrong).length + findingRules(facts).filter(isFalse).length;
  }, 0);
  const peerMs = median(theirs.map(({ wallMs }) => wallMs));
  const slowestMs = Math.max(...mine.map(({ wallMs }) => wallMs));
  const row = ratioRow(
    `${rules.name}: ${asked.slice(1).join(' ')}, IPv${family}`,
    median(mine.map(({ wallMs }) => wallMs)),
    theirs.some(({ timedOut }) => timedOut) ? 'nmap -T4, ended after' : 'nmap -T4',
    peerMs,
    most,
    `slowest ${time(slowestMs)}, ${faults === 0 ? 'all right' : `${faults} wrong`}`,
  );
  const isSoon = slowestMs <= Math.max(most * peerMs, peerMs + slackMs);
  return { ...row, bar: `each ≤ ${most} × or ${slackMs} ms more`, holds: isSoon && faults === 0 };
}

/** One of each kind: errors, resets and silence, on a host and on a router, with ports that answer and without. */
const measured = [
  'firewalld, zone public, on the host',
  'firewalld, zone public, on the router',
  'ufw, default deny',
  'ufw, default reject',
  'shorewall, one interface',
  'ferm, dmz_router, from the DMZ',
  'fail2ban, nftables-multiport',
];

const ways: readonly Way[] = (['syn', 'connect'] as const).flatMap((technique) =>
  ([4, 6] as const).flatMap((family) => [['-F'], []].map((words) => ({ technique, family, words }))),
);
const most = 1.5;
const slackMs = 300;
/** An nmap that has taken so long has shown that it is slower: where refusals are limited it waits for each connection. */
const longestNmapMs = 8000;
