/**
 * The truth about host discovery: hosts that answer one thing only, on the own link and behind a router, among
 * addresses where nobody lives; nmap as second opinion; and everybody on an IPv6 link asked at once.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostFact } from '../../src/model/fact.ts';
import { chain, createLab, type Host, type Lab, type TargetPlan } from './lab/lab.ts';
import { portolan, type Scanned } from './lab/portolan.ts';
import { mustRunSync } from './lab/process.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();

const neighbours = 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept';
const only = (...rules: readonly string[]) => [neighbours, ...rules, 'drop'];
/** What each host lets in, and the reason by which the default probes find it; `undefined`: they do not. */
const hosts = {
  echo: { rules: only('icmp type echo-request accept', 'icmpv6 type echo-request accept'), v4: 'echo-reply' },
  timestamp: { rules: only('icmp type timestamp-request accept'), v4: 'timestamp-reply' },
  syn: { rules: only('tcp dport 443 tcp flags & (syn | ack) == syn accept'), v4: 'reset' },
  ack: { rules: only('tcp dport 80 tcp flags & (syn | ack) == ack accept'), v4: 'reset' },
  udp: { rules: only('udp dport 40125 accept'), v4: undefined },
  nothing: { rules: only(), v4: undefined },
} as const;
type Kind = keyof typeof hosts;
const kinds = Object.keys(hosts) as Kind[];

describe.skipIf(missing !== undefined)('a mixed /24', () => {
  let lab: Lab<Kind | 'near' | 'quiet'>;
  beforeAll(async () => {
    const far = Object.fromEntries<TargetPlan>(kinds.map((kind) => [kind, { input: hosts[kind].rules }]));
    const near = { at: 'near', input: only(), addresses: 3 } as const;
    const quiet = { at: 'near', input: only('icmpv6 type mld-listener-query accept') } as const;
    const targets = { ...(far as Record<Kind, TargetPlan>), near, quiet };
    lab = await createLab({ targets });
  });
  afterAll(() => lab?.close());

  const found = (kind: Kind, family: 4 | 6) =>
    family === 6 && kind === 'timestamp' ? undefined : hosts[kind].v4;

  it('behind a router is discovered exactly, each host by what it answers', async () => {
    const scan = await portolan(lab, ['-sn', '-n', '10.77.2.0/24']);
    const expected = kinds.flatMap((kind) => {
      const reason = found(kind, 4);
      return reason === undefined ? [] : [[lab.targets[kind].v4, reason as string] as const];
    });
    // The router's own address answers everything.
    expected.push(['10.77.2.1', reasonOf(scan, '10.77.2.1')]);
    expect(ups(scan), scan.stderr).toEqual(Object.fromEntries(expected));
    expect(Object.keys(ups(scan)).sort()).toEqual(await nmapUps(lab, ['10.77.2.0/24']));
    expect(scan.status).toBe(0);
  });

  it('has a router that answers all it is asked, and nothing of that is an anomaly', async () => {
    const { summary } = await portolan(lab, ['-sn', '-n', '10.77.2.1']);
    expect([summary?.hosts.up, summary?.packets.received, summary?.anomalies]).toEqual([1, 5, undefined]);
  });

  it('shows a host that answers UDP only when it is asked so', async () => {
    const scan = await portolan(lab, ['-sn', '-n', '-PU40125', '10.77.2.0/24']);
    expect(ups(scan)[lab.targets.udp.v4]).toBe('port-unreach');
    expect(ups(scan)[lab.targets.nothing.v4]).toBeUndefined();
  });

  it('on the own link is discovered by ARP alone, with hardware addresses', async () => {
    const scan = await portolan(lab, ['-sn', '-n', '10.77.1.0/24']);
    const last = Number(lab.targets.near.v4.split('.')[3]);
    const three = [0, 1, 2].map((i) => `10.77.1.${last + i}`);
    expect(ups(scan), scan.stderr).toEqual({
      '10.77.1.1': 'arp-response',
      [lab.scanner.v4]: 'localhost',
      [lab.targets.quiet.v4]: 'arp-response',
      ...Object.fromEntries(three.map((address) => [address, 'arp-response'])),
    });
    expect(Object.keys(ups(scan)).sort()).toEqual(await nmapUps(lab, ['10.77.1.0/24']));
    const macs = hostFacts(scan)
      .filter(({ host }) => three.includes(host))
      .map(({ mac }) => mac);
    expect(new Set(macs)).toEqual(new Set([macOf(lab.targets.near)]));
  });

  it('over IPv6 is discovered likewise, by neighbour solicitation on the link', async () => {
    const targets = kinds.map((kind) => lab.targets[kind].v6);
    const scan = await portolan(lab, [
      '-sn',
      '-n',
      '-6',
      ...targets,
      lab.nobody.v6,
      lab.targets.near.v6,
      'fd77:0:0:1::99',
    ]);
    const expected = kinds.flatMap((kind) => {
      const reason = found(kind, 6);
      return reason === undefined ? [] : [[lab.targets[kind].v6, reason] as const];
    });
    expect(ups(scan), scan.stderr).toEqual({
      ...Object.fromEntries(expected),
      [lab.targets.near.v6]: 'nd-response',
    });
  });

  it('takes no reset for a host with --discovery-ignore-rst', async () => {
    const scan = await portolan(lab, [
      ...['-sn', '-n', '--discovery-ignore-rst'],
      ...[lab.targets.syn.v4, lab.targets.ack.v4, lab.targets.echo.v4],
    ]);
    expect(ups(scan), scan.stderr).toEqual({ [lab.targets.echo.v4]: 'echo-reply' });
  });

  it('asks neighbours as others with --disable-arp-ping', async () => {
    const scan = await portolan(lab, ['-sn', '-n', '--disable-arp-ping', '10.77.1.1', lab.targets.near.v4]);
    const [router, ...more] = hostFacts(scan).filter(({ state }) => state === 'up');
    expect(more, scan.stderr).toEqual([]);
    expect(router?.host).toBe('10.77.1.1');
    expect(router?.reason).not.toBe('arp-response');
    expect(router?.mac).toBeDefined();
  });

  it('warns where a firewall resets for every address', async () => {
    lab.router.namespace.nft(chain('forward', ['meta l4proto tcp reject with tcp reset', 'drop']));
    try {
      const scan = await portolan(lab, ['-sn', '-n', '10.77.2.128-191']);
      expect(Object.keys(ups(scan))).toHaveLength(64);
      expect(scan.stderr).toContain('hosts are up by resets with TTL 64 alone');
      const careful = await portolan(lab, ['-sn', '-n', '--discovery-ignore-rst', '10.77.2.128-191']);
      expect(ups(careful), careful.stderr).toEqual({});
    } finally {
      lab.router.namespace.nft('delete table inet lab');
    }
  });

  it('goes by an excluded router, whatever the kernel knows of it', async () => {
    const router = '10.77.1.1';
    for (const line of [
      'neigh flush dev eth0',
      `neigh replace ${router} lladdr 02:00:00:00:00:99 nud stale dev eth0`,
    ]) {
      lab.scanner.namespace.ip(line);
      const scan = await portolan(lab, ['-sn', '-n', '--exclude', router, lab.targets.echo.v4]);
      expect(ups(scan), scan.stderr).toEqual({ [lab.targets.echo.v4]: 'echo-reply' });
      expect(scan.status).toBe(0);
    }
    lab.scanner.namespace.ip('neigh flush dev eth0');
  });

  it('says with -PR alone that a host behind the router cannot be judged', async () => {
    const scan = await portolan(lab, ['-sn', '-n', '-PR', lab.targets.echo.v4, lab.targets.near.v4]);
    const states = Object.fromEntries(hostFacts(scan).map(({ host, state }) => [host, state]));
    expect(states).toEqual({ [lab.targets.echo.v4]: 'unknown', [lab.targets.near.v4]: 'up' });
    expect(scan.stderr).toContain('-PR asks neighbours only');
    expect(scan.status).toBe(3);
  });

  it('is looked at without privileges too, by connections', async () => {
    const scan = await portolan(lab, ['-sn', '-n', lab.targets.syn.v4, lab.targets.nothing.v4], {
      user: 'nobody',
    });
    expect(ups(scan), scan.stderr).toEqual({ [lab.targets.syn.v4]: 'refused' });
  });

  it('sends nothing to an excluded neighbour, not even an ARP request', async () => {
    const scan = await portolan(lab, [
      '-sn',
      '-n',
      '--packet-trace',
      '--exclude',
      lab.targets.near.v4,
      lab.targets.echo.v4,
      lab.targets.near.v4,
    ]);
    expect(scan.stderr).not.toContain(`who-has ${lab.targets.near.v4}`);
    expect(Object.keys(ups(scan))).toEqual([lab.targets.echo.v4]);
  });

  it('without targets asks everybody on an IPv6 link', async () => {
    const scan = await portolan(lab, ['-sn', '-6', '-n', '-e', 'eth0']);
    // The router answers pings of groups from an address of either scope; the quiet host reports its groups.
    const expected = [
      'fd77:0:0:1::1',
      `${linkLocalOf(lab.router, 'near')}%eth0`,
      `${linkLocalOf(lab.targets.quiet, 'eth0')}%eth0`,
    ];
    expect(Object.keys(ups(scan)).sort(), scan.stderr).toEqual(expected.sort());
    expect(new Set(Object.values(ups(scan)))).toEqual(new Set(['nd-response']));
    expect(scan.status).toBe(0);
  });
});

