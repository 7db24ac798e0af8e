/**
 * Every port of hosts that drop nearly everything: what little they answer must show what the path bears.
 *
 * @module
 */

import { type Bed, type BedPlan, withBed } from '../bed.ts';
import { type Case, findingRules, keysOf, type Row, ratioRow, share, spreadPorts, time } from '../case.ts';
import { alternate, median } from '../measure.ts';
import { isExact, judge, nmap, portolan, type Scan, told } from '../scanners.ts';

const open = [22, 80];
const ports = 65_535;

/** Cases with silent hosts. */
export const silentCases: readonly Case[] = [
  {
    name: 'silent-near',
    group: 'speed',
    about: 'SYN, all ports, two open, the rest dropped',
    needs: ['nmap'],
    rounds: 1,
    measure: (rounds) =>
      withBed(plan(), async (bed): Promise<Row[]> => {
        const { ms, right, found } = await scans(bed, rounds);
        const theirs = await nmap(bed, ['-Pn', '-sS', '-T4', '-p-', bed.host], { timeoutMs: 240_000 });
        const row = ratioRow('', ms, 'nmap -T4', theirs.wallMs, 0.15, found);
        return [{ ...row, holds: row.holds && right }];
      }),
  },
  {
    name: 'silent-far',
    group: 'speed',
    about: 'the same, 50 ms RTT, 1 % loss each way',
    needs: ['cc'],
    rounds: 1,
    measure: (rounds) =>
      withBed(plan({ delayMs: 25, loss: 0.01 }), async (bed): Promise<Row[]> => {
        const { ms, right, found } = await scans(bed, rounds);
        return [
          {
            portolan: `${time(ms)}, ${found}`,
            peer: 'limit 20 s',
            ratio: ms / 20_000,
            bar: '≤ 20 s, all right',
            holds: right && ms <= 20_000,
          },
        ];
      }),
  },
  {
    name: 'silent-narrow',
    group: 'speed',
    about: 'the same, 4000/s bottleneck, queue of 100',
    needs: ['cc'],
    rounds: 1,
    measure: (rounds) =>
      withBed(plan({ delayMs: 1, ratePps: 4000, queue: 100 }), async (bed): Promise<Row[]> => {
        const { ms, right, found } = await scans(bed, rounds);
        const { there } = (await bed.wire?.counters()) ?? {};
        const dropped = (there?.queueDropped ?? 0) / Math.max(there?.received ?? 0, 1);
        const idealMs = (3 * ports) / 4;
        return [
          {
            portolan: `${time(ms)}, ${share(dropped, 1)} dropped, ${found}`,
            peer: `three sendings ${time(idealMs)}`,
            ratio: ms / idealMs,
            bar: '≤ 1.5 ×, ≤ 10 % dropped, all right',
            holds: right && ms <= 1.5 * idealMs && dropped <= 0.1,
          },
        ];
      }),
  },
  {
    name: 'silent-many',
    group: 'speed',
    about: 'the same, 20 such hosts near at once',
    needs: [],
    rounds: 1,
    measure: (rounds) =>
      withBed({ ...plan(), networks: ['10.81.0.0/24'] }, async (bed): Promise<Row[]> => {
        const one = await scans(bed, rounds, [bed.host]);
        const hosts = Array.from({ length: 20 }, (_, i) => `10.81.0.${i + 1}`);
        const many = await scans(bed, rounds, hosts);
        const row = ratioRow('', many.ms, 'one host', one.ms, 8, many.found);
        return [{ ...row, holds: row.holds && one.right && many.right }];
      }),
  },
  {
    name: 'few-sockets',
    group: 'speed',
    about: '-sT with 64 descriptors, 100 silent ports among 3000',
    needs: ['nmap'],
    rounds: 5,
    measure: (rounds) =>
      withBed({ tcp: open.join(','), nft: dropHundred }, async (bed): Promise<Row[]> => {
        const few = { rlimits: { nofile: 64 } };
        const asked = ['-Pn', '-sT', '-p1-3000', bed.host];
        const [mine, theirs] = await alternate(rounds, [
          () => portolan(bed, ['-n', ...asked], few),
          () => nmap(bed, ['-T4', ...asked], few),
        ]);
        const exact = (mine as Scan[]).map(({ facts }) => {
          const closed = judge(facts, keysOf(bed, open), 3000 - hundred.length - open.length, 'closed');
          const silent = judge(facts, keysOf(bed, open), hundred.length, 'filtered');
          return isExact(closed) && isExact(silent) && findingRules(facts).length === 0;
        });
        const slowest = Math.max(...(mine ?? []).map(({ wallMs }) => wallMs));
        const note = exact.every(Boolean) ? 'all right, the slowest' : 'not all right';
        const row = ratioRow(
          '',
          slowest,
          'nmap -T4',
          median((theirs ?? []).map(({ wallMs }) => wallMs)),
          1.5,
          note,
        );
        return [{ ...row, holds: row.holds && exact.every(Boolean) }];
      }),
  },
];

function plan(between?: BedPlan['between']): BedPlan {
  return { tcp: open.join(','), nft: dropMost, ...(between !== undefined && { between }) };
}

/** Scans so often, and judges each. */
async function scans(bed: Bed, rounds: number, hosts: readonly string[] = [bed.host]) {
  const wanted = new Set(hosts.flatMap((host) => open.map((port) => `${host}:${port}`)));
  const times: number[] = [];
  let right = true;
  let found = '';
  for (let i = 0; i < rounds; i++) {
    const scan = await portolan(bed, ['-n', '-Pn', '-sS', '-p-', ...hosts]);
    const judged = judge(scan.facts, wanted, hosts.length * (ports - open.length), 'filtered');
    right &&= isExact(judged) && findingRules(scan.facts).length === 0;
    found = told(judged);
    times.push(scan.wallMs);
  }
  return { ms: median(times), right, found };
}

const dropMost = `table inet sink {
  chain input { type filter hook input priority 0; meta l4proto tcp tcp dport != { ${open.join(', ')} } drop; }
}`;

const hundred = spreadPorts(100, 29);
const dropHundred = `table inet sink {
  chain input { type filter hook input priority 0; meta l4proto tcp tcp dport { ${hundred.join(', ')} } drop; }
}`;
