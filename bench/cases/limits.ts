/**
 * Targets that answer less than they are asked: limits on resets and ICMP, a ban, proxies that answer for all.
 *
 * @module
 */

import type { RecordedFact } from '../../src/model/fact.ts';
import { type Bed, withBed } from '../bed.ts';
import { type Case, findingRules, keysOf, type Row, spreadPorts, time } from '../case.ts';
import { measure } from '../measure.ts';
import { isExact, judge, nmapOpen, portolan, told, verdicts } from '../scanners.ts';

/** Cases with targets that limit, ban or pretend. */
export const limitCases: readonly Case[] = [
  {
    name: 'udp',
    group: 'speed',
    about: 'UDP, 20 services among 200 ports, default ICMP limits',
    needs: ['nmap', 'cc'],
    rounds: 1,
    measure: () =>
      withBed(
        { between: { delayMs: 1 }, udp: udpPorts.join(','), kernel: defaultIcmp },
        async (bed): Promise<Row[]> => {
          const wanted = keysOf(bed, udpPorts);
          const startedAt = Date.now();
          const scan = await portolan(bed, ['-n', '-Pn', '-sU', '-p1-200', bed.host]);
          const open = scan.facts.filter((fact) => fact.type === 'port' && fact.state === 'open');
          const known = Math.max(...open.map((fact) => Date.parse((fact as { at: string }).at))) - startedAt;
          const right = told(judge(scan.facts, wanted, 180, 'closed'));
          const argv = ['nmap', '-n', '-Pn', '-sU', '-p1-200', bed.host, '-oX', '-'];
          const theirs = await measure(argv, { namespace: bed.scanner, timeoutMs: 300_000 });
          return [
            {
              portolan: `${time(known)} until all are known, ${time(scan.wallMs)} in all, ${right}`,
              peer: `nmap ${time(theirs.wallMs)}, ${nmapOpen(theirs.stdout).size} of 20`,
              ratio: known / theirs.wallMs,
              bar: '≤ 0.1 ×',
              holds: open.length === 20 && known <= 0.1 * theirs.wallMs,
            },
          ];
        },
      ),
  },
  {
    name: 'rst-limit',
    group: 'truth',
    about: 'SYN, closed ports, resets limited',
    needs: ['cc'],
    rounds: 1,
    measure: async (): Promise<Row[]> => [
      await resetLimitRow('200/s, 2000 ports', 200, 2000, 4),
      await resetLimitRow('50/s, 500 ports', 50, 500, 4),
      await resetLimitRow('1000/s, 10,000 ports', 1000, 10_000, 4),
      await resetLimitRow('200/s, 2000 ports, IPv6', 200, 2000, 6),
    ],
  },
  {
    name: 'icmp-limit',
    group: 'truth',
    about: 'UDP, 30 closed ports, one ICMP error a second after six',
    needs: ['cc'],
    rounds: 1,
    measure: () =>
      withBed({ between: { delayMs: 1 }, kernel: defaultIcmp }, async (bed): Promise<Row[]> => {
        const scan = await portolan(bed, ['-n', '-Pn', '-sU', '-p1-30', bed.host]);
        const judged = judge(scan.facts, new Set(), 30, 'closed');
        const used = (30 - 6) / ((scan.summary?.elapsedMs ?? scan.wallMs) / 1000);
        const named = findingRules(scan.facts).includes('icmp-rate-limit');
        return [limitRow(scan.wallMs, told(judged), used, named, isExact(judged))];
      }),
  },
  {
    name: 'banned',
    group: 'truth',
    about: 'SYN, 5000 ports, banned after 1000 probes',
    needs: ['cc'],
    rounds: 1,
    measure: () =>
      withBed({ between: { delayMs: 5 }, nft: ban }, async (bed): Promise<Row[]> => {
        const watch = watchFor(bed, 1000);
        const scan = await portolan(bed, ['-n', '-Pn', '-sS', '-p1-5000', bed.host]);
        const bannedAt = watch.stop();
        const finding = scan.facts.find((fact) => fact.type === 'finding' && fact.rule === 'scan-blocked');
        const noticedMs =
          finding?.type === 'finding' ? Date.parse(finding.at) - bannedAt : Number.POSITIVE_INFINITY;
        const states = counts(scan.facts);
        const told = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
        const right = !states.has('filtered') && states.has('unknown') && scan.status === 3;
        return [
          {
            portolan: `${told}, noticed after ${time(noticedMs)}, exit ${scan.status}`,
            peer: '–',
            bar: 'none filtered, ≤ 2 s, exit 3',
            holds: right && noticedMs <= 2000,
          },
        ];
      }),
  },
  pretender('syn-proxy', 'a SYN proxy in front of one open port', synProxy(), ['syn-proxy'], [80]),
  pretender('redirect-all', 'one listener behind all ports', redirectAll(), ['redirect-all', 'tarpit'], []),
];

