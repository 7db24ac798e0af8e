/** Where probes end on a way of three routers, against real kernels with their own limits on ICMP errors. */

import { describe, expect, it } from 'vitest';
import { createChain } from '../net/firewall/chain.ts';
import { type HopLab, holds, hopOf, locateIn } from '../net/firewall/hop-lab.ts';
import { hook } from '../net/firewall/scenario.ts';
import { portolanIn } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';

const labs: readonly HopLab[] = [
  { place: 'r1', family: 4 },
  { place: 'r2', family: 6 },
  { place: 'r3', family: 4 },
  { place: 'host', family: 6 },
  { place: 'r2', family: 4, isLegacy: true },
  { place: 'host', family: 4, isLegacy: true },
];

describe.skipIf(labMissing() !== undefined)('probes end', () => {
  it.each(labs)('at $place, by IPv$family', async (lab) => {
    const [found = new Map()] = await locateIn(lab);
    const hop = hopOf(lab.place);
    const stopOf = (name: string) => found.get(name)?.stop;
    for (const [name, located] of found) {
      expect(holds(located, hop), `${name} ${JSON.stringify(located)}`).toBe(true);
      expect(located.distance).toBe(4);
    }
    // A drop before routing shows the hop before, one in the forwarding its own, and the host's what is before it.
    const before = hop === 1 ? { hop: 1 } : { hop: null, hopRange: [hop - 1, hop] };
    const forwarding = hop === 4 ? before : { hop: null, hopRange: [hop, hop + 1] };
    expect(stopOf('tcp 11')).toMatchObject(before);
    expect(stopOf('tcp 21')).toMatchObject(forwarding);
    expect(stopOf('udp 21')).toMatchObject(forwarding);
    if (lab.isLegacy !== true) expect(stopOf('tcp 31')).toMatchObject(before);
    if (lab.isLegacy !== true) expect(stopOf('tcp 12')).toMatchObject({ hop, isHost: hop === 4 });
    expect(stopOf('tcp 22')).toMatchObject({ hop, isHost: hop === 4 });
  });
});

it.skipIf(labMissing() !== undefined)('tells silent ports of two filters in a row apart', async () => {
  const chain = await createChain({
    routers: 2,
    services: { tcp: { 22: '', 80: '' } },
    rules: {
      r1: hook('forward', 'iifname right accept', 'tcp dport 1-100 accept', 'meta l4proto tcp drop'),
      r2: hook(
        'forward',
        'iifname right accept',
        'tcp dport { 22, 80, 443 } accept',
        'meta l4proto tcp drop',
      ),
    },
  });
  try {
    const { facts, stderr } = await portolanIn(chain.scanner, [
      ...['firewall', '-n', '-p', '1-120,443,3306,8080', '--evidence', chain.address(4)],
    ]);
    const findings = facts.flatMap((fact) => (fact.type === 'finding' ? [fact] : []));
    const places = findings.filter(({ rule }) => rule === 'filter-location');
    const [hop1, hop2] = (['r1', 'r2'] as const).map((at) => chain.routerAddress(at, 4));
    expect(
      places.map(({ claim }) => claim.replace(/; the host.*/, '')),
      stderr,
    ).toEqual([
      expect.stringMatching(
        /^TCP probes to 101-120,443,3306,8080 .* forwarding of hop 1 or right behind it$/,
      ),
      expect.stringMatching(/^TCP probes to 1-21,23-79,81-100 .* forwarding of hop 2 or right behind it$/),
    ]);
    expect(places[0]?.evidence[0], stderr).toContain(`may go 1 hop bring time-exceeded from ${hop1};`);
    expect(places[1]?.evidence[0], stderr).toContain(`may go 2 hops bring time-exceeded from ${hop2};`);
    const drops = facts.filter((fact) => fact.type === 'policy' && fact.action === 'drop');
    expect(drops, stderr).toMatchObject([
      { ports: '1-21,23-79,81-100', hop: null, hopRange: [2, 3] },
      { ports: '101-120,443,3306,8080', hop: null, hopRange: [1, 2] },
    ]);
  } finally {
    chain.close();
  }
});

it.skipIf(labMissing() !== undefined)('shows what routers change, beside the place', async () => {
  const chain = await createChain({
    routers: 3,
    services: { tcp: { 22: '' } },
    rules: {
      r1: hook('forward', 'tcp flags syn tcp option maxseg size set 1300', 'ip dscp set af11'),
      r2: hook('forward', 'tcp flags syn reset tcp option sack-perm'),
      r3: hook('forward', 'tcp dport 100-120 drop'),
    },
  });
  try {
    const { facts, stderr } = await portolanIn(chain.scanner, [
      ...['firewall', '-n', '-Pn', '-p', '22,100-120', '--evidence', chain.address(4)],
    ]);
    const finding = facts.find((fact) => fact.type === 'finding' && fact.rule === 'filter-location');
    expect(finding, stderr).toMatchObject({ claim: expect.stringContaining('hop 3 or right behind it') });
    const told = finding?.type === 'finding' ? finding.evidence : [];
    const [hop1, hop2, hop3] = (['r1', 'r2', 'r3'] as const).map((place) => chain.routerAddress(place, 4));
    expect(told).toContain(
      `SYNs are changed between hop 1 (${hop1}) and hop 2 (${hop2}): DSCP 0 becomes 10, MSS 1460 becomes 1300`,
    );
    expect(told).toContain(
      `SYNs are changed between hop 2 (${hop2}) and hop 3 (${hop3}): TCP options sack are removed`,
    );
    // The quoted packets stand in the record.
    const quotes = facts.filter((fact) => fact.type === 'probe' && fact.variant?.startsWith('ttl') === true);
    expect(JSON.stringify(quotes)).toContain('"data":"45');
  } finally {
    chain.close();
  }
});

it.skipIf(labMissing() !== undefined)(
  'tells resets in the name of a host by its echo, where nothing else of it answers',
  async () => {
    const chain = await createChain({
      routers: 2,
      rules: { r1: hook('forward', 'meta l4proto tcp reject with tcp reset') },
    });
    try {
      const { facts, stderr } = await portolanIn(chain.scanner, [
        'firewall',
        '-n',
        '-PE',
        '-p',
        '1-40',
        chain.address(4),
      ]);
      const rules = facts.flatMap((fact) => (fact.type === 'finding' ? [fact.rule] : []));
      expect(rules.toSorted(), stderr).toEqual(['default-reject', 'filter-location', 'forged-reset']);
      const by = chain.routerAddress('r1', 4);
      expect(facts.filter(({ type }) => type === 'policy')).toMatchObject([
        { action: 'reject-rst', hop: 1, by },
      ]);
    } finally {
      chain.close();
    }
  },
);
