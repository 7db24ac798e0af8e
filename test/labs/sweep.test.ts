/**
 * A sweep tells of real kernels what a scan host by host tells, less the silence, which it counts.
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePortRanges } from '../../src/model/ports.ts';
import { answerFor, createLab, type Lab } from '../net/lab/lab.ts';
import type { PortTable } from '../net/lab/nmap.ts';
import { portolan, summaryOf } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { behavioursOf, describePlan, planLab, plannedPorts } from '../net/plan.ts';

const missing = labMissing();
const minuteMs = 60_000;
/** Addresses that the target answers for besides its own. */
const network = '10.99.0.0/20';
const hosts = 4096;

describe.skipIf(missing !== undefined)('a sweep', () => {
  let lab: Lab<'web'>;
  beforeAll(async () => {
    lab = await createLab(planLab(['web'], true));
    answerFor(lab, lab.targets.web, network);
  });
  afterAll(() => lab?.close());

  const sweep = (args: readonly string[]) => portolan(lab, ['--sweep', '-n', ...args]);

  it('finds every planned state and reason over both families, and counts the silent', async () => {
    const { v4, v6 } = lab.targets.web;
    const found = await sweep(['-sS', '-p', plannedPorts(), v4, v6]);
    const planned: Record<string, unknown> = {};
    let silent = 0;
    // A port that stands only in the other family's plan is an ordinary closed one.
    const all = parsePortRanges(plannedPorts());
    for (const [host, family] of [[v4, 4] as const, [v6, 6] as const]) {
      const expected = new Map(
        behavioursOf(family).flatMap(({ ports, syn }) => parsePortRanges(ports).map((port) => [port, syn])),
      );
      for (const port of all) {
        const verdict = expected.get(port) ?? { state: 'closed', reason: 'reset' };
        if (verdict.reason === 'no-response') silent++;
        else planned[`${host} tcp/${port}`] = verdict;
      }
    }
    expect(Object.fromEntries(found.ports('syn')), `${found.stderr}\n${describePlan()}`).toEqual(planned);
    expect(summaryOf(found)).toMatchObject({ silent, exit: 'done', hosts: { up: 2, down: 0, total: 2 } });
    expect(found.status).toBe(0);
  });

  it('judges several techniques as a scan host by host does', { timeout: minuteMs }, async () => {
    const args = ['-sS', '-sA', '-sF', '-sU', '-p22,100,200,250,310,312,362', lab.targets.web.v4];
    const [swept, scanned] = [await sweep(args), await portolan(lab, ['-n', '-Pn', ...args])];
    for (const technique of ['syn', 'ack', 'fin', 'udp']) {
      const wanted = spoken(scanned.ports(technique));
      expect(Object.fromEntries(swept.ports(technique)), technique).toEqual(wanted);
    }
  });

  it('of a /20 behind a router tells exactly what a scan tells', { timeout: 2 * minuteMs }, async () => {
    const args = ['-p80,100,200,310', network];
    const [swept, scanned] = [await sweep(args), await portolan(lab, ['-n', '-Pn', ...args])];
    expect(swept.ports().size).toBe(3 * hosts);
    const wanted = spoken(scanned.ports());
    const wrong = [...swept.ports()].filter(([key, verdict]) => wanted[key]?.reason !== verdict.reason);
    expect(wrong).toEqual([]);
    expect(summaryOf(swept)).toMatchObject({
      silent: hosts,
      ports: { open: hosts, closed: hosts, filtered: hosts },
      hosts: { up: hosts, total: hosts },
    });
  });

  it('asks every target the ports that were written behind it', async () => {
    const found = await sweep([
      '-p80,100',
      '10.99.3.0/30',
      '10.99.3.2:443',
      '10.99.4.9:22',
      lab.targets.web.v6,
    ]);
    const asked = ['10.99.3.0', '10.99.3.1', '10.99.3.3', lab.targets.web.v6];
    const wanted = asked.flatMap((host) => [`${host} tcp/100`, `${host} tcp/80`]);
    const own = ['10.99.3.2 tcp/100', '10.99.3.2 tcp/443', '10.99.3.2 tcp/80', '10.99.4.9 tcp/22'];
    expect([...found.ports().keys()].sort(), found.stderr).toEqual([...wanted, ...own].sort());
  });

  it('in parts: every address is in one of them', { timeout: minuteMs }, async () => {
    const seen = new Map<string, number>();
    let total = 0;
    for (const part of ['1/3', '2/3', '3/3']) {
      const found = await sweep(['-p80', '--shard', part, '--seed', '4', network]);
      for (const key of found.ports().keys()) seen.set(key, (seen.get(key) ?? 0) + 1);
      total += summaryOf(found).hosts.total;
    }
    expect([seen.size, total]).toEqual([hosts, hosts]);
    expect([...seen.values()].every((count) => count === 1)).toBe(true);
  });

  it('by two workers, like a scan by two: each question once', { timeout: 2 * minuteMs }, async () => {
    const args = ['-n', '-sS', '-p2001-2020', network];
    for (const how of ['--sweep', '-Pn']) {
      const found = await portolan(lab, [how, ...args]);
      const { ports, hosts: counted, packets, elapsedMs } = summaryOf(found);
      expect([ports, counted.total], how).toEqual([{ closed: 20 * hosts }, hosts]);
      // Each of the two also asks its router every quarter of a second whether it is still the same.
      expect(packets.sent - packets.retransmitted, how).toBeLessThan(20 * hosts + 100 + elapsedMs / 100);
    }
  });

  it('asks its neighbours for their hardware addresses, and itself', { timeout: minuteMs }, async () => {
    const closed = { state: 'closed', reason: 'reset' };
    const { scanner, router } = lab;
    const targets = ['10.77.1.0/28', router.v6, 'fd77:0:0:1::77', '127.0.0.1', '::1'];
    const found = await sweep(['-p1,2', ...targets]);
    const there = [router.v4, router.v6, scanner.v4, '127.0.0.1', '::1'];
    const wanted = there.flatMap((host) => [1, 2].map((port) => [`${host} tcp/${port}`, closed] as const));
    expect(Object.fromEntries(found.ports()), found.stderr).toEqual(Object.fromEntries(wanted));
    // 16 addresses of the range, four others; five of them are there.
    expect(summaryOf(found)).toMatchObject({ silent: 2 * 15, exit: 'done' });
    const bound = await sweep(['-p1,2', '-e', 'eth0', router.v4, router.v6]);
    expect([...bound.ports().values()], bound.stderr).toEqual([closed, closed, closed, closed]);
  });

  it('an address without a way is unknown, not silent', async () => {
    const found = await sweep(['-p80,81', '10.98.0.0/29', lab.targets.web.v4]);
    expect(summaryOf(found)).toMatchObject({ exit: 'incomplete', ports: { unknown: 16 }, silent: 0 });
    expect(found.status).toBe(3);
  });

  it('writes every format, whole host by whole host', async () => {
    const base = join(lab.folder, 'swept');
    const found = await sweep(['-p22,100,200,362', '-oA', base, lab.targets.web.v4]);
    expect(found.status, found.stderr).toBe(0);
    const text = (end: string) => readFileSync(`${base}.${end}`, 'utf8');
    expect(text('nmap')).toMatch(/22\/tcp +open +ssh/);
    expect(text('nmap')).toContain('1 without an answer');
    expect(text('gnmap')).toContain('22/open/tcp//ssh///');
    expect(text('xml').match(/<host /g)).toHaveLength(1);
    expect(text('xml')).toContain('<state state="filtered" reason="admin-prohibited"');
    expect(text('csv')).toContain('22');
    const open = await sweep(['-p22,100', '--open', lab.targets.web.v4]);
    expect([...open.ports().keys()]).toEqual([`${lab.targets.web.v4} tcp/22`]);
    expect(summaryOf(open).ports).toEqual({ open: 1, closed: 1 });
  });

  it('an early end tells what is known and says so', async () => {
    const args = ['--sweep', '-n', '-p80', '--max-rate', '500', network];
    const found = await portolan(lab, args, {
      started: (child) => {
        const listen = (text: string) => {
          if (!text.includes('"type":"port"')) return;
          child.stdout?.off('data', listen);
          child.kill('SIGINT');
        };
        child.stdout?.on('data', listen);
      },
    });
    expect(found.status).toBe(130);
    const { exit, complete, ports } = summaryOf(found);
    expect([exit, complete, ports.open]).toEqual(['interrupted', false, found.ports().size]);
    expect(found.ports().size).toBeGreaterThan(0);
    expect(found.ports().size).toBeLessThan(hosts);
  });
});

/** The verdicts that rest on an answer. */
function spoken(table: PortTable): Record<string, { state: string; reason: string }> {
  return Object.fromEntries([...table].filter(([, { reason }]) => reason !== 'no-response'));
}