const udpPorts = spreadPorts(20, 10);

/** What Linux does when nobody changes it: one error a second for each address, after a burst of six. */
const defaultIcmp = {
  'ipv4/icmp_ratelimit': 1000,
  'ipv4/icmp_msgs_per_sec?': 1000,
  'ipv4/icmp_msgs_burst?': 50,
} as const;

const ban = `table inet ban {
  set seen { type ipv4_addr; flags dynamic; }
  set banned { type ipv4_addr; flags dynamic; }
  chain input {
    type filter hook input priority 0;
    ip saddr @banned drop
    meta l4proto tcp add @seen { ip saddr limit rate over 1/hour burst 1000 packets } add @banned { ip saddr } drop
  }
}`;

/** A SYN scan of a target that sends so many resets a second, five at once. */
function resetLimitRow(part: string, perSecond: number, ports: number, family: 4 | 6): Promise<Row> {
  const nft = `table inet limits { chain output { type filter hook output priority 0; tcp flags rst limit rate over ${perSecond}/second burst 5 packets drop; }; }`;
  return withBed({ between: { delayMs: 1 }, nft }, async (bed) => {
    bed.scanner.ip('addr add fd80::1/64 dev eth0 nodad');
    bed.target.ip('addr add fd80::2/64 dev eth0 nodad');
    const host = family === 4 ? bed.host : 'fd80::2';
    const scan = await portolan(bed, ['-n', '-Pn', '-sS', `-p1-${ports}`, host]);
    const judged = judge(scan.facts, new Set(), ports, 'closed');
    const used = ports / perSecond / ((scan.summary?.elapsedMs ?? scan.wallMs) / 1000);
    const named = findingRules(scan.facts).includes('rst-rate-limit');
    return { part, ...limitRow(scan.wallMs, told(judged), used, named, isExact(judged)) };
  });
}

function limitRow(wallMs: number, judged: string, used: number, named: boolean, right: boolean): Row {
  return {
    portolan: `${judged}, ${(100 * Math.min(used, 1)).toFixed(1)} % of the limit, ${time(wallMs)}, ${named ? 'named' : 'not named'}`,
    peer: '–',
    bar: 'all right, ≥ 95 % of it, named',
    holds: right && used >= 0.95 && named,
  };
}

/** Notes when so many packets have arrived at a bed's target. */
function watchFor(bed: Bed, packets: number): { stop(): number } {
  const enough = bed.arrived() + packets;
  let reachedAt = Number.POSITIVE_INFINITY;
  const look = setInterval(() => {
    if (reachedAt === Number.POSITIVE_INFINITY && bed.arrived() >= enough) reachedAt = Date.now();
  }, lookMs);
  return {
    stop() {
      clearInterval(look);
      return reachedAt;
    },
  };
}

/** A host whose ports all seem open. */
function pretender(
  name: string,
  about: string,
  nft: string,
  rules: readonly string[],
  truly: readonly number[],
): Case {
  return {
    name,
    group: 'truth',
    about: `SYN, 100 ports, ${about}`,
    needs: ['cc'],
    rounds: 1,
    measure: () =>
      withBed({ between: { delayMs: 1 }, tcp: '80', nft }, async (bed): Promise<Row[]> => {
        const scan = await portolan(bed, ['-n', '-Pn', '-sS', '-p1-100', bed.host]);
        const open = counts(scan.facts).get('open') ?? 0;
        const found = findingRules(scan.facts);
        const flagged = rules.some((rule) => found.includes(rule));
        return [
          {
            portolan: `${open} called open, ${flagged ? `flagged ${found.join(' ')}` : 'not flagged'}`,
            peer: '–',
            bar: `flagged, ≤ ${Math.max(truly.length, 0)} open`,
            holds: flagged && open <= truly.length,
          },
        ];
      }),
  };
}

function synProxy(): string {
  return `table inet proxy {
  chain before { type filter hook prerouting priority raw; tcp flags syn / fin,syn,rst,ack notrack; }
  chain input {
    type filter hook input priority 0;
    ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm
    ct state invalid drop
  }
}`;
}

function redirectAll(): string {
  return 'table inet proxy { chain before { type nat hook prerouting priority -100; meta l4proto tcp redirect to :80; }; }';
}

function counts(facts: readonly RecordedFact[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const { state } of verdicts(facts).of.values()) result.set(state, (result.get(state) ?? 0) + 1);
  return result;
}

const lookMs = 2;
