/**
 * The truth about UDP: `-sU` must name the exact state and reason of every planned port, with and without
 * privilege, over both families.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePortRanges } from '../../src/model/ports.ts';
import { createLab, type Lab } from './lab/lab.ts';
import type { EnterOptions } from './lab/namespace.ts';
import { portolan } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();

/** Who asks: by packets, and by sockets without any privilege. */
const askers: Readonly<Record<string, EnterOptions>> = { root: {}, nobody: { user: 'nobody' } };

describe.skipIf(missing !== undefined)('planned UDP ports', () => {
  let lab: Lab<'host'>;
  beforeAll(async () => {
    lab = await createLab({
      wire: { delayMs: 1 },
      everyError: true,
      forward: [
        'meta nfproto ipv4 udp dport 2020 reject with icmp port-unreachable',
        'meta nfproto ipv6 udp dport 2020 reject with icmpv6 port-unreachable',
        'meta nfproto ipv4 udp dport 2021 reject with icmp admin-prohibited',
        'meta nfproto ipv6 udp dport 2021 reject with icmpv6 admin-prohibited',
        'udp dport 2030-2032 drop',
      ],
      targets: {
        host: {
          udp: openPorts,
          tcp: '22',
          input: [
            'meta nfproto ipv4 udp dport 2010 reject with icmp admin-prohibited',
            'meta nfproto ipv6 udp dport 2010 reject with icmpv6 admin-prohibited',
            'udp dport 2000-2004 drop',
          ],
        },
      },
    });
  });
  afterAll(() => lab?.close());

  for (const [user, options] of Object.entries(askers)) {
    for (const family of [4, 6] as const) {
      it(`as ${user} over IPv${family}: every state and reason is the planned one`, async () => {
        const address = family === 4 ? lab.targets.host.v4 : lab.targets.host.v6;
        const found = await portolan(lab, ['-sU', '-Pn', '-n', '-p', allPorts, address], options);
        expect(Object.fromEntries(found.ports('udp')), found.stderr).toEqual(planned(address));
        expect(found.status).toBe(0);
      });
    }

    it(`as ${user}: of a host that had to be looked for every port is asked as well`, async () => {
      const { v4 } = lab.targets.host;
      const found = await portolan(lab, ['-sU', '-n', '-p', '2000-2004,2005-2009', v4], options);
      expect([...found.ports('udp').keys()].length, found.stderr).toBe(10);
      expect(found.status).toBe(0);
    });

    it(`as ${user}: TCP beside UDP in one run, each under its own name`, async () => {
      const { v4, v6 } = lab.targets.host;
      const tcp = user === 'root' ? '-sS' : '-sT';
      const ports = `T:22,23,U:${allPorts}`;
      const found = await portolan(lab, [tcp, '-sU', '-Pn', '-n', '-p', ports, v4, v6], options);
      expect(Object.fromEntries(found.ports('udp')), found.stderr).toEqual({
        ...planned(v4),
        ...planned(v6),
      });
      const states = [...found.ports(user === 'root' ? 'syn' : 'connect')].map(([key, { state }]) => [
        key,
        state,
      ]);
      expect(Object.fromEntries(states)).toEqual({
        [`${v4} tcp/22`]: 'open',
        [`${v4} tcp/23`]: 'closed',
        [`${v6} tcp/22`]: 'open',
        [`${v6} tcp/23`]: 'closed',
      });
    });

    it(`as ${user}: names the router that refused`, async () => {
      const { v4, v6 } = lab.targets.host;
      const found = await portolan(lab, ['-sU', '-Pn', '-n', '-vv', '-p2010,2020,3000', v4, v6], options);
      const from = found.facts.flatMap((fact) =>
        fact.type === 'port' ? [[`${fact.host} ${fact.port}`, fact.from]] : [],
      );
      expect(Object.fromEntries(from), found.stderr).toEqual({
        [`${v4} 2010`]: v4,
        [`${v4} 2020`]: lab.router.v4,
        [`${v4} 3000`]: v4,
        [`${v6} 2010`]: v6,
        [`${v6} 2020`]: lab.router.v6,
        [`${v6} 3000`]: v6,
      });
    });
  }

  it('comes from the asked port, with and without privilege', async () => {
    const { v4 } = lab.targets.host;
    for (const options of Object.values(askers)) {
      const found = await portolan(lab, ['-sU', '-Pn', '-n', '-g', '4053', '-p53,161,3000', v4], options);
      const states = [...found.ports('udp')].map(([key, { state }]) => [key, state]);
      expect(Object.fromEntries(states), found.stderr).toEqual({
        [`${v4} udp/53`]: 'open',
        [`${v4} udp/161`]: 'open',
        [`${v4} udp/3000`]: 'closed',
      });
    }
  });

  it('-PU finds a host by its answer and by its refusal', async () => {
    const { v4, v6 } = lab.targets.host;
    for (const port of [53, 3000]) {
      const found = await portolan(lab, ['-sn', '-n', `-PU${port}`, v4, v6, lab.nobody.v4]);
      const hosts = found.facts.flatMap((fact) => (fact.type === 'host' ? [[fact.host, fact.state]] : []));
      expect(Object.fromEntries(hosts), found.stderr).toMatchObject({ [v4]: 'up', [v6]: 'up' });
      expect(Object.fromEntries(hosts)[lab.nobody.v4] ?? 'down').toBe('down');
    }
  });
});

/** What the plan says of every port. */
function planned(address: string): Record<string, { state: string; reason: string }> {
  const rows: readonly (readonly [string, string, string])[] = [
    [openPorts, 'open', 'udp-response'],
    ['3000-3010', 'closed', 'port-unreach'],
    ['2000-2004', 'open|filtered', 'no-response'],
    ['2030-2032', 'open|filtered', 'no-response'],
    ['2010', 'filtered', 'admin-prohibited'],
    ['2020', 'filtered', 'port-unreach'],
    ['2021', 'filtered', 'admin-prohibited'],
  ];
  return Object.fromEntries(
    rows.flatMap(([ports, state, reason]) =>
      [...parsePortRanges(ports)].map((port) => [`${address} udp/${port}`, { state, reason }]),
    ),
  );
}

const openPorts = '53,123,161,500,1000-1004';
const allPorts = `${openPorts},2000-2004,2010,2020,2021,2030-2032,3000-3010`;
