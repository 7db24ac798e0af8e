/** Netcat's answer, line by line. */

import { describe, expect, it } from 'vitest';
import type { PortFact } from '../model/fact.ts';
import { hostUp, portFact } from './fake-world.laws.ts';
import { NetcatReport } from './netcat.ts';

describe('netcat', () => {
  it.each<[Partial<PortFact>, string]>([
    [
      { state: 'open', reason: 'connected', service: 'ssh' },
      'Connection to 10.0.0.5 22 port [tcp/ssh] succeeded!',
    ],
    [
      { state: 'open', reason: 'udp-response', protocol: 'udp' },
      'Connection to 10.0.0.5 22 port [udp/*] succeeded!',
    ],
    [{ state: 'closed', reason: 'refused' }, failed('tcp', 'Connection refused')],
    [{ state: 'closed', reason: 'port-unreach', protocol: 'udp' }, failed('udp', 'Connection refused')],
    [{ state: 'filtered', reason: 'no-response' }, failed('tcp', 'Connection timed out')],
    [
      { state: 'open|filtered', reason: 'no-response', protocol: 'udp' },
      failed('udp', 'Connection timed out'),
    ],
    [{ state: 'filtered', reason: 'admin-prohibited' }, failed('tcp', 'filtered (admin-prohibited)')],
    // A router's word for a port is no refusal by the target.
    [
      { state: 'filtered', reason: 'port-unreach', protocol: 'udp' },
      failed('udp', 'filtered (port-unreach)'),
    ],
    [{ state: 'unknown', reason: 'local-error' }, failed('tcp', 'unknown (local-error)')],
  ])('says of %o: %s', (fact, line) => {
    const { lines, report } = verbose();
    report.take({ ...portFact(22), host: '10.0.0.5', ...fact } as PortFact);
    expect(lines).toEqual([line]);
    expect(report.allOpen).toBe(fact.state === 'open');
  });

  it('says that a host is down, which has no ports to speak of', () => {
    const { lines, report } = verbose();
    report.take({ ...hostUp, state: 'down', reason: 'no-response' });
    expect(lines).toEqual(['portolan: connect to box (127.0.0.1) failed: Host is down']);
    expect(report.allOpen).toBe(false);
  });

  it('takes a name for one target, whichever of its addresses took a connection', () => {
    const { report } = verbose();
    for (const host of ['::1', '127.0.0.1']) report.take({ ...hostUp, host, askedAs: 'box', names: ['box'] });
    report.take({ ...portFact(22), host: '::1', state: 'closed' });
    expect(report.allOpen).toBe(false);
    report.take(portFact(22));
    expect(report.allOpen).toBe(true);
    report.take(portFact(23, 'closed'));
    expect(report.allOpen).toBe(false);
    report.take({ ...portFact(23), host: '::1' });
    expect(report.allOpen).toBe(true);
  });

  it('wants every address of a block to take connections', () => {
    const { report } = verbose();
    for (const host of ['10.0.0.1', '10.0.0.2']) {
      const { askedAs: _, ...plain } = hostUp;
      report.take({ ...plain, host });
    }
    report.take({ ...portFact(22), host: '10.0.0.1' });
    // Nothing was told of the other one's port.
    expect(report.allOpen).toBe(false);
    report.take({ ...portFact(22, 'closed'), host: '10.0.0.2' });
    expect(report.allOpen).toBe(false);
  });

  it('wants each of several names to take connections, one address of two names counting for both', () => {
    const { report } = verbose();
    report.take({ ...hostUp, host: '10.0.0.1', askedAs: 'a.test', names: ['a.test', 'b.test'] });
    report.take({ ...hostUp, host: '10.0.0.2', askedAs: 'b.test', names: ['b.test'] });
    report.take({ ...portFact(22), host: '10.0.0.1' });
    report.take({ ...portFact(22, 'closed'), host: '10.0.0.2' });
    expect(report.allOpen).toBe(true);
  });
});

function verbose() {
  const lines: string[] = [];
  return { lines, report: new NetcatReport(true, (line) => lines.push(line)) };
}

function failed(protocol: string, why: string): string {
  return `portolan: connect to 10.0.0.5 port 22 (${protocol}) failed: ${why}`;
}
