/**
 * Many addresses at once: what the sender, the schedule and the memory bear.
 *
 * @module
 */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Bed, scannerAddress, withBed } from '../bed.ts';
import { type Case, type Row, ratioRow, time } from '../case.ts';
import { temporaryFolder } from '../cleanup.ts';
import { alternate, type MeasureOptions, measure, median, type Run } from '../measure.ts';
import { compile } from '../native.ts';
import { nmap, portolan, type Scan } from '../scanners.ts';

/** Cases with many hosts. */
export const manyCases: readonly Case[] = [
  {
    name: 'routed-24',
    group: 'speed',
    about: 'SYN, /24 behind a router, 1000 ports',
    needs: ['nmap', 'cc'],
    rounds: 3,
    measure: (rounds) =>
      withBed({ between: 'router', networks: ['10.81.0.0/24'] }, async (bed) => {
        const [mine, theirs, loop] = await alternate<Run>(rounds, [
          () => portolan(bed, ['-n', '-sS', '-p1-1000', '10.81.0.1-254']),
          () => nmap(bed, ['-sS', '-T4', '-p1-1000', '10.81.0.1-254']),
          () => sendLoop(bed, { count: 254_000, to: '10.81.0.1', hosts: 254, port: 1, ports: 1000 }),
        ]);
        const wall = (runs: readonly Run[] = []) => median(runs.map((run) => run.wallMs));
        const closed = (mine as Scan[]).map((scan) => scan.summary?.ports.closed ?? 0);
        const right = closed.every((count) => count === 254_000);
        const note = right ? 'all 254000 closed' : `closed ${Math.min(...closed)} of 254000`;
        const rows = [
          ratioRow('', wall(mine), 'nmap -T4', wall(theirs), 0.6, note),
          ratioRow('sending alone', wall(mine), 'C loop', wall(loop), 1.4, note),
        ];
        // One of the two is enough.
        const either = rows.some((row) => row.holds);
        return rows.map((row) => ({ ...row, bar: `${row.bar} (either)`, holds: either && right }));
      }),
  },
  {
    name: 'every-host',
    group: 'speed',
    about: 'SYN, /16, one port, everything answers',
    needs: ['masscan'],
    rounds: 3,
    measure: (rounds) =>
      withBed(answering, async (bed) => {
        const best = await bestSweep(bed);
        const [mine, theirs] = await alternate<Run>(rounds, [
          () => portolan(bed, ['-n', '-Pn', '-sS', '-p80', '10.64.0.0/16']),
          () => masscan(bed, best.ratePps),
        ]);
        const wall = (runs: readonly Run[] = []) => median(runs.map((run) => run.wallMs));
        const found = (mine as Scan[]).map(({ facts }) => openHosts(facts));
        const row = ratioRow('', wall(mine), `masscan ${best.ratePps}/s, ${best.found}:`, wall(theirs), 1);
        const fewest = Math.min(...found);
        return [
          {
            ...row,
            portolan: `${row.portolan}, ${fewest} of 65536`,
            bar: '65536, < 1 ×',
            holds: row.holds && fewest === 65_536,
          },
        ];
      }),
  },
  sendRate(
    'send-rate',
    'raw sending into a sink, one shard, --sweep',
    '--sweep',
    { hosts: 65_536, ports: 20 },
    0.85,
  ),
  sendRate('scan-rate', 'the same by a scan, which keeps state', '-Pn', { hosts: 16, ports: 65_535 }),
  {
    name: 'memory',
    group: 'speed',
    about: 'SYN, /16 × 100 ports (6.5 M tasks), memory',
    needs: [],
    rounds: 1,
    measure: () =>
      withBed({ networks: ['10.64.0.0/16'] }, async (bed): Promise<Row[]> => {
        const scan = await portolan(bed, ['-n', '-Pn', '-sS', '-F', '10.64.0.0/16'], { timeoutMs: 300_000 });
        const closed = scan.summary?.ports.closed ?? 0;
        return [
          {
            portolan: `${scan.peakMb.toFixed(0)} MB, ${closed} of 6553600 closed, ${time(scan.wallMs)}`,
            peer: '–',
            bar: '≤ 250 MB',
            holds: scan.peakMb <= 250 && closed === 6_553_600,
          },
        ];
      }),
  },
  {
    name: 'sweep-memory',
    group: 'speed',
    about: 'sweep, /16 × 100 ports, all answered; /9 × 2, none',
    needs: [],
    rounds: 1,
    measure: async () => [await sweptAnswers(), await sweptSilence()],
  },
  {
    name: 'journal',
    group: 'speed',
    about: 'SYN, all ports, journal on against off',
    needs: [],
    rounds: 15,
    measure: (rounds) =>
      withBed({}, async (bed) => {
        const file = join(temporaryFolder(), 'journal');
        const [on, off] = await alternate(rounds, [
          () => {
            rmSync(file, { force: true });
            return portolan(bed, ['-n', '-sS', '-p-', '--journal', file, bed.host]);
          },
          () => portolan(bed, ['-n', '-sS', '-p-', bed.host]),
        ]);
        const wall = (runs: readonly Run[] = []) => median(runs.map((run) => run.wallMs));
        return [ratioRow('', wall(on), 'without', wall(off), 1.03)];
      }),
  },
  {
    name: 'all-hosts',
    group: 'truth',
    about: 'SYN, 65,536 hosts × 1 port, nothing missed',
    needs: [],
    rounds: 3,
    measure: (rounds) =>
      withBed(answering, async (bed): Promise<Row[]> => {
        let exact = 0;
        for (let i = 0; i < rounds; i++) {
          const { facts } = await portolan(bed, ['-n', '-Pn', '-sS', '-p80', '10.64.0.0/16']);
          if (openHosts(facts) === 65_536) exact++;
        }
        return [
          {
            portolan: `${exact} of ${rounds} runs exact`,
            peer: '–',
            bar: 'every run',
            holds: exact === rounds,
          },
        ];
      }),
  },
];

