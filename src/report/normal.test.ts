import { describe, expect, test } from 'vitest';
import type { Fact, HostFact } from '../model/fact.ts';
import type { ServiceFact } from '../model/service-fact.ts';
import { at, plainShow, portFact, portsFact, render, scanFact, summaryFact } from './writer.laws.ts';

const host: HostFact = { type: 'host', n: 1, host: '10.0.0.5', state: 'up', reason: 'syn-ack', at: at(1) };
const plainScan = { ...scanFact, questions: scanFact.questions.slice(0, 1) };
const shown = (facts: readonly Fact[], show = {}) =>
  render('normal', [plainScan, host, ...facts, summaryFact], { ...plainShow, ...show });

describe('normal', () => {
  test('shows reasons when asked, and the sender where it is not the host', () => {
    const facts = [
      portFact(22, 'open', 'syn-ack', { from: '10.0.0.5', ttl: 64 }),
      portFact(25, 'filtered', 'admin-prohibited', { from: '10.0.0.1', ttl: 63 }),
    ];
    expect(shown(facts)).not.toContain('REASON');
    const text = shown(facts, { reason: true });
    expect(text).toMatch(/^22\/tcp open {13}syn-ack ttl 64$/m);
    expect(text).toMatch(/^25\/tcp filtered {9}admin-prohibited from 10\.0\.0\.1 ttl 63$/m);
  });

  test('with -v shows what is known of a service, long lists shortened, and -vv all of it', () => {
    const service = (port: number, more: Partial<ServiceFact>): ServiceFact => ({
      type: 'service',
      n: 1,
      host: '10.0.0.5',
      protocol: 'tcp',
      port,
      name: null,
      cpe: [],
      tls: false,
      confidence: 3,
      at: at(3),
      ...more,
    });
    const facts = [
      portFact(22, 'open', 'syn-ack'),
      portFact(23, 'open', 'syn-ack'),
      service(22, { name: 'ssh', extra: { kex: Array(50).fill('curve') } }),
      // The finding about its host tells that once.
      service(23, { stopped: 'flagged' }),
    ];
    expect(shown(facts)).not.toContain('kex');
    expect(shown(facts, { verbosity: 1 })).toMatch(
      /\n\|_kex: (curve, ){28}curv\.\.\. \(-vv shows all\)\n23\/tcp.*\n\n/,
    );
    expect(shown(facts, { verbosity: 2 })).toMatch(/\n\|_kex: (curve, ){49}curve\n/);
  });

  test('says why a port could not be judged without being asked', () => {
    expect(shown([portFact(22, 'unknown', 'local-error')])).toMatch(/^22\/tcp unknown +local-error$/m);
  });

  test('names the ports of a group that could not be judged', () => {
    const text = shown([
      portsFact('1-100', 100, 'closed', 'reset'),
      portsFact('101-200', 100, 'unknown', 'blocked'),
    ]);
    expect(text).toMatch(/^Not shown: 100 closed tcp ports \(reset\)$/m);
    expect(text).toMatch(/^Not judged: 100 unknown tcp ports \(blocked\): 101-200$/m);
  });

  test('a list of ports that could not be judged is shortened, and whole with -v', () => {
    const ports = Array.from({ length: 100 }, (_, i) => `${10 * i + 1}-${10 * i + 3}`).join(',');
    const facts = [portsFact(ports, 300, 'unknown', 'blocked')];
    const line = (show = {}) =>
      shown(facts, show)
        .split('\n')
        .find((one) => one.startsWith('Not judged'));
    expect(line()).toBe(
      `Not judged: 300 unknown tcp ports (blocked): ${ports.split(',').slice(0, 16).join(',')} and 84 more ranges (-v names all)`,
    );
    expect(line({ verbosity: 1 })).toBe(`Not judged: 300 unknown tcp ports (blocked): ${ports}`);
  });

  test('a long name from the network does not widen other lines', () => {
    const text = shown([
      portFact(22, 'open', 'syn-ack', { service: 'x'.repeat(10_000) }),
      portFact(23, 'open', 'syn-ack', { service: 'telnet' }),
    ]);
    const line = text.split('\n').find((one) => one.startsWith('23/tcp')) as string;
    expect(line.length).toBeLessThan(100);
  });

  test('a host that was only listed has a heading and nothing else', () => {
    const listed: Fact = { ...host, state: 'unknown', reason: 'user-set', name: 'db.lab' };
    const text = render('normal', [{ ...scanFact, questions: [] }, listed, summaryFact]);
    expect(text).toContain('\nPortolan scan report for db.lab (10.0.0.5)\n\n#');
  });

  test('hints at -Pn when a port scan found no host', () => {
    const nobody = { ...summaryFact, hosts: { up: 0, down: 1, unknown: 0, total: 1 } };
    expect(render('normal', [scanFact, nobody])).toContain('-Pn');
    expect(render('normal', [{ ...scanFact, questions: [] }, nobody])).not.toContain('-Pn');
    expect(render('normal', [scanFact, summaryFact])).not.toContain('-Pn');
    const skipped = { ...scanFact, options: { discovery: [] } };
    expect(render('normal', [skipped, nobody])).not.toContain('-Pn');
  });

  test('of a sweep tells how much was silent, and has no hint for those it asked anyway', () => {
    const swept = { ...summaryFact, hosts: { up: 0, down: 0, unknown: 1, total: 1 }, ports: {}, silent: 7 };
    expect(render('normal', [scanFact, swept])).toContain('# Ports: 7 without an answer\n');
    expect(render('normal', [scanFact, swept])).not.toContain('-Pn');
    for (const format of ['xml', 'html'] as const) {
      expect(render(format, [scanFact, { ...summaryFact, silent: 7 }])).toContain('7 without an answer');
    }
    expect(render('ndjson', [scanFact, swept])).toContain('"ports":{},"silent":7');
  });

  test('says what is not known of hosts of which nothing answered, in every format that has room for it', () => {
    const silent = { ...summaryFact, silentHosts: 2 };
    expect(render('normal', [scanFact, silent])).toContain('# Silence: no port of 2 hosts answered: ');
    expect(render('normal', [scanFact, silent])).toContain('open ports may have been missed');
    expect(render('xml', [scanFact, silent])).toContain('; no port of 2 hosts answered: ');
    expect(render('html', [scanFact, silent])).toContain('Silence: no port of 2 hosts answered: ');
    expect(render('ndjson', [scanFact, silent])).toContain('"silentHosts":2');
    expect(render('normal', [scanFact, summaryFact])).not.toContain('Silence');
  });

  test('says that a scan is not complete', () => {
    const text = render('normal', [scanFact, { ...summaryFact, complete: false, exit: 'incomplete' }]);
    expect(text).toContain('# Portolan incomplete: 3 IP addresses');
    expect(text).toContain('unknown, not filtered');
  });
});
