/**
 * Trouble on the scanner's own side, and forgers on the way.
 *
 * @module
 */

import { scannerAddress, withBed } from '../bed.ts';
import { type Case, keysOf, type Row, spreadPorts, time } from '../case.ts';
import { compile } from '../native.ts';
import { isExact, judge, portolan, told } from '../scanners.ts';
import { dropTcp } from './near.ts';

/** Cases of local trouble and forgery. */
export const troubleCases: readonly Case[] = [
  {
    name: 'outage',
    group: 'truth',
    about: 'SYN, 5000 ports at 500/s, carrier away for 10 s',
    needs: [],
    rounds: 1,
    measure: () =>
      withBed({ tcp: openPorts.join(',') }, async (bed): Promise<Row[]> => {
        const scan = await portolan(bed, ['-n', '-Pn', '-sS', '--max-rate=500', '-p1-5000', bed.host], {
          running: () => {
            setTimeout(() => bed.carrier(false), 3000);
            setTimeout(() => bed.carrier(true), 13_000);
          },
        });
        const judged = judge(scan.facts, keysOf(bed, openPorts), 4950, 'closed');
        return [
          {
            portolan: `${told(judged)}, ${time(scan.wallMs)}, exit ${scan.status}`,
            peer: 'undisturbed 10 s',
            bar: 'all right, goes on by itself',
            holds: isExact(judged),
          },
        ];
      }),
  },
  scarce('descriptors', '64 descriptors', { rlimits: { nofile: 64 } }, {}),
  scarce('source-ports', '50 source ports', {}, { 'ipv4/ip_local_port_range': '60000 60049' }),
  {
    name: 'forged',
    group: 'truth',
    about: 'SYN, 20,000 silent ports, 10,000,000 forged answers',
    needs: ['cc'],
    rounds: 1,
    measure: () =>
      withBed({ nft: dropTcp }, async (bed): Promise<Row[]> => {
        const settings = {
          forge: 1,
          count: 10_000_000,
          from: scannerAddress,
          to: bed.host,
          toMac: bed.scannerMac,
          port: 1,
          ports: 20_000,
        };
        const argv = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
        const forger = bed.target.run([compile('sendloop'), 'eth0', ...argv]);
        const scan = await portolan(bed, [
          ...['-n', '-Pn', '-sS', '--max-rate=800', '--max-retries=0', '-p1-20000', bed.host],
        ]);
        const { stdout } = await forger;
        const forged = (JSON.parse(stdout) as { sent: number; ms: number }) ?? {};
        const judged = judge(scan.facts, new Set(), 20_000, 'filtered');
        const sent = scan.summary?.packets.sent ?? 0;
        const during = Math.min(1, scan.wallMs / forged.ms);
        return [
          {
            portolan: `${told(judged)}, ${sent} sent for 20000 ports`,
            peer: `${((forged.sent * during) / 1e6).toFixed(1)} M forged meanwhile`,
            bar: 'none believed, none answered',
            holds: isExact(judged) && sent <= 20_002,
          },
        ];
      }),
  },
];

/** A connect scan with too little of something. */
function scarce(
  name: string,
  about: string,
  options: { readonly rlimits?: Readonly<Record<string, number>> },
  kernel: Readonly<Record<string, string>>,
): Case {
  return {
    name,
    group: 'truth',
    about: `connect, 2000 ports, ${about}`,
    needs: ['cc'],
    rounds: 1,
    measure: () =>
      withBed({ between: { delayMs: 1 }, tcp: openPorts.join(',') }, async (bed): Promise<Row[]> => {
        bed.scanner.configure(kernel);
        const open = openPorts.filter((port) => port <= 2000);
        const scan = await portolan(bed, ['-n', '-Pn', '-sT', '-p1-2000', bed.host], options);
        const judged = judge(scan.facts, keysOf(bed, open), 2000 - open.length, 'closed');
        return [
          {
            portolan: `${told(judged)}, ${time(scan.wallMs)}, exit ${scan.status}`,
            peer: '–',
            bar: 'all right',
            holds: isExact(judged),
          },
        ];
      }),
  };
}

const openPorts = spreadPorts(50, 97);
