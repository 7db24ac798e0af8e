/**
 * ICMP errors as kernels send them when nobody changes anything: six at once, then one a second to an address. Ports
 * that are refused by them have the right state all the same, at the usual pace, and nothing else is claimed.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindingFact } from '../../src/model/fact.ts';
import { parsePortRanges } from '../../src/model/ports.ts';
import { addressIn, createLab, type Lab } from '../net/lab/lab.ts';
import { portolan, type Scanned } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { behavioursOf, planLab, plannedPorts } from '../net/plan.ts';

const missing = labMissing();
/** Names that a run of a host's own limit, or of its router's, may get. */
const limitOnly = new Set(['icmp-rate-limit']);

describe.skipIf(missing !== undefined)('behind filters that refuse by ICMP', () => {
  let lab: Lab<'rejecting' | 'guarded' | 'udp' | 'banning' | 'limited'>;
  beforeAll(async () => {
    lab = await createLab({
      wire: { delayMs: 1 },
      forward: [
        'ct state established,related accept',
        // One port of many is refused on the way; the rest vanishes.
        'ip daddr 10.77.2.11 tcp dport 23 reject with icmp type port-unreachable',
        'ip daddr 10.77.2.11 tcp dport != { 22, 80, 90 } drop',
        // Nobody lives there, and the router refuses in his name.
        'ip daddr 10.77.2.250 reject with icmp type port-unreachable',
        // Twenty new connections a second pass; what is more is refused.
        'ip daddr 10.77.2.14 ct state new limit rate 20/second burst 5 packets accept',
        'ip6 daddr fd77:0:0:2::e ct state new limit rate 20/second burst 5 packets accept',
        'ip daddr 10.77.2.14 reject',
        'ip6 daddr fd77:0:0:2::e reject',
      ],
      targets: {
        // As firewalld has it by default.
        rejecting: {
          tcp: '22,90',
          input: [
            'ct state established,related accept',
            'meta l4proto { icmp, ipv6-icmp } accept',
            'tcp dport { 22, 90 } accept',
            'reject with icmpx type admin-prohibited',
          ],
        },
        guarded: { tcp: '22,80' },
        udp: { tcp: '22' },
        banning: { tcp: '22,80,443,8080' },
        limited: { tcp: '5,22,37,61,80,93' },
      },
    });
    lab.router.namespace.ip('route add unreachable 10.88.0.0/24');
    lab.scanner.namespace.ip(`route add 10.88.0.0/24 via ${lab.router.v4}`);
  });
  afterAll(() => lab?.close());

  const scan = (args: readonly string[]) => portolan(lab, ['-Pn', '-n', ...args]);

  for (const flag of ['-sS', '-sT', '-sA']) {
    for (const family of [4, 6] as const) {
      it(`${flag} over IPv${family}: a host that rejects nearly all ports`, async () => {
        const found = await scan([flag, '-p1-100', addressIn(lab.targets.rejecting, family)]);
        const passing = flag === '-sA' ? ['unfiltered', 'filtered'] : ['open'];
        for (const [port, state] of statesOf(found, 100))
          expect([port, port === 22 || port === 90 ? passing : ['filtered']]).toEqual([
            port,
            expect.arrayContaining([state]),
          ]);
        expectCalm(found);
      });
    }
  }

  for (const flag of ['-sS', '-sT']) {
    for (const family of [4, 6] as const) {
      it(`${flag} over IPv${family}: a router that refuses new connections beyond twenty a second has judged no port`, async () => {
        const open = [5, 22, 37, 61, 80, 93];
        const found = await scan([flag, '-p1-100', addressIn(lab.targets.limited, family)]);
        const states = statesOf(found, 100);
        for (const port of open) expect([port, states.get(port)]).toEqual([port, 'open']);
        const others = [...states].filter(([port]) => !open.includes(port));
        expect(others.filter(([, state]) => state === 'filtered').length).toBeLessThan(3);
        expect(found.status, found.stderr).toBe(0);
        const told = findings(found).map(({ rule, claim }) => [
          rule,
          Number(/about ([\d.]+) /.exec(claim)?.[1] ?? 20),
        ]);
        for (const [rule, figure] of told) {
          expect(['rst-rate-limit', 'icmp-rate-limit']).toContain(rule);
          if (rule === 'rst-rate-limit') expect(Math.abs((figure as number) / 20 - 1)).toBeLessThan(0.25);
        }
        expect(told.filter(([rule]) => rule === 'rst-rate-limit').length).toBeLessThan(2);
      });
    }
  }

  it('-sF, -sU: what only an error would decide stays undecided after some seconds', async () => {
    for (const flag of ['-sF', '-sU']) {
      const found = await scan([flag, '-p1-100', lab.targets.rejecting.v4]);
      for (const [port, state] of statesOf(found, 100))
        expect([port, ['filtered', 'open|filtered']]).toEqual([port, expect.arrayContaining([state])]);
      expectCalm(found);
      expect((found.summary?.elapsedMs ?? 0) / 1000).toBeLessThan(20);
    }
  });

  it('a single port that a router refuses is taken for no sign of life', async () => {
    const found = await scan(['-sS', '-p1-1000', lab.targets.guarded.v4]);
    const special = new Map([
      [22, 'open'],
      [80, 'open'],
      [90, 'closed'],
    ]);
    for (const [port, state] of statesOf(found, 1000))
      expect([port, state]).toEqual([port, special.get(port) ?? 'filtered']);
    expectCalm(found);
  });

  it('a connection that a router refuses by an error is closed, but neither a sign of life nor said by the host', async () => {
    const found = await scan(['-sT', '--evidence', '-p1-1000', lab.targets.guarded.v4]);
    const states = statesOf(found, 1000);
    expect(['closed', 'filtered']).toContain(states.get(23));
    for (const [port, state] of [
      [22, 'open'],
      [80, 'open'],
      [90, 'closed'],
    ] as const)
      expect([port, states.get(port)]).toEqual([port, state]);
    const senders = found.facts.flatMap((fact) =>
      fact.type === 'probe' && fact.reply?.kind === 'connection' ? [[fact.port, fact.from]] : [],
    );
    expect(senders).toContainEqual([23, lab.router.v4]);
    expect(senders).toContainEqual([90, lab.targets.guarded.v4]);
    expectCalm(found);
  });

  it('a router that refuses connections proves no host', async () => {
    const found = await portolan(lab, ['-sn', '-n', lab.nobody.v4], { user: 'nobody' });
    expect(found.facts.flatMap((fact) => (fact.type === 'host' ? [fact.state] : []))).toEqual(['down']);
  });

  it('-sS -sU together: the limit on errors is named as one, with its figure and its sender', async () => {
    const { v4 } = lab.targets.udp;
    const found = await scan(['-sS', '-sU', '-p1-20', v4]);
    for (const [port, state] of statesOf(found, 20, 'syn'))
      expect([port, state]).toEqual([port, port === 22 ? 'open' : 'closed']);
    for (const [port, state] of statesOf(found, 20, 'udp')) expect([port, state]).toEqual([port, 'closed']);
    expect(findings(found).map(({ rule }) => rule)).toEqual(['icmp-rate-limit']);
    expect(findings(found)[0]?.claim).toMatch(
      /about (0\.[89]\d?|1|1\.[01]\d?) ICMP errors sent by 10\.77\.2\.12 per second/,
    );
    expectCalm(found);
  });

  it.each(['-sS', '-sT'])('%s: who bans by errors whoever asks too much has judged no port', async (flag) => {
    const { namespace, v4 } = lab.targets.banning;
    namespace.nft('flush ruleset');
    // As fail2ban does it: what a banned address sends is refused.
    namespace.nft(`table inet ban {
      set banned { type ipv4_addr; flags dynamic,timeout; timeout 60s; size 100; }
      set asked { type ipv4_addr; flags dynamic,timeout; timeout 60s; size 100; }
      chain input {
        type filter hook input priority 0;
        ip saddr @banned meta l4proto tcp reject
        tcp flags & (syn|ack) == syn add @asked { ip saddr limit rate over 1/hour burst 12 packets } add @banned { ip saddr } reject
      }
    }`);
    const found = await portolan(lab, ['-n', flag, '-p1-30,80,443,8080', v4]);
    for (const [port, state] of statesOf(found, 33))
      expect([
        port,
        [22, 80, 443, 8080].includes(port) ? ['open', 'unknown'] : ['closed', 'unknown'],
      ]).toEqual([port, expect.arrayContaining([state])]);
    expect(found.facts.flatMap((fact) => (fact.type === 'finding' ? [fact.rule] : []))).toContain(
      'scan-blocked',
    );
    expect(found.status).toBe(3);
  });

  it('an address that nobody has is filtered, and the scan is complete', async () => {
    for (const flag of ['-sS', '-sT']) {
      const found = await scan([flag, '-p1-100', '10.88.0.5']);
      for (const [port, state] of statesOf(found, 100)) expect([port, state]).toEqual([port, 'filtered']);
      expectCalm(found);
    }
  });
});

