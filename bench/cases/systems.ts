/**
 * Which system a host runs: what it costs to ask, and whether the answer is right, beside nmap.
 *
 * @module
 */

import { release } from 'node:os';
import type { OsMatch } from '../../src/model/os-fact.ts';
import { isThere, type RealStack, realStacks } from '../../test/net/lab/stacks.ts';
import { type Bed, withBed } from '../bed.ts';
import { type Case, type Row, time } from '../case.ts';
import { alternate, median, type Run } from '../measure.ts';
import { NotYet, nmap, portolan, type Scan } from '../scanners.ts';

const asked = ['-Pn', '-sS', '-p22,81'];

/** Cases about systems; the host is this kernel. */
export const systemCases: readonly Case[] = [
  {
    name: 'systems',
    group: 'truth',
    about: '-O of this kernel, one port open and one closed',
    needs: ['nmap'],
    rounds: 3,
    measure: (rounds) => withBed({ tcp: '22' }, async (bed) => [await row(bed, rounds)]),
  },
  {
    name: 'stacks',
    group: 'truth',
    about: '-O of another stack',
    needs: ['nmap'],
    rounds: 1,
    // Packages as `npm run labs stacks` installs them; a stack that is not there has no row.
    async measure(rounds) {
      const rows: Row[] = [];
      for (const stack of realStacks.filter(isThere)) rows.push(await stackRow(stack, rounds));
      if (rows.length === 0) throw new NotYet('none of the stacks is installed');
      return rows;
    },
  },
];

async function stackRow(stack: RealStack, rounds: number): Promise<Row> {
  const lab = await stack.start();
  try {
    const words = [...asked, lab.addresses[0]];
    const [mine = [], theirs = []] = await alternate<Scan | Run>(rounds, [
      () => portolan(lab, ['-n', '-O', '--no-keep', ...words]),
      () => nmap(lab, ['-O', '-T4', ...words]),
    ]);
    const scans = mine as Scan[];
    const other = [...new Set(theirs.map(({ stdout }) => nmapNames(stdout)))].join('; ');
    const [ms, theirMs] = [scans, theirs].map((runs) => median(runs.map(({ wallMs }) => wallMs))) as [
      number,
      number,
    ];
    return {
      part: stack.name,
      portolan: `${[...new Set(scans.map(nameOf))].join(', ')}, ${time(ms)}`,
      peer: `nmap -O: ${other}, ${time(theirMs)}`,
      ratio: ms / theirMs,
      bar: `${stack.family}${stack.generation === undefined ? '' : ` ${stack.generation}`}, or unknown`,
      holds: scans.every((scan) => matchOf(scan)?.family === stack.family || matchOf(scan) === undefined),
    };
  } finally {
    lab.close();
  }
}

/** The first that nmap names, and how sure it is of how many. */
function nmapNames(xml: string): string {
  const found = [...xml.matchAll(/<osmatch name="([^"]+)" accuracy="(\d+)"/g)];
  const [first] = found;
  return first === undefined ? 'nothing' : `${first[1]} (${first[2]} %, ${found.length} in all)`;
}

async function row(bed: Bed, rounds: number): Promise<Row> {
  const plain = await portolan(bed, ['-n', ...asked, bed.host]);
  const [mine, theirs] = await alternate(rounds, [
    () => portolan(bed, ['-n', '-O', ...asked, bed.host]),
    () => nmap(bed, ['-O', '-T4', ...asked, bed.host]),
  ]);
  const scans = mine as Scan[];
  const more = Math.max(...scans.map((scan) => sent(scan) - sent(plain)));
  const names = [...new Set(scans.map(nameOf))];
  const isRight = scans.every((scan) => isThisKernel(scan)) && isThisKernel(plain);
  const other = theirs ?? [];
  const [best] = other.map(({ stdout }) => /<osmatch name="([^"]+)"/.exec(stdout)?.[1] ?? 'nothing');
  const ms = median(scans.map(({ wallMs }) => wallMs));
  const theirMs = median(other.map(({ wallMs }) => wallMs));
  return {
    portolan: `${names.join(', ')}; ${more} packets more, ${time(ms)}; without -O: ${nameOf(plain)}`,
    peer: `nmap -O: ${best}, ${time(theirMs)}`,
    ratio: ms / theirMs,
    bar: '≤ 30 packets, right; right without',
    holds: isRight && more <= 30,
  };
}

function sent({ summary }: Scan): number {
  return summary?.packets.sent ?? 0;
}

function nameOf(scan: Scan): string {
  return matchOf(scan)?.name ?? 'nothing';
}

function matchOf({ facts }: Scan): OsMatch | undefined {
  return facts.find((fact) => fact.type === 'os')?.matches[0];
}

/** Kernels this bed runs on are newer than 4.19, and answer like all since. */
function isThisKernel(scan: Scan): boolean {
  const match = matchOf(scan);
  return match?.family === 'Linux' && match.generation === '4.19-7.x' && Number(release().split('.')[0]) >= 5;
}
