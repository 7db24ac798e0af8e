/**
 * Paths as they are outside a laboratory: far, lossy, narrow, unsteady.
 *
 * @module
 */

import { until } from '../../test/net/lab/process.ts';
import { type Bed, type BedPlan, scannerAddress, withBed } from '../bed.ts';
import { type Case, keysOf, type Row, share, spreadPorts, time } from '../case.ts';
import { measure, median } from '../measure.ts';
import { compile } from '../native.ts';
import { isExact, type Judgement, judge, nmap, nmapOpen, portolan, type Scan, told } from '../scanners.ts';
import type { Wire, WireOptions } from '../wire.ts';

/** Cases over a wire. */
export const pathCases: readonly Case[] = [
  {
    name: 'wire',
    group: 'speed',
    about: "the bench's own wire, 25 ms each way, asked and answered",
    needs: ['cc'],
    rounds: 1,
    measure: () =>
      withBed({ between: { delayMs: 25 } }, async (bed): Promise<Row[]> => {
        const [wire, count] = [bed.wire as Wire, 1_000_000];
        const loop = { count, from: scannerAddress, to: bed.host, toMac: bed.nextMac, ratePps: 200_000 };
        const argv = Object.entries(loop).map(([name, value]) => `${name}=${value}`);
        const { wallMs } = await measure([compile('sendloop'), 'eth0', ...argv], { namespace: bed.scanner });
        let now = await wire.counters();
        await until('the wire to be empty', async () => {
          const before = now.back.passed;
          now = await wire.counters();
          return now.there.passed + now.there.missed >= count && now.back.passed === before;
        });
        const ratePps = count / (wallMs / 1000);
        const missed = now.there.missed + now.back.missed;
        return [
          {
            portolan: '–',
            peer: `${(ratePps / 1e6).toFixed(2)} M/s carried, ${missed} missed`,
            bar: '≥ 0.15 M/s, none missed',
            holds: missed === 0 && ratePps >= 150_000,
          },
        ];
      }),
  },
  {
    name: 'far-lossy',
    group: 'speed',
    about: 'SYN, all ports, 50 ms RTT, 1 % loss each way',
    needs: ['cc'],
    rounds: 3,
    measure: (rounds) =>
      overWire({ delayMs: 25, loss: 0.01 }, spreadPorts(500, 131), async (bed, open): Promise<Row[]> => {
        const runs = await repeat(rounds, () => scanAndJudge(bed, ['-p-'], open, 65_035));
        const ms = median(runs.map(({ scan }) => scan.wallMs));
        const all = total(runs);
        const right = all.openFound === all.openExpected && all.falseOpen === 0;
        return [
          {
            portolan: `${time(ms)}, ${told(all)}`,
            peer: 'limit 6 s',
            ratio: ms / 6000,
            bar: '≤ 6 s, all open, closed ≥ 99.99 %',
            holds: ms <= 6000 && right && all.restRight >= 0.9999 * all.restExpected,
          },
        ];
      }),
  },
  {
    name: 'bottleneck',
    group: 'speed',
    about: 'SYN, all ports, 10,000/s bottleneck, queue of 200',
    needs: ['cc'],
    rounds: 2,
    measure: (rounds) =>
      overWire({ delayMs: 10, ratePps: 10_000, queue: 200 }, spreadPorts(500, 131), async (bed, open) => {
        const runs = await repeat(rounds, async () => {
          const before = await bed.wire?.counters();
          const run = await scanAndJudge(bed, ['-p-'], open, 65_035);
          const after = await bed.wire?.counters();
          const of = (name: 'received' | 'queueDropped') =>
            (after?.there[name] ?? 0) - (before?.there[name] ?? 0);
          return { ...run, dropped: of('queueDropped'), sent: of('received') };
        });
        const ms = median(runs.map(({ scan }) => scan.wallMs));
        const dropped = Math.max(...runs.map((run) => run.dropped / run.sent));
        const all = total(runs);
        const idealMs = 65_535 / 10 + 20;
        return [
          {
            portolan: `${time(ms)}, ${share(dropped, 1)} dropped, ${told(all)}`,
            peer: `ideal ${time(idealMs)}`,
            ratio: ms / idealMs,
            bar: '≤ 1.6 ×, ≤ 10 % dropped, all right',
            holds: ms <= 1.6 * idealMs && dropped <= 0.1 && isExact(all),
          },
        ];
      }),
  },
  {
    name: 'all-open',
    group: 'truth',
    about: 'SYN, 65,535 open ports, nothing missed',
    needs: [],
    rounds: 3,
    measure: (rounds) =>
      withBed({ tcp: '1-65535', kernel: { 'ipv4/tcp_syncookies': 2 } }, async (bed): Promise<Row[]> => {
        const open = keysOf(bed, spreadPorts(65_535, 1));
        const runs = await repeat(rounds, () => scanAndJudge(bed, ['-p-'], open, 0));
        const exact = runs.filter(({ judged }) => isExact(judged)).length;
        return [
          {
            portolan: `${exact} of ${rounds} runs exact${exact < rounds ? `: ${told(total(runs))}` : ''}`,
            peer: '–',
            bar: 'every run',
            holds: exact === rounds,
          },
        ];
      }),
  },
  lossCase('loss-5', 0.05, 10, async (bed, open, runs) => {
    const limitMs = 60_000;
    const theirs = await nmap(bed, ['-Pn', '-sS', '-T4', '-p1-2000', bed.host], { timeoutMs: limitMs });
    const ms = median(runs.map(({ scan }) => scan.wallMs));
    const all = total(runs);
    const found = theirs.timedOut ? 'nothing' : `${nmapOpen(theirs.stdout).size} of ${open.size}`;
    return {
      portolan: `${time(ms)}, ${share(all.openFound, all.openExpected)} of open`,
      peer: `nmap -T4 ${theirs.timedOut ? '> ' : ''}${time(theirs.wallMs)}, ${found}`,
      ratio: ms / theirs.wallMs,
      bar: '≥ 99.99 %, ≤ 0.33 ×',
      holds: share99(all, 0.9999) && ms <= theirs.wallMs / 3,
    };
  }),
  lossCase('loss-20', 0.2, 5, async (_bed, _open, runs) => {
    const ms = median(runs.map(({ scan }) => scan.wallMs));
    const all = total(runs);
    const most = Math.max(
      ...runs.flatMap(({ scan }) => scan.facts.map((fact) => (fact.type === 'port' ? fact.attempts : 0))),
    );
    return {
      portolan: `${time(ms)}, ${share(all.openFound, all.openExpected)} of open, ≤ ${most} attempts`,
      peer: 'limit 15 s',
      ratio: ms / 15_000,
      bar: '≥ 99.95 %, ≤ 15 s, ≤ 8 attempts',
      holds: share99(all, 0.9995) && ms <= 15_000 && most <= 8,
    };
  }),
  {
    name: 'loss-interval',
    group: 'truth',
    about: 'the stated loss interval holds the true loss',
    needs: ['cc'],
    rounds: 40,
    measure: (rounds) =>
      overWire({ delayMs: 2, loss: 0.05 }, spreadPorts(50, 20), async (bed, open): Promise<Row[]> => {
        // A probe is lost when it or its answer is.
        const truth = 1 - 0.95 ** 2;
        const runs = await repeat(rounds, () => scanAndJudge(bed, ['-p1-1000'], open, 950));
        const stated = runs.flatMap(({ scan }) => scan.summary?.loss ?? []);
        const held = stated.filter(({ low, high }) => low <= truth && truth <= high).length;
        const middle = median(stated.map(({ estimate }) => estimate));
        return [
          {
            portolan: `${held} of ${rounds} intervals, median ${(100 * middle).toFixed(2)} %`,
            peer: `true ${(100 * truth).toFixed(2)} %`,
            bar: '≥ 95 %',
            holds: held >= 0.95 * rounds,
          },
        ];
      }),
  },
  {
    name: 'jitter',
    group: 'truth',
    about: 'SYN, 2000 ports, jitter 0–500 ms, 10 % duplicates and overtaking',
    needs: ['cc'],
    rounds: 2,
    measure: (rounds) =>
      overWire(
        { delayMs: 1, jitterMs: 500, duplicate: 0.1, reorder: 0.1 },
        spreadPorts(200, 10),
        async (bed, open): Promise<Row[]> => {
          const runs = await repeat(rounds, () => scanAndJudge(bed, ['-p1-2000'], open, 1800));
          const ms = median(runs.map(({ scan }) => scan.wallMs));
          const all = total(runs);
          return [
            {
              portolan: `${told(all)}, ${time(ms)}`,
              peer: '–',
              bar: 'all right, none twice',
              holds: isExact(all),
            },
          ];
        },
      ),
  },
];

