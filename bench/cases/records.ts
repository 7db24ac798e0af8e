/**
 * Records side by side: how long it takes to tell what changed between two of them, beside ndiff where it reads them too.
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case, Row } from '../case.ts';
import { ratioRow, time } from '../case.ts';
import { temporaryFolder } from '../cleanup.ts';
import { writeNdjsonPair, writeXmlPair } from '../make-records.ts';
import { alternate, measure, median, type Run } from '../measure.ts';

/** Cases with records alone: no packet is sent. */
export const recordCases: readonly Case[] = [
  {
    name: 'diff-xml',
    group: 'speed',
    about: 'diff, two records of nmap’s XML, 20,000 hosts',
    needs: ['ndiff'],
    needsNoLab: true,
    rounds: 1,
    async measure(rounds): Promise<readonly Row[]> {
      const paths = pathsOf('xml');
      const changed = writeXmlPair(paths, 20_000);
      const [mine, theirs] = (await alternate(rounds, [
        async () => {
          const run = await diff(paths);
          mustBeSame(changedPorts(run.told), changed, 'Portolan');
          return run;
        },
        async () => {
          const run = await measure(['ndiff', ...paths], { timeoutMs: 900_000 });
          mustBeSame(ndiffPorts(run.stdout), changed, 'ndiff');
          return run;
        },
      ])) as [Run[], Run[]];
      const note = `${changed.size} changes, ${peakMb(mine)} MB`;
      return [ratioRow('', medianMs(mine), 'ndiff', medianMs(theirs), 0.1, note)];
    },
  },
  {
    name: 'diff-ndjson',
    group: 'speed',
    about: 'diff, two records of 1 M ports',
    needs: [],
    needsNoLab: true,
    rounds: 3,
    async measure(rounds): Promise<readonly Row[]> {
      const paths = pathsOf('ndjson');
      const changed = writeNdjsonPair(paths, 62_500);
      const [runs = []] = await alternate(rounds, [
        async () => {
          const run = await diff(paths);
          mustBeSame(changedPorts(run.told), changed, 'Portolan');
          return run;
        },
      ]);
      const [ms, mb] = [medianMs(runs), peakMb(runs)];
      return [
        {
          portolan: `${time(ms)}, ${changed.size} changes, ${mb} MB`,
          peer: '–',
          bar: '≤ 3 s, ≤ 400 MB',
          holds: ms <= 3000 && mb <= 400,
        },
      ];
    },
  },
];

function pathsOf(ending: string): readonly [string, string] {
  return [join(temporaryFolder(), `before.${ending}`), join(temporaryFolder(), `after.${ending}`)];
}

async function diff(paths: readonly [string, string]): Promise<Run & { readonly told: string }> {
  const out = join(temporaryFolder(), 'changes.ndjson');
  const run = await measure([process.execPath, program, 'diff', ...paths, '-oJ', out]);
  if (run.status !== 1 && run.status !== 3) throw new Error(`diff ended with ${run.status}: ${run.stderr}`);
  return { ...run, told: readFileSync(out, 'utf8') };
}

function changedPorts(told: string): ReadonlySet<string> {
  const lines = told.split('\n').filter(Boolean);
  const changes = lines.map((line) => JSON.parse(line) as { host: string; port: number; protocol: string });
  return new Set(changes.map(({ host, port, protocol }) => `${host} ${port}/${protocol}`));
}

/** What ndiff tells below the line of each host: `-22/tcp open ssh` and `+22/tcp closed`. */
function ndiffPorts(text: string): ReadonlySet<string> {
  const ports = new Set<string>();
  let host = '';
  for (const line of text.split('\n')) {
    host = /^[ +-](?:\S+ \()?(\d+\.\d+\.\d+\.\d+)\)?:$/.exec(line)?.[1] ?? host;
    const port = /^[+-](\d+\/\w+)\s/.exec(line)?.[1];
    if (port !== undefined) ports.add(`${host} ${port}`);
  }
  return ports;
}

function mustBeSame(found: ReadonlySet<string>, wanted: ReadonlySet<string>, who: string): void {
  const isSame = found.size === wanted.size && [...found].every((one) => wanted.has(one));
  if (!isSame) throw new Error(`${who} tells ${found.size} ports, changed are ${wanted.size}`);
}

function medianMs(runs: readonly Run[]): number {
  return median(runs.map(({ wallMs }) => wallMs));
}

function peakMb(runs: readonly Run[]): number {
  return Math.round(Math.max(...runs.map((run) => run.peakMb)));
}

const program = fileURLToPath(new URL('../../bin/portolan.js', import.meta.url));
