import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fact } from '../model/fact.ts';
import { hostileTexts, plainShow, render, sampleFacts, scanFact, summaryFact } from './writer.laws.ts';

/** What reads nmap's XML on this machine; a test whose reader is missing is skipped and says which. */
const dtd = '/usr/share/nmap/nmap.dtd';
const stylesheet = '/usr/share/nmap/nmap.xsl';
const python = '/usr/bin/python3';
const hasXmllint = runs('xmllint', ['--version']) && existsSync(dtd);
const hasNdiff = runs('ndiff', ['--help']);
const hasXsltproc = runs('xsltproc', ['--version']) && existsSync(stylesheet);
const hasLibnmap = runs(python, ['-c', 'import libnmap']);

const interrupted = { ...summaryFact, complete: false, exit: 'interrupted' } as const;
const discovery = { ...scanFact, questions: [] };

/** What one technique has found: then a port has room for its certificate. */
const ofOne = (facts: readonly Fact[]) =>
  facts.filter((fact) => (fact.type !== 'port' && fact.type !== 'ports') || fact.technique !== 'ack');

const scans: readonly (readonly [string, readonly Fact[]])[] = [
  ['the rich sample', sampleFacts()],
  ['a scan without hosts', [scanFact, summaryFact]],
  ['a scan without ports', [discovery, ...sampleFacts().filter(({ type }) => type === 'host'), summaryFact]],
  ['an interrupted scan', [...sampleFacts().slice(0, 5), interrupted]],
  ['the sample of one technique', ofOne(sampleFacts())],
  ...hostileTexts.map((text): [string, readonly Fact[]] => [
    `of one technique: ${JSON.stringify(text)}`,
    ofOne(sampleFacts(text)),
  ]),
  ...hostileTexts.map((text): [string, readonly Fact[]] => [JSON.stringify(text), sampleFacts(text)]),
];

