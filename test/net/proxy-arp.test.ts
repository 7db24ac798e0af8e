/**
 * A router that answers for a whole range (proxy ARP, proxy NDP) makes nobody up behind it but those who answer, and is
 * named; a machine with many addresses of its own has all of them, and is not.
 *
 * @module
 */

import { afterEach, describe, expect, it } from 'vitest';
import type { FindingFact } from '../../src/model/fact.ts';
import { listen } from './lab/listen.ts';
import { hostsOf, portolanIn, type Scanned } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { forwards, type Wired, wired } from './lab/wired.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('one hardware address for many', () => {
  let lab: Wired<'scanner' | 'router' | 'first' | 'second'> | undefined;
  afterEach(() => lab?.close());

  /** Two hosts on wires of their own, both families, behind a router that answers for the rest of their networks. */
  const make = async () => {
    lab = wired('proxy', 'scanner', 'router', 'first', 'second');
    const { scanner, router, first, second } = lab.at;
    lab.wire('scanner', 'router', 'eth0', 'near');
    lab.wire('router', 'first', 'far1', 'eth0');
    lab.wire('router', 'second', 'far2', 'eth0');
    forwards(router);
    router.configure({
      'ipv4/conf/near/proxy_arp': 1,
      'ipv4/neigh/near/proxy_delay': 0,
      'ipv6/conf/near/proxy_ndp': 1,
      'ipv6/neigh/near/proxy_delay': 0,
    });
    scanner.ip('addr add 10.83.1.2/24 dev eth0', 'addr add fd83:1::2/64 dev eth0 nodad');
    router.ip(
      'addr add 10.83.1.1/32 dev near',
      'addr add fd83:1::1/128 dev near nodad',
      'route add 10.83.1.2/32 dev near src 10.83.1.1',
      'route add fd83:1::2/128 dev near',
      'route add 10.83.1.20/32 dev far2 src 10.83.1.1',
      'route add 10.83.1.0/24 dev far1 src 10.83.1.1',
      'route add fd83:1::14/128 dev far2',
      'route add fd83:1::/64 dev far1',
      ...Array.from({ length: 24 }, (_, i) => `neigh add proxy fd83:1::${(i + 3).toString(16)} dev near`),
    );
    first.ip('addr add 10.83.1.10/32 dev eth0', 'addr add fd83:1::a/128 dev eth0 nodad');
    second.ip('addr add 10.83.1.20/32 dev eth0', 'addr add fd83:1::14/128 dev eth0 nodad');
    for (const [host, wire] of [
      [first, 'far1'],
      [second, 'far2'],
    ] as const) {
      // Nobody answers a neighbour solicitation for an address of another link.
      router.ip(`addr add fe80::1/64 dev ${wire} nodad`);
      host.ip(
        'route add 10.83.1.1/32 dev eth0',
        'route add default via 10.83.1.1 dev eth0',
        'route add default via fe80::1 dev eth0',
      );
    }
    await Promise.all([first, second].map((host) => listen(host, { tcp: '22' })));
    return scanner;
  };

  it.each([['-p22,81'], ['-sn']])(
    'by ARP: who is behind the router is found, and nobody else: %s',
    async (...words) => {
      const run = await portolanIn(await make(), ['-n', '-r', ...words, '10.83.1.1-254']);
      expect(run.status, run.stderr).toBe(0);
      // The first that a hardware address answers for is believed.
      expect(ups(run)).toEqual({
        '10.83.1.1': 'arp-response',
        '10.83.1.2': 'localhost',
        '10.83.1.10': 'echo-reply',
        '10.83.1.20': 'echo-reply',
      });
      expect(run.summary?.hosts).toEqual({ up: 4, down: 250, unknown: 0, total: 254 });
      const [finding, ...others] = findingsOf(run);
      expect(others).toEqual([]);
      expect(finding).toMatchObject({ rule: 'proxy-arp', severity: 'low', confidence: 0.95 });
      expect(finding?.claim).toMatch(/answers ARP for 253 addresses, of which 2 .* and 250 nothing/);
      const cited = run.facts.filter((fact) => finding?.facts.includes(fact.n));
      expect(cited.map((fact) => fact.type === 'host' && `${fact.state} ${fact.mac}`)).toEqual(
        Array(250).fill(`down ${finding?.claim.slice(0, 17)}`),
      );
    },
  );

  it('by ARP: a router lies before those behind it, so that neither their filters nor the ways to them end at hop 1', async () => {
    const scanner = await make();
    lab?.at.router.nft('table ip t { chain c { type filter hook forward priority 0; tcp dport 81 drop; }; }');
    const args = ['-n', '-r', '-p22,81', '--traceroute', '10.83.1.1,10-30'];
    const run = await portolanIn(scanner, args);
    expect(run.status, run.stderr).toBe(0);
    const hops = run.facts.flatMap((fact) =>
      fact.type === 'trace' ? [`${fact.host} ${fact.hops.map(({ address }) => address).join(' ')}`] : [],
    );
    expect(hops).toEqual(
      expect.arrayContaining(['10', '20'].map((last) => `10.83.1.${last} 10.83.1.1 10.83.1.${last}`)),
    );
    const filter = await portolanIn(scanner, ['firewall', '-n', '-p22,81', '10.83.1.1,10-30']);
    expect(filter.status, filter.stderr).toBe(0);
    const answered = Object.entries(ups(filter)).filter(([, reason]) => reason !== 'arp-response');
    expect(answered.map(([host]) => host).filter((host) => host !== '10.83.1.1')).toEqual(
      expect.arrayContaining(['10.83.1.10', '10.83.1.20']),
    );
    const claims = findingsOf(filter).map(({ host, rule, claim }) => `${host} ${rule}: ${claim}`);
    for (const host of ['10.83.1.10', '10.83.1.20']) {
      const where = claims.find((claim) => claim.startsWith(`${host} filter-location:`));
      expect(where).toMatch(/in the forwarding of hop 1 or right behind it; the host is at hop 2$/);
    }
    expect(claims.filter((claim) => claim.includes(' proxy-arp: '))).toHaveLength(1);
    expect(claims.filter((claim) => claim.includes('on the own link'))).toEqual([]);
  });

  it('a firewall that answers pings for all of a network is named once, whoever is there', async () => {
    lab = wired('proxy', 'scanner', 'router', 'first', 'second');
    const { scanner, router } = lab.at;
    lab.wire('scanner', 'router', 'eth0', 'near');
    forwards(router);
    scanner.ip('addr add 10.83.1.2/24 dev eth0', 'route add 10.83.2.0/24 via 10.83.1.1');
    router.ip('addr add 10.83.1.1/24 dev near');
    router.nft(`table ip nat {
      chain pings {
        type nat hook prerouting priority -100
        icmp type echo-request dnat to 10.83.1.1
      }
    }`);
    const run = await portolanIn(scanner, ['-n', '-sn', '10.83.2.0/24']);
    expect(run.status, run.stderr).toBe(0);
    expect(new Set(Object.values(ups(run)))).toEqual(new Set(['echo-reply']));
    const [finding, ...others] = findingsOf(run);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'proxy-arp', severity: 'low' });
    expect(finding?.claim).toMatch(/^one machine answers pings for 25\d addresses/);
  });

  it('by neighbour discovery', async () => {
    const run = await portolanIn(await make(), ['-n', '-r', '-sn', 'fd83:1::1-fd83:1::20']);
    expect(run.status, run.stderr).toBe(0);
    expect(ups(run)).toEqual({
      'fd83:1::1': 'nd-response',
      'fd83:1::2': 'localhost',
      'fd83:1::a': 'echo-reply',
      'fd83:1::14': 'echo-reply',
    });
    const claims = findingsOf(run).map(({ claim }) => claim);
    expect(claims).toEqual([
      expect.stringMatching(/neighbour discovery for 25 addresses, of which 2 .* and 22 nothing/),
    ]);
  });

  it('of a machine that holds them all is no proxy, and all are up', async () => {
    lab = wired('proxy', 'scanner', 'router', 'first', 'second');
    const { scanner, first } = lab.at;
    lab.wire('scanner', 'first', 'eth0');
    scanner.ip('addr add 10.83.1.2/24 dev eth0');
    first.ip(...Array.from({ length: 12 }, (_, i) => `addr add 10.83.1.${i + 10}/24 dev eth0`));
    const run = await portolanIn(scanner, ['-n', '-sn', '10.83.1.8-23']);
    expect(run.status, run.stderr).toBe(0);
    const up = ups(run);
    expect(Object.keys(up).sort()).toEqual(Array.from({ length: 12 }, (_, i) => `10.83.1.${i + 10}`));
    expect(Object.values(up).sort()).toEqual(['arp-response', ...Array(11).fill('echo-reply')]);
    expect(findingsOf(run)).toEqual([]);
  });

  it('that answers for itself alone is asked nothing else', async () => {
    lab = wired('proxy', 'scanner', 'router', 'first', 'second');
    const { scanner, router, first, second } = lab.at;
    scanner.ip('link add br0 type bridge', 'addr add 10.83.1.2/24 dev br0', 'link set br0 up');
    for (const [i, role] of (['router', 'first', 'second'] as const).entries()) {
      lab.wire('scanner', role, `to${i}`, 'eth0');
      scanner.ip(`link set to${i} master br0`);
    }
    for (const [i, host] of [router, first, second].entries())
      host.ip(`addr add 10.83.1.${i + 10}/24 dev eth0`);
    const run = await portolanIn(scanner, ['-n', '-sn', '10.83.1.10-12']);
    expect(Object.values(ups(run)), run.stderr).toEqual(Array(3).fill('arp-response'));
    // One request each.
    expect(run.summary?.packets.sent).toBe(3);
  });
});

function ups(run: Scanned): Record<string, string> {
  return Object.fromEntries(
    Object.entries(hostsOf(run)).flatMap(([host, state]) =>
      state.startsWith('up ') ? [[host, state.slice(3)]] : [],
    ),
  );
}

function findingsOf({ facts }: Scanned): readonly FindingFact[] {
  return facts.filter((fact) => fact.type === 'finding');
}
