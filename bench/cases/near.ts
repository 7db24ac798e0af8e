/**
 * One near host over a bare veth: what the program itself costs.
 *
 * @module
 */

import { withBed } from '../bed.ts';
import { type Case, keysOf, type Row, ratioRow, spreadPorts } from '../case.ts';
import { alternate, measure, median } from '../measure.ts';
import { isExact, judge, nmap, nmapOpen, portolan, portolanCommand, type Scan, told } from '../scanners.ts';

/** Cases with one near host. */
export const nearCases: readonly Case[] = [
  {
    name: 'start-up',
    group: 'speed',
    about: '--version',
    needs: [],
    rounds: 15,
    async measure(rounds) {
      const [mine, node] = await alternate(rounds, [
        () => measure([...portolanCommand, '--version']),
        () => measure([process.execPath, '-e', '0']),
      ]);
      const wall = (runs = mine) => median((runs ?? []).map((run) => run.wallMs));
      return [ratioRow('', wall(mine), 'node -e 0', wall(node), 1.6)];
    },
  },
  againstNmap('connect-1000', 'connect, 1000 ports, near host', ['-sT', '-p1-1000'], 1000, 3, 7),
  againstNmap('near-syn', 'SYN, all ports, near host', ['-sS', '-p-'], 65_535, 0.75, 5),
  againstNmap('near-connect', 'connect, all ports, near host', ['-sT', '-p-'], 65_535, 1, 5),
  {
    name: 'silent-host',
    group: 'speed',
    about: 'SYN, 1000 ports, everything dropped',
    needs: ['nmap'],
    rounds: 2,
    measure: (rounds) =>
      withBed({ nft: dropTcp }, async (bed) => {
        const [mine, theirs] = await alternate(rounds, [
          () => portolan(bed, ['-n', '-Pn', '-sS', bed.host]),
          () => nmap(bed, ['-Pn', '-sS', '-T4', bed.host]),
        ]);
        const scans = mine as Scan[];
        const found = told(judge((scans[0] as Scan).facts, new Set(), 1000, 'filtered'));
        const wall = (runs = mine) => median((runs ?? []).map((run) => run.wallMs));
        const right = scans.every(({ facts }) => isExact(judge(facts, new Set(), 1000, 'filtered')));
        const row = ratioRow('', wall(mine), 'nmap -T4', wall(theirs), 0.5, found);
        return [{ ...row, holds: row.holds && right }];
      }),
  },
];

/** The whole of a host's TCP thrown away; everything else, ARP above all, as usual. */
export const dropTcp =
  'table inet sink { chain input { type filter hook input priority 0; meta l4proto tcp drop; }; }';

function againstNmap(
  name: string,
  about: string,
  args: readonly string[],
  ports: number,
  most: number,
  rounds: number,
): Case {
  return {
    name,
    group: 'speed',
    about,
    needs: ['nmap'],
    rounds,
    measure: (rounds) =>
      withBed({ tcp: openPorts.join(',') }, async (bed) => {
        const open = keysOf(
          bed,
          openPorts.filter((port) => port <= ports),
        );
        const [mine, theirs] = await alternate(rounds, [
          () => portolan(bed, ['-n', ...args, bed.host]),
          () => nmap(bed, [...args, bed.host]),
        ]);
        const scans = mine as Scan[];
        const wall = (runs = mine) => median((runs ?? []).map((run) => run.wallMs));
        const judged = scans.map(({ facts }) => judge(facts, open, ports - open.size, 'closed'));
        const right = judged.every(isExact);
        const worst = judged.find((each) => !isExact(each)) ?? judged[0];
        const nmapMissed = (theirs ?? []).filter((run) => nmapOpen(run.stdout).size !== open.size).length;
        const peer = nmapMissed === 0 ? 'nmap' : `nmap (wrong ${nmapMissed} times)`;
        const row = ratioRow(
          '',
          wall(mine),
          peer,
          wall(theirs),
          most,
          told(worst as (typeof judged)[0] & object),
        );
        return [
          { ...row, holds: row.holds && right },
          ...(ports > 1000 ? [memoryRow(scans, theirs ?? [])] : []),
        ];
      }),
  };
}

function memoryRow(mine: readonly { peakMb: number }[], theirs: readonly { peakMb: number }[]): Row {
  const [peak, peer] = [mine, theirs].map((runs) => Math.max(...runs.map((run) => run.peakMb))) as [
    number,
    number,
  ];
  return {
    part: 'memory',
    portolan: `${peak.toFixed(0)} MB`,
    peer: `nmap ${peer.toFixed(0)} MB`,
    bar: '≤ 150 MB',
    holds: peak <= 150,
  };
}

const openPorts = spreadPorts(500, 131);