/** Of a host with two scripts, as one with a device and findings, this ndiff makes nothing, whoever wrote them. */
const plainFacts = sampleFacts().filter(({ type }) => type !== 'policy' && type !== 'device');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-report-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the XML report', () => {
  test('holds a certificate where the readers are tried', () => {
    expect(render('xml', ofOne(sampleFacts()))).toContain('<script id="ssl-cert"');
  });

  test.runIf(hasXmllint).each(scans)('is valid against nmap.dtd (xmllint): %s', (_what, facts) => {
    for (const verbosity of [0, 1]) {
      const { status, stderr } = run('xmllint', [
        '--nonet',
        '--noout',
        '--dtdvalid',
        dtd,
        written(facts, verbosity),
      ]);
      expect(stderr).toBe('');
      expect(status).toBe(0);
    }
  });

  test.runIf(hasNdiff)('is read by ndiff, which sees no difference to itself', () => {
    const path = written(plainFacts);
    const { status, stderr } = run('ndiff', [path, path]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test.runIf(hasNdiff)('is read by ndiff, which names the port that changed', () => {
    const before = written(plainFacts);
    const changed = (fact: Fact): Fact =>
      fact.type === 'port' && fact.port === 443 ? { ...fact, state: 'closed', reason: 'reset' } : fact;
    const { status, stdout } = run('ndiff', [before, written(plainFacts.map(changed))]);
    expect(stdout).toMatch(/^-443\/tcp +open/m);
    // Closed is a state of many there, so ndiff counts the new verdict among them.
    expect(stdout).toContain('+|_ techniques: syn: closed (reset)');
    expect(stdout).not.toMatch(/^[-+]22\/tcp/m);
    expect(status).toBe(1);
  });

  test.runIf(hasXsltproc)('is turned into a page by nmap.xsl', () => {
    const { status, stdout, stderr } = run('xsltproc', ['--nonet', stylesheet, written(sampleFacts())]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    for (const text of ['10.0.0.5', 'OpenSSH', 'db5.lab', 'Linux 5.x-6.x']) expect(stdout).toContain(text);
  });

  test.runIf(hasLibnmap)('is read by python-libnmap with everything it knows', () => {
    const { status, stdout, stderr } = run(python, ['-c', libnmapProgram, written(sampleFacts())]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      summary: expect.stringContaining('Portolan done'),
      // It keeps the last scaninfo only.
      type: 'udp',
      asked: 2,
      started: 1795255200,
      totals: [2, 1, 3],
      elapsed: 12.03,
      hosts: [
        {
          address: '10.0.0.5',
          hostnames: ['db.lab', 'db5.lab'],
          status: 'up',
          mac: '02:00:00:00:00:0A',
          vendor: 'Maker',
          open: [
            [22, 'tcp'],
            [443, 'tcp'],
            [53, 'udp'],
          ],
          ssh: [
            'ssh',
            'open',
            'syn-ack',
            'product: OpenSSH version: 9.2p1 extrainfo: Debian 2+deb12u3 hostname: db5 ostype: Linux devicetype: server',
            '',
          ],
          https: ['http', 'ssl'],
          cpe: 'cpe:/a:openbsd:openssh:9.2p1',
          techniques: 'syn: open (syn-ack); ack: unfiltered (reset)',
          filtered: ['unfiltered', 'reset'],
          extra: [
            { state: { state: 'closed', count: '990' }, count: { state: 'closed', count: '990' } },
            [expect.objectContaining({ reason: 'reset', count: '990' })],
          ],
          os: [
            'Linux 5.x-6.x',
            95,
            [['general purpose', 'Linux', 'Linux', '5.x-6.x', 95, ['cpe:/o:linux:linux_kernel']]],
          ],
          uptime: [86_400, 'Fri Nov 20 10:00:06 2026 +0000', 2],
          scripts: ['portolan-device', 'portolan-policy', 'portolan-finding'],
        },
        expect.objectContaining({ address: 'fe80::1%eth0', hostnames: [], open: [] }),
      ],
    });
  });

  test.runIf(hasLibnmap).each(scans)('is read by python-libnmap: %s', (_what, facts) => {
    const { status, stderr } = run(python, ['-c', libnmapProgram, written(facts)]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

/** Asks python-libnmap for everything an importer uses. */
const libnmapProgram = `
import json, sys
from libnmap.parser import NmapParser
report = NmapParser.parse_fromfile(sys.argv[1])
def told(host):
    ports = {(s.port, s.protocol): s for s in host.services}
    def of(port, read):
        service = ports.get((port, 'tcp'))
        return read(service) if service else None
    match = host.os.osmatches[0] if host.os_fingerprinted and host.os.osmatches else None
    return {
        'address': host.address, 'hostnames': host.hostnames, 'status': host.status,
        'mac': host.mac, 'vendor': host.vendor, 'open': host.get_open_ports(),
        'ssh': of(22, lambda s: [s.service, s.state, s.reason, s.banner, s.tunnel]),
        'https': of(443, lambda s: [s.service, s.tunnel]),
        'cpe': of(22, lambda s: s.cpelist[0].cpestring if s.cpelist else None),
        'techniques': of(22, lambda s: s.scripts_results[0]['output'] if s.scripts_results else None),
        'filtered': of(25, lambda s: [s.state, s.reason]),
        'extra': [host.extraports_state, host.extraports_reasons],
        'os': [match.name, match.accuracy, [
            [c.type, c.vendor, c.osfamily, c.osgen, c.accuracy, [cpe.cpestring for cpe in c.cpelist]]
            for c in match.osclasses]] if match else None,
        'uptime': [host.uptime, host.lastboot, host.distance],
        'scripts': [script['id'] for script in host.scripts_results],
    }
print(json.dumps({
    'summary': report.summary, 'type': report.scan_type, 'asked': report.numservices, 'started': report.started,
    'totals': [report.hosts_up, report.hosts_down, report.hosts_total], 'elapsed': report.elapsed,
    'hosts': [told(host) for host in report.hosts],
}))
`;

let files = 0;

/** A file with the XML of a scan. */
function written(facts: readonly Fact[], verbosity = 0): string {
  const path = join(folder, `${++files}.xml`);
  writeFileSync(path, render('xml', facts, { ...plainShow, verbosity }));
  return path;
}

function run(program: string, words: readonly string[]) {
  return spawnSync(program, words, { encoding: 'utf8' });
}

function runs(program: string, words: readonly string[]): boolean {
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0;
}
