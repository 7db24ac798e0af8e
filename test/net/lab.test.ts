/** The lab itself, judged by nmap: a test bed that is wrong proves nothing. @module */

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePortRanges } from '../../src/model/ports.ts';
import { capture } from './lab/capture.ts';
import { createLab, type Lab } from './lab/lab.ts';
import { nmap } from './lab/nmap.ts';
import { labMissing } from './lab/requirements.ts';
import { behavioursOf, planLab, plannedPorts } from './plan.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('lab', () => {
  let lab: Lab<'web' | 'db'>;
  beforeAll(async () => {
    lab = await createLab(planLab(['web', 'db'], true));
  });
  afterAll(() => lab?.close());

  for (const family of [4, 6] as const) {
    it(`nmap -sS sees every planned state and reason over IPv${family}`, async () => {
      const hosts = Object.values(lab.targets).map((host) => (family === 4 ? host.v4 : host.v6));
      const found = await nmap(
        lab,
        [`-${family}`, '-Pn', '-sS', '-p', plannedPorts(), ...hosts].filter((a) => a !== '-4'),
      );
      for (const host of hosts) {
        for (const each of behavioursOf(family)) {
          for (const port of parsePortRanges(each.ports)) {
            const { state, reason } = each.syn;
            expect({ port, ...found.get(`${host} tcp/${port}`) }).toEqual({
              port,
              state,
              reason: nmapWords[reason] ?? reason,
            });
          }
        }
      }
    });

    it(`a connect scan of nmap sees every planned state over IPv${family}, ICMP errors included`, async () => {
      const host = family === 4 ? lab.targets.web.v4 : lab.targets.web.v6;
      const found = await nmap(lab, [
        ...(family === 6 ? ['-6'] : []),
        '-Pn',
        '-sT',
        '-p',
        plannedPorts(),
        host,
      ]);
      for (const each of behavioursOf(family)) {
        for (const port of parsePortRanges(each.ports)) {
          expect({ port, state: found.get(`${host} tcp/${port}`)?.state }).toEqual({
            port,
            state: each.connect.state,
          });
        }
      }
    });
  }

  it('has no way out: every namespace knows only the two segments', async () => {
    for (const { namespace } of [lab.scanner, lab.router, ...Object.values(lab.targets)]) {
      for (const family of ['-4', '-6']) {
        const { stdout } = await namespace.run(['ip', family, 'route', 'show']);
        for (const route of stdout.split('\n').filter(Boolean))
          expect(route).toMatch(/^(10\.77\.|fd77:|fe80::|multicast )/);
      }
    }
  });

  it('runs programs as a user without any privilege', async () => {
    const { stdout } = await lab.scanner.namespace.run(['sh', '-c', 'id -u; grep CapEff /proc/self/status'], {
      user: 'nobody',
    });
    expect(stdout).toBe('65534\nCapEff:\t0000000000000000\n');
  });

  it('bounds descriptors where a test asks for it', async () => {
    const { stdout } = await lab.scanner.namespace.run(['sh', '-c', 'ulimit -n'], {
      rlimits: { nofile: 64 },
    });
    expect(stdout).toBe('64\n');
  });

  it('records what passes an interface', async () => {
    const recording = await capture(lab, lab.targets.web.namespace, 'eth0', 'tcp port 22');
    await nmap(lab, ['-Pn', '-sS', '-p22', lab.targets.web.v4]);
    expect(statSync(await recording.stop()).size).toBeGreaterThan(24 + 2 * (16 + 54));
  });

  it('leaves nothing behind, even when building it fails', async () => {
    const mine = () =>
      spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((line) => line.startsWith(`portolan-${process.pid}-`)).length;
    const before = mine();
    const second = await createLab({ targets: { one: { tcp: '80', udp: '53' } } });
    expect(mine()).toBe(before + 3);
    second.close();
    expect(mine()).toBe(before);
    await expect(createLab({ targets: { one: { input: ['no such rule'] } } })).rejects.toThrow(
      /no such rule/,
    );
    expect(mine()).toBe(before);
  });
});

describe.skipIf(missing !== undefined)('lab with many ports and addresses', () => {
  it('opens ten thousand ports and answers for many addresses, over both families', async () => {
    const lab = await createLab({ targets: { many: { tcp: '1-10000', addresses: 20 } } });
    try {
      const v4 = await nmap(lab, ['-Pn', '-sS', '-T4', '-p9990-10010', '10.77.2.10-29']);
      expect([...v4.values()].filter(({ state }) => state === 'open')).toHaveLength(20 * 11);
      expect([...v4.values()].filter(({ state }) => state === 'closed')).toHaveLength(20 * 10);
      const v6 = await nmap(lab, ['-6', '-Pn', '-sS', '-T4', '-p9990-10010', lab.targets.many.v6]);
      expect([...v6.values()].filter(({ state }) => state === 'open')).toHaveLength(11);
    } finally {
      lab.close();
    }
  });
});

/** Where nmap 7.93 has one word for two ICMPv6 errors. */
const nmapWords: Readonly<Record<string, string>> = { 'policy-failed': 'admin-prohibited' };
