/**
 * Which system a host runs: what it costs to ask, and whether the answer is right, beside nmap.
 *
 * @module
 */

import { release } from 'node:os';
import { type Bed, withBed } from '../bed.ts';
import { type Case, type Row, time } from '../case.ts';
import { alternate, median } from '../measure.ts';
import { nmap, portolan, type Scan } from '../scanners.ts';

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
];

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

function nameOf({ facts }: Scan): string {
  return facts.find((fact) => fact.type === 'os')?.matches[0]?.name ?? 'nothing';
}

/** Kernels this bed runs on are newer than 4.19, and answer like all since. */
function isThisKernel({ facts }: Scan): boolean {
  const match = facts.find((fact) => fact.type === 'os')?.matches[0];
  return match?.family === 'Linux' && match.generation === '4.19-7.x' && Number(release().split('.')[0]) >= 5;
}