interface Judged {
  readonly scan: Scan;
  readonly judged: Judgement;
}

/** A case of 2000 ports, half of them open, over a wire that loses. */
function lossCase(
  name: string,
  loss: number,
  rounds: number,
  row: (bed: Bed, open: ReadonlySet<string>, runs: readonly Judged[]) => Promise<Row>,
): Case {
  return {
    name,
    group: 'truth',
    about: `SYN, 2000 ports, ${100 * loss} % loss each way`,
    needs: ['cc', 'nmap'],
    rounds,
    measure: (rounds) =>
      overWire({ delayMs: 5, loss }, spreadPorts(1000, 2), async (bed, open) => {
        const runs = await repeat(rounds, () => scanAndJudge(bed, ['-p1-2000'], open, 1000));
        return [await row(bed, open, runs)];
      }),
  };
}

function overWire(
  wire: WireOptions,
  ports: readonly number[],
  work: (bed: Bed, open: ReadonlySet<string>) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const plan: BedPlan = { between: wire, tcp: ports.join(',') };
  return withBed(plan, (bed) => work(bed, keysOf(bed, ports)));
}

async function scanAndJudge(
  bed: Bed,
  args: readonly string[],
  open: ReadonlySet<string>,
  closed: number,
): Promise<Judged> {
  const scan = await portolan(bed, ['-n', '-Pn', '-sS', ...args, bed.host]);
  return { scan, judged: judge(scan.facts, open, closed, 'closed') };
}

/** A share of open ports, or as near to it as the numbers allow: three standard deviations below. */
function share99({ openFound, openExpected, falseOpen }: Judgement, least: number): boolean {
  const expectedMissed = (1 - least) * openExpected;
  return falseOpen === 0 && openExpected - openFound <= expectedMissed + 3 * Math.sqrt(expectedMissed);
}

/** All runs judged as one. */
function total(runs: readonly Judged[]): Judgement {
  const sum = (of: (judged: Judgement) => number) => runs.reduce((all, { judged }) => all + of(judged), 0);
  return {
    openFound: sum((each) => each.openFound),
    openExpected: sum((each) => each.openExpected),
    falseOpen: sum((each) => each.falseOpen),
    restRight: sum((each) => each.restRight),
    restExpected: sum((each) => each.restExpected),
    duplicates: sum((each) => each.duplicates),
  };
}

async function repeat<Result>(rounds: number, run: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let i = 0; i < rounds; i++) results.push(await run());
  return results;
}
