/**
 * The truth about ports: `-sS` and `-sT` must name the exact state and reason of every port of the planned
 * lab, agree with nmap's states, and do so every time. PORTOLAN_ROUNDS says how often.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePortRanges } from '../../src/model/ports.ts';
import { addressIn, createLab, type Lab } from './lab/lab.ts';
import { nmap, type PortTable } from './lab/nmap.ts';
import { portolan } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { behavioursOf, describePlan, type Expected, planLab, plannedPorts } from './plan.ts';

const missing = labMissing();
const rounds = Number(process.env['PORTOLAN_ROUNDS'] ?? 1);

describe.skipIf(missing !== undefined)('planned hosts', () => {
  let lab: Lab<'web' | 'db' | 'mail'>;
  beforeAll(async () => {
    lab = await createLab(planLab(['web', 'db', 'mail'], true));
  });
  afterAll(() => lab?.close());

  for (const family of [4, 6] as const) {
    const six = family === 6 ? ['-6'] : [];
    for (const technique of ['syn', 'connect'] as const) {
      const flag = technique === 'syn' ? '-sS' : '-sT';
      it(`${flag} over IPv${family}: every state and reason is the planned one and nmap's, ${rounds} times`, async () => {
        const hosts = Object.values(lab.targets).map((host) => addressIn(host, family));
        const planned = plannedTable(hosts, family, technique);
        const second = await nmap(lab, [...six, '-Pn', flag, '-p', plannedPorts(), ...hosts]);
        expect(statesOf(second), describePlan()).toEqual(statesOf(planned));
        for (let round = 1; round <= rounds; round++) {
          const found = await portolan(lab, [flag, '-Pn', '-n', '-p', plannedPorts(), ...hosts]);
          const told = `round ${round}\n${found.stderr}\n${describePlan()}`;
          expect(asObject(found.ports(technique)), told).toEqual(asObject(planned));
          expect(found.status, told).toBe(0);
        }
      });
    }
  }

  it('judges IPv4 and IPv6, SYN and connect in one run, each under its own name', async () => {
    const { v4, v6 } = lab.targets.web;
    const found = await portolan(lab, ['-sS', '-sT', '-Pn', '-n', '-p', plannedPorts(), v4, v6]);
    for (const technique of ['syn', 'connect'] as const) {
      const planned = new Map([...plannedTable([v4], 4, technique), ...plannedTable([v6], 6, technique)]);
      expect(asObject(found.ports(technique)), found.stderr).toEqual(asObject(planned));
    }
  });

  it('names who refused: the target or the router on the way', async () => {
    const { v4, v6 } = lab.targets.web;
    const found = await portolan(lab, ['-sS', '-Pn', '-n', '-vv', '-p312,362', v4, v6]);
    const from = Object.fromEntries(
      found.facts.flatMap((fact) => (fact.type === 'port' ? [[`${fact.host} ${fact.port}`, fact.from]] : [])),
    );
    // The router sends its errors from the address that faces the scanner.
    expect(from, found.stderr).toEqual({
      [`${v4} 312`]: v4,
      [`${v4} 362`]: lab.router.v4,
      [`${v6} 312`]: v6,
      [`${v6} 362`]: lab.router.v6,
    });
  });

  it('finds hosts before it scans them, and says nothing of ports of an address where nobody lives', async () => {
    const found = await portolan(lab, ['-sS', '-n', '-p80', lab.targets.web.v4, lab.nobody.v4]);
    const hosts = Object.fromEntries(
      found.facts.flatMap((fact) => (fact.type === 'host' ? [[fact.host, fact.state]] : [])),
    );
    expect(hosts[lab.targets.web.v4], found.stderr).toBe('up');
    expect(hosts[lab.nobody.v4] ?? 'down').toBe('down');
    expect([...found.ports().keys()]).toEqual([`${lab.targets.web.v4} tcp/80`]);
    expect(found.status).toBe(0);
  });

  it('scans itself and a neighbour on its own segment', async () => {
    const own = await portolan(lab, ['-sS', '-Pn', '-n', '-p1', '127.0.0.1', '::1', lab.scanner.v4]);
    const closed = { state: 'closed', reason: 'reset' };
    expect(asObject(own.ports('syn')), own.stderr).toEqual({
      '127.0.0.1 tcp/1': closed,
      '::1 tcp/1': closed,
      [`${lab.scanner.v4} tcp/1`]: closed,
    });
    const near = await portolan(lab, ['-sS', '-Pn', '-n', '-p1', lab.router.v4, lab.router.v6]);
    expect(asObject(near.ports('syn')), near.stderr).toEqual({
      [`${lab.router.v4} tcp/1`]: closed,
      [`${lab.router.v6} tcp/1`]: closed,
    });
  });
});

/** The plan as a scan of these hosts by this technique must find it. */
function plannedTable(
  hosts: readonly string[],
  family: 4 | 6,
  technique: 'syn' | 'connect',
): Map<string, Expected> {
  const table = new Map<string, Expected>();
  // A rule for one family leaves the other's port to the host, where nobody listens.
  const closed = { state: 'closed', reason: technique === 'syn' ? 'reset' : 'refused' };
  for (const host of hosts) {
    for (const port of parsePortRanges(plannedPorts())) table.set(`${host} tcp/${port}`, closed);
    for (const each of behavioursOf(family)) {
      for (const port of parsePortRanges(each.ports)) table.set(`${host} tcp/${port}`, each[technique]);
    }
  }
  return table;
}

function statesOf(table: PortTable): Readonly<Record<string, string>> {
  return Object.fromEntries([...table].map(([key, { state }]) => [key, state]).sort());
}

function asObject(table: PortTable): Readonly<Record<string, Expected>> {
  return Object.fromEntries([...table].sort(([a], [b]) => (a < b ? -1 : 1)));
}
