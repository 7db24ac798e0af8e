/**
 * The look at a filter as a part of the scan: cut and gone on with, banned, bounded, from ports that are taken.
 *
 * @module
 */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedFact } from '../../src/model/fact.ts';
import { createLab, type Lab } from '../net/lab/lab.ts';
import { listen } from '../net/lab/listen.ts';
import { portolan, portolanCommand, type Scanned, summaryOf } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';

const minuteMs = 60_000;
const dropping = ['ct state established,related accept', 'tcp dport 22 accept', 'tcp sport 53 accept'];

describe.skipIf(labMissing() !== undefined)('the look at a filter, in a scan', () => {
  let lab: Lab<'careless' | 'banning'>;
  beforeAll(async () => {
    lab = await createLab({
      targets: {
        careless: { tcp: '22,25,80', input: [...dropping, 'meta l4proto tcp drop'] },
        banning: { tcp: '22,80' },
      },
    });
    // Sixty SYNs at once and twenty a second are borne; who sends more is let in again after three seconds.
    lab.targets.banning.namespace.nft(`table ip lab {
      set banned { type ipv4_addr; flags dynamic,timeout; }
      chain input { type filter hook input priority 0;
        ip saddr @banned drop
        tcp flags syn / syn,ack limit rate over 20/second burst 60 packets add @banned { ip saddr timeout 3s } drop
        tcp dport { 22, 80 } accept
        ct state established accept
        meta l4proto tcp drop
      }
    }`);
  }, 2 * minuteMs);
  afterAll(() => lab?.close());

  const firewall = (args: readonly string[]) => portolan(lab, ['firewall', '-n', ...args]);

  it(
    'proves a hole by a connection from the trusted port, and says where that port is taken here',
    async () => {
      const { careless } = lab.targets;
      const hole = holeOf(await firewall(['-p1-100', careless.v4]));
      expect(hole).toMatchObject({ confirmed: true, severity: 'high' });
      // A listener of the scanner's own machine.
      await listen(lab.scanner.namespace, { tcp: '53' });
      const taken = holeOf(await firewall(['-p1-100', careless.v4]));
      expect(taken).toMatchObject({ confirmed: false });
      expect(taken?.evidence.join()).toMatch(/in use|taken/);
    },
    minuteMs,
  );

  it(
    'cut at any moment and gone on with it tells what it tells in peace, nothing twice',
    async () => {
      const { careless } = lab.targets;
      const args = ['firewall', '-n', '-p1-200', '--seed', '7', '--evidence', careless.v4];
      const peace = await portolan(lab, args);
      const { elapsedMs } = summaryOf(peace);
      for (const [round, part] of [0.4, 0.85].entries()) {
        const journal = join(lab.folder, `${round}.journal`);
        await lab.scanner.namespace.run(portolanCommand(lab, [...args, '--journal', journal, '-oJ', '-']), {
          started: (child) => void setTimeout(() => child.kill('SIGKILL'), 250 + part * elapsedMs),
        });
        const resumed = await portolan(lab, ['--resume', journal]);
        expect(resumed.status, resumed.stderr).toBe(0);
        expect(toldOf(resumed), `cut after ${part} of ${elapsedMs} ms`).toEqual(toldOf(peace));
        const probes = probesOf(resumed);
        // Each question is asked as often as in peace: what the cut run had asked is not told again.
        expect(Math.abs(probes.length - probesOf(peace).length)).toBeLessThan(6);
      }
    },
    3 * minuteMs,
  );

  it(
    'waits where it is banned, goes on slower, and what it says is right',
    async () => {
      const { banning } = lab.targets;
      const found = await firewall(['-p1-120', banning.v4]);
      const open = [...found.ports('syn')].filter(([, { state }]) => state === 'open').map(([key]) => key);
      expect(open.sort()).toEqual([`${banning.v4} tcp/22`, `${banning.v4} tcp/80`]);
      const states = new Set([...found.ports('syn').values()].map(({ state }) => state));
      expect([...states].sort()).toEqual(expect.arrayContaining(['filtered', 'open']));
      expect(found.facts.some((fact) => fact.type === 'finding' && fact.rule === 'scan-blocked')).toBe(true);
      // Whether it ended early or not, nothing that was asked under the ban is called stopped.
      const isWhole = !states.has('unknown') && !policiesOf(found).some(({ action }) => action === 'unknown');
      expect(found.status, found.stderr).toBe(isWhole ? 0 : 3);
    },
    2 * minuteMs,
  );

  it(
    'sends no more than its budget, says what it left out, and ends with 3',
    async () => {
      const { careless } = lab.targets;
      for (const budget of [150, 330]) {
        const before = await sentPackets(lab);
        const found = await firewall(['-p1-150', '--budget', `${budget}`, careless.v4]);
        // The kernel's own resets and ARP are none of its packets.
        expect(summaryOf(found).packets.sent).toBeLessThanOrEqual(budget);
        expect((await sentPackets(lab)) - before).toBeLessThan(budget + 20);
        expect([found.status, summaryOf(found).exit]).toEqual([3, 'incomplete']);
        expect(found.stderr).toMatch(/--budget/);
      }
    },
    minuteMs,
  );
});

function holeOf({ facts }: Scanned) {
  return facts.find((fact) => fact.type === 'finding' && fact.rule === 'source-port-hole') as
    | Extract<RecordedFact, { type: 'finding' }>
    | undefined;
}

function policiesOf({ facts }: Scanned) {
  return facts.filter((fact) => fact.type === 'policy');
}

function probesOf({ facts }: Scanned) {
  return facts.filter((fact) => fact.type === 'probe').filter(({ variant }) => variant !== undefined);
}

/** What was concluded, without what differs from run to run. */
function toldOf({ facts }: Scanned): readonly string[] {
  return facts.flatMap((fact) => {
    if (fact.type === 'policy')
      return `${fact.ports} ${fact.action} ${fact.exposure} ${fact.hop} ${fact.hopRange}`;
    return fact.type === 'finding' ? `${fact.rule} ${fact.claim} ${fact.confirmed}` : [];
  });
}

/** What has left the scanner's interface so far. */
async function sentPackets({ scanner }: Lab): Promise<number> {
  const { stdout } = await scanner.namespace.run(['cat', '/sys/class/net/eth0/statistics/tx_packets']);
  return Number(stdout);
}