/**
 * How fast probes leave when nothing comes back and nothing bounds the rate. `how` makes it a scan or a sweep of so many
 * questions, no more than a scan keeps open at once.
 */
function sendRate(
  name: string,
  about: string,
  how: '-Pn' | '--sweep',
  { hosts, ports }: { readonly hosts: number; readonly ports: number },
  bar?: number,
): Case {
  const targets = `10.64.0.0/${32 - Math.log2(hosts)}`;
  const args = ['-n', how, '-sS', '--max-rate=0', '--max-retries=0', `-p1-${ports}`, targets];
  const loop = { count: hosts * ports, to: '10.64.0.0', hosts, port: 1, ports };
  return {
    name,
    group: 'speed',
    about,
    needs: ['cc'],
    rounds: 7,
    measure: (rounds) =>
      withBed({ networks: ['10.64.0.0/16'], nft: sink }, async (bed) => {
        const [mine, theirs] = await alternate(rounds, [
          () => arrivalRate(bed, (options) => portolan(bed, args, options)),
          () => arrivalRate(bed, (options) => sendLoop(bed, loop, options)),
        ]);
        const [own, peer] = [median(mine ?? []), median(theirs ?? [])];
        return [
          {
            portolan: `${(own / 1e6).toFixed(3)} M/s`,
            peer: `C sendmmsg ${(peer / 1e6).toFixed(3)} M/s`,
            ratio: own / peer,
            bar: bar === undefined ? '–' : `≥ ${bar} ×`,
            holds: bar === undefined || own >= bar * peer,
          },
        ];
      }),
  };
}

/** Every question is answered: what is held of hosts until they are done. */
function sweptAnswers(): Promise<Row> {
  return withBed({ networks: ['10.64.0.0/16'] }, async (bed) => {
    const scan = await portolan(bed, ['-n', '--sweep', '-sS', '-F', '10.64.0.0/16'], { timeoutMs: 300_000 });
    const closed = scan.summary?.ports.closed ?? 0;
    return {
      portolan: `${scan.peakMb.toFixed(0)} MB, ${closed} of 6553600 closed, ${time(scan.wallMs)}`,
      peer: '–',
      bar: '≤ 250 MB',
      holds: scan.peakMb <= 250 && closed === 6_553_600,
    };
  });
}

