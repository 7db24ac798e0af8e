/**
 * Nothing is ever sent to an address that was not asked for, or that was excluded: seen by a capture on the
 * scanner's own interface, not believed from the record.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capture } from './lab/capture.ts';
import { createLab, type Lab } from './lab/lab.ts';
import { portolan } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('what leaves the scanner', () => {
  let lab: Lab<'many'>;
  beforeAll(async () => {
    lab = await createLab({ targets: { many: { tcp: '22,80', addresses: 8 } } });
  });
  afterAll(() => lab?.close());

  /** Every address that the scanner sent an IP packet to during a run, apart from the kernel's own chatter. */
  const sentTo = async (args: readonly string[]): Promise<string[]> => {
    // Neighbour discovery and multicast reports are the kernel's; probes are TCP, UDP, SCTP or echo and the like.
    const filter = `(src host ${lab.scanner.v4} or src host ${lab.scanner.v6}) and not (ip6 and icmp6 and ip6[40] >= 130)`;
    const recording = await capture(lab, lab.scanner.namespace, 'eth0', filter);
    const found = await portolan(lab, args);
    expect(found.status, found.stderr).toBe(0);
    return destinations(await recording.stop());
  };

  for (const flag of ['-sS', '-sT', '--sweep']) {
    it(`${flag}: only targets that are not excluded`, async () => {
      const excluded = join(lab.folder, 'excluded');
      writeFileSync(excluded, '10.77.2.13\n10.77.2.14/31 # two more\n');
      const exclusions = ['--exclude', '10.77.2.11,fd77:0:0:2::c/127', '--excludefile', excluded];
      const targets = ['10.77.2.10-16', 'fd77:0:0:2::a', 'fd77:0:0:2::c', 'fd77:0:0:2::e'];
      const sent = await sentTo([flag, '-Pn', '-n', '-p22-30,80', ...exclusions, ...targets]);
      expect(sent).toEqual(['10.77.2.10', '10.77.2.12', '10.77.2.16', 'fd77:0:0:2::a', 'fd77:0:0:2::e']);
    });
  }

  for (const flag of ['-sS', '-sT']) {
    it(`${flag}: discovery keeps to the targets too`, async () => {
      const sent = await sentTo([flag, '-n', '-p80', '--exclude', '10.77.2.11', '10.77.2.10-12']);
      expect(sent).toEqual(['10.77.2.10', '10.77.2.12']);
    });
  }

  it('a forecast sends nothing at all', async () => {
    expect(await sentTo(['--dry-run', '-sS', '-n', '-p-', '10.77.2.8/29'])).toEqual([]);
  });

  it('a list of targets sends nothing at all', async () => {
    expect(await sentTo(['-sL', '-n', '10.77.2.8/29'])).toEqual([]);
  });
});

function destinations(file: string): string[] {
  const { stdout, stderr, status } = spawnSync('tcpdump', ['-nn', '-t', '-r', file], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  const found = new Set<string>();
  for (const line of stdout.split('\n')) {
    const to = /^IP6? \S+ > (\S+): /.exec(line)?.[1];
    if (to === undefined) continue;
    // tcpdump appends the port after a dot: a fifth number to IPv4, the only dot of IPv6.
    found.add(to.includes(':') ? to.replace(/\.\d+$/, '') : to.split('.').slice(0, 4).join('.'));
  }
  return [...found].sort();
}
