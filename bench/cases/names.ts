/**
 * Name servers: so many names a second, beside dnsperf on the same server.
 *
 * @module
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NameServers } from '../../test/net/lab/name-servers.ts';
import type { Case, Row } from '../case.ts';
import { alternate, measure, median } from '../measure.ts';

const server = '10.55.0.1';
const names = 200_000;
const least = 0.6;

/** Cases with name servers. */
export const nameCases: readonly Case[] = [
  {
    name: 'dns',
    group: 'speed',
    about: '200,000 names of one server (NSD), start of the process apart',
    needs: ['nsd', 'dig', 'dnsperf'],
    rounds: 3,
    async measure(rounds): Promise<readonly Row[]> {
      const servers = new NameServers();
      try {
        const all = Array.from({ length: names }, (_, i) => i);
        const records = all.map((i) => `h${i} A 10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`).join('\n');
        await servers.serve('nsd', server, [{ apex: 'many.test', records }]);
        const questions = join(servers.folder, 'questions');
        writeFileSync(questions, all.map((i) => `h${i}.many.test A\n`).join(''));
        const { namespace } = servers;
        let missed = 0;
        const [mine, theirs] = (await alternate(rounds, [
          async () => {
            const argv = [process.execPath, program, server, String(names)];
            const told = JSON.parse((await measure(argv, { namespace })).stdout) as Told;
            missed += told.missed;
            return told.perSecond;
          },
          async () => {
            const run = await measure(['dnsperf', '-s', server, '-d', questions, '-n', '1'], { namespace });
            return Number(/Queries per second:\s+([\d.]+)/.exec(run.stdout)?.[1]);
          },
        ])) as [number[], number[]];
        const ratio = median(mine) / median(theirs);
        return [
          {
            portolan: `${Math.round(median(mine))}/s, ${missed} missed`,
            peer: `dnsperf ${Math.round(median(theirs))}/s`,
            ratio,
            bar: `≥ ${least} ×, none missed`,
            holds: ratio >= least && missed === 0,
          },
        ];
      } finally {
        servers.close();
      }
    },
  },
];

interface Told {
  readonly perSecond: number;
  readonly missed: number;
}

const program = fileURLToPath(new URL('../dns-program.mjs', import.meta.url));