describe.skipIf(missing !== undefined)('the planned lab with the limits of its kernels', () => {
  let lab: Lab<'web'>;
  beforeAll(async () => {
    lab = await createLab(planLab(['web'], false));
  });
  afterAll(() => lab?.close());

  for (const family of [4, 6] as const) {
    for (const technique of ['syn', 'connect'] as const) {
      it(`${technique} over IPv${family}: every state is the planned one`, async () => {
        const flag = technique === 'syn' ? '-sS' : '-sT';
        const found = await portolan(lab, [
          flag,
          '-Pn',
          '-n',
          '-p',
          plannedPorts(),
          addressIn(lab.targets.web, family),
        ]);
        const states = statesOf(found, parsePortRanges(plannedPorts()).length);
        for (const behaviour of behavioursOf(family)) {
          for (const port of parsePortRanges(behaviour.ports)) {
            const { state } = behaviour[technique];
            // A connection that an error refused is closed if the error came, and silent if it did not.
            const isUnsure =
              technique === 'connect' && behaviour.action?.includes('port-unreachable') === true;
            expect([port, isUnsure ? [state, 'filtered'] : [state]]).toEqual([
              port,
              expect.arrayContaining([states.get(port)]),
            ]);
          }
        }
        expectCalm(found);
      });
    }
  }
});

/** Nothing went wrong and nothing was made up. */
function expectCalm(found: Scanned): void {
  expect(found.status, found.stderr).toBe(0);
  expect(findings(found).filter(({ rule }) => !limitOnly.has(rule))).toEqual([]);
  expect(found.summary?.loss?.estimate ?? 0).toBeLessThan(0.05);
}

function findings({ facts }: Scanned): readonly FindingFact[] {
  return facts.filter((fact) => fact.type === 'finding');
}

/** The states of as many ports as were asked. */
function statesOf(found: Scanned, asked: number, technique?: string): ReadonlyMap<number, string> {
  const table = found.ports(technique);
  expect(table.size, found.stderr).toBe(asked);
  return new Map([...table].map(([key, { state }]) => [Number(key.split('/')[1]), state]));
}