/** Nothing is answered: what is held of questions. */
function sweptSilence(): Promise<Row> {
  return withBed({ networks: ['10.128.0.0/9'], nft: sink }, async (bed) => {
    const args = ['-n', '--sweep', '--max-rate=0', '-p80,443', '10.128.0.0/9'];
    const scan = await portolan(bed, args, { timeoutMs: 300_000 });
    const { silent = 0 } = scan.summary ?? {};
    const right = silent === 2 ** 24;
    return {
      portolan: `${scan.peakMb.toFixed(0)} MB, ${silent} silent, ${time(scan.wallMs)}`,
      peer: '–',
      bar: '≤ 150 MB',
      holds: scan.peakMb <= 150 && right,
    };
  });
}

/** Cookies for every SYN: the target must not be what loses connections. */
const answering = {
  networks: ['10.64.0.0/16'],
  tcp: '80',
  kernel: { 'ipv4/tcp_syncookies': 2 },
} as const;

const sink =
  'table netdev sink { chain ingress { type filter hook ingress device "eth0" priority 0; ip protocol tcp drop; }; }';

function openHosts(facts: Scan['facts']): number {
  return new Set(facts.flatMap((fact) => (fact.type === 'port' && fact.state === 'open' ? [fact.host] : [])))
    .size;
}

interface Loop {
  readonly count: number;
  readonly to: string;
  readonly hosts: number;
  readonly port: number;
  readonly ports: number;
}

function sendLoop(bed: Bed, loop: Loop, options: MeasureOptions = {}): Promise<Run> {
  const settings = { ...loop, from: scannerAddress, toMac: bed.nextMac };
  const argv = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return measure([compile('sendloop'), 'eth0', ...argv], { ...options, namespace: bed.scanner });
}

/**
 * Packets a second that arrive while a program runs: between a tenth and nine tenths of them, so that neither its
 * start nor the wait at its end counts.
 */
async function arrivalRate(bed: Bed, run: (options: MeasureOptions) => Promise<unknown>): Promise<number> {
  const before = bed.arrived();
  const seen: { readonly atMs: number; readonly count: number }[] = [];
  const look = setInterval(
    () => seen.push({ atMs: performance.now(), count: bed.arrived() - before }),
    lookMs,
  );
  await run({});
  clearInterval(look);
  const total = bed.arrived() - before;
  const first = seen.findLast(({ count }) => count <= 0.1 * total) ?? seen[0];
  const last = seen.find(({ count }) => count >= 0.9 * total);
  if (first === undefined || last === undefined) return 0;
  return ((last.count - first.count) / (last.atMs - first.atMs)) * 1000;
}

interface Sweep extends Run {
  readonly ratePps: number;
  readonly found: number;
}

/**
 * masscan at the fastest of its rates, each half of the one before, at which it misses nobody twice in a row. When
 * it misses somebody at every rate tried, the slowest of them: a lossless rate would take longer still.
 */
async function bestSweep(bed: Bed): Promise<Sweep> {
  for (let ratePps = fastestPps; ; ratePps /= 2) {
    const sweep = await masscan(bed, ratePps);
    if (ratePps <= slowestPps) return sweep;
    if (sweep.found === 65_536 && (await masscan(bed, ratePps)).found === 65_536) return sweep;
  }
}

async function masscan(bed: Bed, ratePps: number): Promise<Sweep> {
  const file = join(temporaryFolder(), 'masscan');
  rmSync(file, { force: true });
  const argv = ['masscan', '10.64.0.0/16', '-p80', '--rate', `${ratePps}`, '--wait', '1', '-oL', file];
  const own = ['-e', 'eth0', '--adapter-ip', scannerAddress, '--router-mac', bed.nextMac];
  const ticker = bed.target.spawn([process.execPath, '-e', tick]);
  const run = await measure([...argv, ...own], { namespace: bed.scanner, timeoutMs: 60_000 });
  ticker.kill('SIGKILL');
  const found = new Set(readFileSync(file, 'utf8').match(/^open tcp 80 \S+/gm)).size;
  return { ...run, ratePps, found };
}

/** A packet now and then: on a silent network masscan waits for one more before it ends. */
const tick = `const s = require('dgram').createSocket('udp4'); setInterval(() => s.send('.', 9, '${scannerAddress}'), 100)`;
const fastestPps = 204_800;
const slowestPps = 6400;
const lookMs = 5;
