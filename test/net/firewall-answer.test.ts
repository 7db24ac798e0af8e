/**
 * What `firewall` answers, as a user gets it: on the screen, in every format, and by `explain`.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedFact } from '../../src/model/fact.ts';
import { parsePortRanges } from '../../src/model/ports.ts';
import { createLab, type Lab } from './lab/lab.ts';
import { portolan, portolanCommand, type Scanned, summaryOf } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();
const dtd = '/usr/share/nmap/nmap.dtd';
const canValidate = spawnSync('xmllint', ['--version']).error === undefined && existsSync(dtd);
const minuteMs = 60_000;

const factsOf = <Type extends RecordedFact['type']>({ facts }: Scanned, type: Type) =>
  facts.filter((fact): fact is Extract<RecordedFact, { type: Type }> => fact.type === type);

describe.skipIf(missing !== undefined)('portolan firewall', () => {
  let lab: Lab<'careless'>;
  let found: Scanned;
  const file = (name: string) => join(lab.folder, name);

  beforeAll(async () => {
    lab = await createLab({
      targets: {
        careless: {
          tcp: '22,25,80',
          input: [
            'ct state established,related accept',
            'tcp dport { 22, 80 } accept',
            'tcp sport 53 accept',
            'meta l4proto tcp drop',
          ],
        },
      },
    });
    const outputs = [
      '-oN',
      file('a.txt'),
      '-oX',
      file('a.xml'),
      '-oC',
      file('a.csv'),
      '--html',
      file('a.html'),
    ];
    found = await portolan(lab, ['firewall', '-n', '-p1-100', ...outputs, lab.targets.careless.v4]);
    writeFileSync(file('a.ndjson'), found.stdout);
  }, 2 * minuteMs);
  afterAll(() => lab?.close());

  it('says first what it will cost, and ends with 0 whatever it found', () => {
    expect(found.stderr).toMatch(/^portolan: forecast: \d+ to \d+ packets in about \d+ to \d+ s\n/);
    expect(found.status).toBe(0);
  });

  it('has every port that was asked in exactly one range', () => {
    const ports = factsOf(found, 'policy').flatMap((policy) => parsePortRanges(policy.ports));
    expect(ports.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    const exposed = factsOf(found, 'policy').filter(({ exposure }) => exposure === 'exposed');
    expect(exposed.map(({ ports }) => ports)).toEqual(['22,80']);
  });

  it('cites probes that stand in the record, before what rests on them', () => {
    const kinds = new Map(found.facts.map(({ n, type }) => [n, type]));
    const findings = factsOf(found, 'finding');
    expect(findings.map(({ rule }) => rule)).toContain('source-port-hole');
    for (const { n, facts, evidence, refutedBy } of findings) {
      expect(facts.length + evidence.length).toBeGreaterThan(0);
      expect(refutedBy).not.toBe('');
      for (const cited of facts) {
        expect(kinds.get(cited)).toBeDefined();
        expect(cited).toBeLessThan(n);
      }
    }
  });

  it('tells on the screen what filters the way, before the ports', () => {
    const text = readFileSync(file('a.txt'), 'utf8');
    const places = [
      'This host drops',
      'EXPOSURE ',
      'tcp 0-1023',
      'Finding: source-port-hole [high]',
      'PORT ',
    ];
    const order = places.map((part) => text.indexOf(part));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(text).toMatch(/source-port-hole .* sure, proven\)/);
  });

  it('tells the same in every format', () => {
    const findings = factsOf(found, 'finding');
    const xml = readFileSync(file('a.xml'), 'utf8');
    for (const id of ['portolan-policy', 'portolan-finding'])
      expect(xml.split(`<script id="${id}"`)).toHaveLength(2);
    const rows = readFileSync(file('a.csv'), 'utf8').split('\r\n');
    expect(rows.filter((row) => row.startsWith('policy,'))).toHaveLength(factsOf(found, 'policy').length);
    expect(rows.filter((row) => row.startsWith('finding,'))).toHaveLength(findings.length);
    const page = readFileSync(file('a.html'), 'utf8');
    for (const { rule } of findings) for (const text of [xml, page]) expect(text).toContain(rule);
  });

  it.runIf(canValidate)('writes XML that is valid', () => {
    const { stderr } = spawnSync('xmllint', ['--nonet', '--noout', '--dtdvalid', dtd, file('a.xml')], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
  });

  it('is explained port by port', { timeout: minuteMs }, async () => {
    const words = portolanCommand(lab, ['explain', file('a.ndjson'), `${lab.targets.careless.v4}:25`]);
    const { stdout } = await lab.scanner.namespace.run(words);
    expect(stdout).toMatch(/^policy tcp drop.* hole .*one of 98 ports/m);
    expect(stdout).toMatch(
      /^a probe by connect, source-port 53.*\n {2}sent .*\n {2}answer {4}connection, outcome connected/m,
    );
    expect(stdout).toMatch(/^finding source-port-hole \[high\].*proven; it rests on/m);
  });

  it('keeps to a budget, says what it left out, and ends with 3', { timeout: minuteMs }, async () => {
    const short = await portolan(lab, ['fw', '-n', '-p1-100', '--budget', '120', lab.targets.careless.v4]);
    expect(summaryOf(short).packets.sent).toBeLessThanOrEqual(120);
    expect(short.status).toBe(3);
    expect(short.stderr).toContain('; at most 120 are sent');
    expect(short.stderr).toContain('--budget');
    expect(factsOf(short, 'policy').some(({ action }) => action === 'unknown')).toBe(true);
  });

  it('lists the probes with --evidence', { timeout: minuteMs }, async () => {
    const { v4 } = lab.targets.careless;
    const text = file('e.txt');
    const whole = await portolan(lab, ['fw', '-n', '-p20-30', '--evidence', '-oN', text, v4]);
    const probes = factsOf(whole, 'probe');
    for (let port = 20; port <= 30; port++)
      expect(probes.some((probe) => probe.port === port && probe.variant === undefined)).toBe(true);
    expect(readFileSync(text, 'utf8')).toMatch(/^PROBES\n(?:.*\n)*?.*, source-port 53: tcp, flags SA/m);
  });

  it('goes on where it was interrupted, and not from what looked for no filter', {
    timeout: 2 * minuteMs,
  }, async () => {
    const { v4 } = lab.targets.careless;
    await portolan(lab, ['fw', '-n', '-p20-30', '--budget', '60', '--journal', file('f.journal'), v4]);
    const whole = await portolan(lab, ['fw', '--resume', file('f.journal')]);
    expect(factsOf(whole, 'policy').flatMap(({ ports }) => parsePortRanges(ports))).toHaveLength(11);
    await portolan(lab, ['-n', '-p22', '--journal', file('plain.journal'), v4]);
    const refused = await portolan(lab, ['fw', '--resume', file('plain.journal')]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('is the journal of a scan that does not look for a filter');
  });

  it('without the privilege is refused', { timeout: minuteMs }, async () => {
    const refused = await portolan(lab, ['firewall', '-p1', lab.targets.careless.v4], { user: 'nobody' });
    expect(refused.status).toBe(4);
    expect(refused.stderr).toContain('needs CAP_NET_RAW');
    expect(refused.facts).toEqual([]);
  });
});
