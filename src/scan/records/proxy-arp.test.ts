import { expect, test } from 'vitest';
import type { Reason } from '../../model/verdict.ts';
import { hardwareKey } from './hardware-counts.ts';
import { type OpenHost, openHost } from './open-host.ts';
import { ProxyArp } from './proxy-arp.ts';

const at = '2026-01-01T00:00:00.000Z';
const macs = { router: Uint8Array.of(2, 0, 0, 0, 0, 1), other: Uint8Array.of(2, 0, 0, 0, 0, 2) };
let ordinal = 0;

/** A host that somebody answered for, and what became of it. */
function judged(proxies: ProxyArp, name: string, mac: Uint8Array, reason: Reason): OpenHost {
  const host = openHost(name);
  proxies.answered(host, mac);
  host.isUp = reason !== 'no-response';
  host.hostSaid = Promise.resolve();
  proxies.judged(host, reason);
  proxies.told(host, ++ordinal);
  return host;
}

test('a device that answers for many, most of them silent, is told once, at the first silent one that shows it', () => {
  const proxies = new ProxyArp();
  ordinal = 0;
  const reasons: Reason[] = ['arp-response', 'echo-reply', ...Array<Reason>(40).fill('no-response')];
  const hosts = reasons.map((reason, i) => judged(proxies, `10.0.0.${i + 1}`, macs.router, reason));
  judged(proxies, '10.0.0.99', macs.other, 'arp-response');
  const kept = hosts.filter((host) => proxies.keeps(host));
  expect(kept.map(({ name }) => name)).toEqual(['10.0.0.3']);
  const told = [...proxies.tell(at)];
  expect(told.map(([host]) => host.name)).toEqual(['10.0.0.3']);
  expect(told[0]?.[1]).toMatchObject({
    host: '10.0.0.3',
    rule: 'proxy-arp',
    severity: 'low',
    claim: expect.stringMatching(/^02:00:00:00:00:01 answers ARP for 42 addresses, of which 1 .* 40 nothing/),
    confidence: 0.95,
    evidence: [expect.stringMatching(/down: 40$/), expect.stringMatching(/alone.*: 1$/)],
    facts: Array.from({ length: 40 }, (_, i) => i + 3),
  });
});

test.each([
  { what: 'one with a few silent addresses', reasons: Array<Reason>(7).fill('no-response') },
  { what: 'one whose addresses all answer', reasons: Array<Reason>(20).fill('echo-reply') },
  { what: 'one whose addresses are all believed', reasons: Array<Reason>(20).fill('arp-response') },
])('is not told of $what', ({ reasons }) => {
  const proxies = new ProxyArp();
  const hosts = reasons.map((reason, i) => judged(proxies, `10.0.0.${i + 1}`, macs.router, reason));
  expect(hosts.some((host) => proxies.keeps(host))).toBe(false);
  expect([...proxies.tell(at)]).toEqual([]);
});

test('addresses of each kind have their own count, and each family its own word', () => {
  const proxies = new ProxyArp();
  for (let i = 0; i < 6; i++) {
    judged(proxies, `10.0.0.${i + 1}`, macs.router, 'no-response');
    judged(proxies, `fe80::${i + 1}%eth0`, macs.router, 'no-response');
  }
  const hosts = Array.from({ length: 8 }, (_, i) =>
    judged(proxies, `fd00::${i + 1}`, macs.router, 'no-response'),
  );
  expect(hosts.map((host) => proxies.keeps(host)).indexOf(true)).toBe(0);
  const [[, fact] = []] = [...proxies.tell(at)];
  expect(fact?.claim).toMatch(/neighbour discovery for 8 addresses, of which none/);
});

test('a run that goes on begins with what was counted, without hosts that it asks again', () => {
  const proxies = new ProxyArp();
  judged(proxies, '10.0.0.1', macs.router, 'arp-response');
  const asked = openHost('10.0.0.2');
  proxies.answered(asked, macs.router);
  const key = hardwareKey('v4', macs.router);
  expect(proxies.counts([asked])).toEqual(new Map([[key, 1]]));
  // It is asked again, and its answer is not another one.
  proxies.answered(asked, macs.router);
  expect(proxies.counts([])).toEqual(new Map([[key, 2]]));
});