function hostFacts(scan: Scanned): readonly HostFact[] {
  return scan.facts.filter((fact) => fact.type === 'host');
}

/** The reason of each host that is up. */
function ups(scan: Scanned): Record<string, string> {
  return Object.fromEntries(
    hostFacts(scan).flatMap(({ host, state, reason }) => (state === 'up' ? [[host, reason]] : [])),
  );
}

function reasonOf(scan: Scanned, address: string): string {
  return ups(scan)[address] ?? 'not up';
}

async function nmapUps(lab: Pick<Lab, 'scanner'>, targets: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await lab.scanner.namespace.run(['nmap', '-sn', '-n', '-oG', '-', ...targets]);
  return [...stdout.matchAll(/^Host: (\S+) .*Status: Up/gm)].map(([, host]) => host as string).sort();
}

function macOf({ namespace }: Host, name = 'eth0'): string {
  return linkOf(namespace.name, name).address;
}

function linkLocalOf({ namespace }: Host, name: string): string {
  const { addr_info: all } = linkOf(namespace.name, name);
  return all.find(({ local }) => local.startsWith('fe80:'))?.local ?? 'none';
}

function linkOf(namespace: string, name: string) {
  const [link] = JSON.parse(mustRunSync(['ip', '-n', namespace, '-j', 'addr', 'show', 'dev', name])) as {
    readonly address: string;
    readonly addr_info: readonly { readonly local: string }[];
  }[];
  if (link === undefined) throw new Error(`no ${name} in ${namespace}`);
  return link;
}
