import { describe, expect, test } from 'vitest';
import type { Fact, HostFact } from '../model/fact.ts';
import type { Reason } from '../model/verdict.ts';
import { at, portFact, portsFact, render, scanFact, summaryFact } from './writer.laws.ts';

const host: HostFact = { type: 'host', n: 1, host: '10.0.0.5', state: 'up', reason: 'syn-ack', at: at(1) };
const plainScan = { ...scanFact, questions: scanFact.questions.slice(0, 1) };
const shown = (...facts: readonly Fact[]) => render('xml', [plainScan, host, ...facts, summaryFact]);

describe('xml', () => {
  test.each<readonly [Reason, string]>([
    ['refused', 'conn-refused'],
    ['connected', 'syn-ack'],
    ['reset-window', 'reset'],
    ['syn-ack', 'syn-ack'],
    ['admin-prohibited', 'admin-prohibited'],
    ['no-response', 'no-response'],
  ])('calls %s as nmap does: %s', (reason, word) => {
    expect(shown(portFact(22, 'open', reason))).toContain(`<state state="open" reason="${word}"`);
  });

  test('names the sender of the deciding answer where it is not the host', () => {
    const from = (address: string) =>
      shown(portFact(22, 'filtered', 'host-unreach', { from: address, ttl: 63 }));
    expect(from('10.0.0.1')).toContain('reason="host-unreach" reason_ttl="63" reason_ip="10.0.0.1"/>');
    expect(from('10.0.0.5')).not.toContain('reason_ip');
  });

  test('counts the ports that are not listed by state, reason and protocol', () => {
    const text = shown(
      portsFact('1-100', 100, 'filtered', 'no-response'),
      portsFact('101-130', 30, 'filtered', 'host-unreach'),
      portsFact('1-40', 40, 'filtered', 'no-response', { protocol: 'sctp', technique: 'sctp-init' }),
    );
    expect(text).toContain('<extraports state="filtered" count="170">');
    expect(text).toContain('<extrareasons reason="no-response" count="100" proto="tcp" ports="1-100"/>');
    expect(text).toContain('<extrareasons reason="host-unreach" count="30" proto="tcp" ports="101-130"/>');
    expect(text).toContain('<extrareasons reason="no-response" count="40" proto="sctp" ports="1-40"/>');
  });

  test('a port asked by one technique has no script', () => {
    expect(shown(portFact(22, 'open', 'syn-ack'))).not.toContain('<script');
  });

  test('a technique the DTD does not know has no scaninfo', () => {
    const questions = [{ technique: 'novel' as 'syn', protocol: 'tcp', ports: '1', count: 1 }] as const;
    expect(render('xml', [{ ...scanFact, questions }, summaryFact])).not.toContain('<scaninfo');
  });

  test('confidence stays within what the DTD allows', () => {
    const service = (confidence: number): Fact => {
      const what = { name: '', cpe: [], tls: false, at: at(2) };
      return { type: 'service', n: 1, host: host.host, protocol: 'tcp', port: 22, confidence, ...what };
    };
    const told = (confidence: number) => shown(portFact(22, 'open', 'syn-ack'), service(confidence));
    expect(told(12)).toContain('<service name="unknown" method="probed" conf="10"/>');
    expect(told(-1)).toContain('conf="0"');
  });

  test('a certificate stands where readers of nmap look for it', () => {
    const certificate = {
      subject: 'CN=db.lab, O=Lab & Sons, Inc.',
      names: ['db.lab', '10.0.0.5'],
      issuer: 'CN=ca',
      from: '2026-11-21T10:00:01.000Z',
      to: '2027-11-21T10:00:05.000Z',
      key: 'EC P-256',
      fingerprint: '00ff',
    };
    const what = { name: 'http', cpe: [], tls: true, confidence: 10, certificate, at: at(2) };
    const service: Fact = { type: 'service', n: 1, host: host.host, protocol: 'tcp', port: 22, ...what };
    const text = shown(portFact(22, 'open', 'syn-ack'), service);
    const both = [portFact(22, 'open', 'syn-ack'), portFact(22, 'unfiltered', 'reset', { technique: 'ack' })];
    expect(render('xml', [scanFact, host, ...both, service, summaryFact]).match(/<script /g)).toHaveLength(1);
    const [, script = ''] = /(<script id="ssl-cert"[\s\S]*?<\/script>)/.exec(text) ?? [];
    expect(script).toContain(
      'output="Subject: commonName=db.lab/organizationName=Lab &amp; Sons, Inc.&#xa;Subject Alternative Name: DNS:db.lab, IP Address:10.0.0.5&#xa;',
    );
    expect(script.replaceAll('\n', '')).toContain(
      '<table key="subject"><elem key="commonName">db.lab</elem><elem key="organizationName">Lab &amp; Sons, Inc.</elem></table>' +
        '<table key="issuer"><elem key="commonName">ca</elem></table>' +
        '<table key="pubkey"><elem key="type">ec</elem><elem key="bits">256</elem></table>',
    );
    expect(script.replaceAll('\n', '')).toContain(
      '<table key="validity"><elem key="notBefore">2026-11-21T10:00:01</elem><elem key="notAfter">2027-11-21T10:00:05</elem></table><elem key="sha256">00ff</elem>',
    );
  });

  test('a port of which nothing was proven has its usual name, as from a table', () => {
    const what = { name: null, guess: 'http-alt', cpe: [], tls: false, confidence: 3, at: at(2) };
    const service: Fact = { type: 'service', n: 1, host: host.host, protocol: 'tcp', port: 22, ...what };
    expect(shown(portFact(22, 'open', 'syn-ack'), service)).toContain(
      '<service name="http-alt" method="table" conf="3"/>',
    );
    expect(
      render('normal', [plainScan, host, portFact(22, 'open', 'syn-ack'), service, summaryFact]),
    ).toMatch(/^22\/tcp open {2}http-alt\?/m);
  });

  test.each(['interrupted', 'failed', 'incomplete'] as const)(
    'a run that was %s ends as an error',
    (exit) => {
      const text = render('xml', [scanFact, { ...summaryFact, complete: false, exit }]);
      expect(text).toContain(`exit="error" errormsg="${exit}"`);
      expect(text).toMatch(/<\/nmaprun>\n$/);
    },
  );
});
