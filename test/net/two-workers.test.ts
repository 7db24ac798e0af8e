/** Two workers end to end: what they share is told once. @module */

import { describe, expect, it } from 'vitest';
import type { HostFact, SummaryFact } from '../../src/model/fact.ts';
import { createLab } from './lab/lab.ts';
import { portolan } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';

describe.skipIf(labMissing() !== undefined)('two workers', () => {
  it('look for each host once, and ask each that is up each question once', async () => {
    const lab = await createLab({ targets: {} });
    try {
      // Half of the addresses take nothing.
      const even = Array.from({ length: 15 }, (_, i) => `127.0.0.${2 * i + 2}`).join(', ');
      lab.scanner.namespace.nft(
        `table ip half { chain out { type filter hook output priority 0; ip daddr { ${even} } drop;\n }\n}`,
      );
      const args = ['-n', '-p1-1000', '--max-retries', '1', '127.0.0.1-30'];
      const found = await portolan(lab, args, { user: 'nobody' });
      expect(found.status, found.stderr).toBe(0);
      const summary = found.facts.at(-1) as SummaryFact;
      expect(summary.hosts).toMatchObject({ up: 15, down: 15, total: 30 });
      expect([summary.complete, summary.ports]).toEqual([true, { closed: 15_000 }]);
      const hosts = found.facts.filter((fact): fact is HostFact => fact.type === 'host');
      expect(new Set(hosts.map(({ host }) => host)).size).toBe(hosts.length);
      // The table refuses ports that are told twice.
      expect(found.ports('connect').size).toBe(15_000);
      const up = hosts.filter(({ state }) => state === 'up').map(({ host }) => host);
      expect(up.every((host) => Number(host.split('.')[3]) % 2 === 1)).toBe(true);
    } finally {
      lab.close();
    }
  });

  // The second thread was called when the first had given up what it needs to look for hosts.
  it('look for hosts by packets before connections, as root', async () => {
    const lab = await createLab({ targets: { web: { tcp: '80', addresses: 20 } } });
    try {
      const found = await portolan(lab, ['-n', '-sT', '-p1-1000', '10.77.2.0/25']);
      expect([found.status, found.stderr]).toEqual([0, '']);
      const { hosts, ports } = found.facts.at(-1) as SummaryFact;
      expect(hosts).toMatchObject({ up: 21, down: 107, total: 128 });
      expect(ports).toMatchObject({ open: 20 });
    } finally {
      lab.close();
    }
  });

  it('share the ports of one host by connections, as root and as nobody', async () => {
    const lab = await createLab({ targets: { web: { tcp: '22,80,30000' } } });
    try {
      for (const user of ['root', 'nobody'] as const) {
        const args = ['-n', '-sT', '-p1-30000', lab.targets.web.v4];
        const found = await portolan(lab, args, { user });
        expect(found.status, found.stderr).toBe(0);
        const table = [...found.ports('connect')];
        expect(table, user).toHaveLength(30_000);
        const open = table
          .filter(([, { state }]) => state === 'open')
          .map(([key]) => Number(key.split('/')[1]));
        expect(open.sort((a, b) => a - b)).toEqual([22, 80, 30_000]);
        expect((found.facts.at(-1) as SummaryFact).ports).toMatchObject({ open: 3, closed: 29_997 });
      }
    } finally {
      lab.close();
    }
  });
});
