/**
 * Behind the rule sets of real firewalls, with the limits of kernels on ICMP errors: beside nmap -T4, and right.
 *
 * @module
 */

import { ruleSets, statesOf, type Walled, walledLab } from '../../test/net/lab/rule-sets/index.ts';
import { type Case, type Row, ratioRow } from '../case.ts';
import { alternate, median } from '../measure.ts';
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
  const [mine, theirs] = await alternate(rounds, [
    () => portolan(bed, ['-n', ...asked, host]),
    () => nmap(bed, [...(family === 6 ? ['-6'] : []), ...asked, '-T4', host], { timeoutMs: 300_000 }),
  ]);
  const wrong = (mine as Scan[]).reduce((sum, { facts }) => {
    const { of } = verdicts(facts);
    const isWrong = ([key, { state }]: [string, { state: string }]) =>
      !statesOf(rules, technique, Number(key.slice(host.length + 1)), family).includes(state);
    return sum + [...of].filter(isWrong).length;
  }, 0);
  const wall = (runs = mine) => median((runs ?? []).map((run) => run.wallMs));
  const part = `${rules.name}: ${asked.slice(1).join(' ')}, IPv${family}`;
  const row = ratioRow(
    part,
    wall(mine),
    'nmap -T4',
    wall(theirs),
    most,
    wrong === 0 ? 'all right' : `${wrong} wrong`,
  );
  const isSoon = row.holds || wall(mine) <= wall(theirs) + slackMs;
  return { ...row, bar: `≤ ${most} × or ${slackMs} ms more`, holds: isSoon && wrong === 0 };
}

/** One of each kind: errors, silence, resets, on a host and on a router. */
const measured = [
  'firewalld, zone public, on the host',
  'firewalld, zone drop, on the host',
  'firewalld, zone public, on the router',
  'ufw, default deny',
  'ufw, default reject',
  'shorewall, one interface',
  'shorewall, the router itself from the local side',
  'ferm, fileserver',
  'ferm, dmz_router, from the DMZ',
  'fail2ban, nftables-multiport',
  'fail2ban, nftables-allports',
];

const ways: readonly Way[] = [
  { technique: 'syn', family: 4, words: ['-F'] },
  { technique: 'syn', family: 4, words: [] },
  { technique: 'syn', family: 6, words: ['-F'] },
  { technique: 'syn', family: 6, words: [] },
  { technique: 'connect', family: 4, words: ['-F'] },
  { technique: 'connect', family: 6, words: ['-F'] },
];
const most = 1.5;
const slackMs = 300;
