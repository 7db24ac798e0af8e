/**
 * `--traceroute` through three routers of real kernels: which hops, by which probe, and where a filter stops it.
 *
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedFact, TraceFact } from '../../src/model/fact.ts';
import { chain } from './lab/lab.ts';
import { Namespace } from './lab/namespace.ts';
import { mustRunSync } from './lab/process.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('the way through three routers', () => {
  let chainOf: Chain;
  beforeAll(() => {
    chainOf = buildChain();
  });
  afterAll(() => chainOf?.close());

  const routers = {
    4: ['10.78.0.2', '10.78.1.2', '10.78.2.2'],
    6: ['fd78:0::2', 'fd78:0:0:1::2', 'fd78:0:0:2::2'],
  };
  const target = { 4: '10.78.3.2', 6: 'fd78:0:0:3::2' };
  const wayTo = (family: 4 | 6) => [...routers[family], target[family]].map(canonical);

  for (const family of [4, 6] as const) {
    it.each([
      ['a closed TCP port', ['-sS', '-p81'], 'tcp', 81],
      ['an echo request', ['-sn', '-PE'], 'icmp', undefined],
      ['a closed UDP port', ['-sU', '-Pn', '-p9'], 'udp', 9],
      ['an ACK', ['-sA', '-Pn', '-p82'], 'tcp', 82],
    ] as const)(`over IPv${family}: hop by hop with %s`, async (_name, args, protocol, port) => {
      const [trace, ...more] = await chainOf.traces([...args, '-n', '--traceroute', target[family]]);
      expect(more).toEqual([]);
      expect(trace).toMatchObject({ host: canonical(target[family]), protocol, reached: true });
      expect(trace?.port).toBe(port);
      expect(trace?.hops.map(({ address }) => address)).toEqual(wayTo(family));
      expect(trace?.hops.map(({ ttl }) => ttl)).toEqual([1, 2, 3, 4]);
      for (const { rttMs } of trace?.hops ?? []) expect(rttMs).toBeGreaterThan(0);
    });

    it(`over IPv${family}: what the target's limit on errors swallowed is no hop`, async () => {
      const args = ['-sU', '-Pn', '-n', '-p9-20', '--traceroute', target[family]];
      const [trace] = await chainOf.traces(args);
      expect(trace).toMatchObject({ protocol: 'udp', reached: true });
      expect(trace?.hops.map(({ address }) => address).at(-1)).toBe(canonical(target[family]));
      expect(trace?.hops).toHaveLength(4);
    });

    it(`over IPv${family}: by a TCP port where one answers`, async () => {
      const args = ['-sU', '-sS', '-n', '-p', 'U:9,T:81', '--traceroute', target[family]];
      expect((await chainOf.traces(args)).map(({ protocol }) => protocol)).toEqual(['tcp']);
      const found = ['-sU', '-n', '-PE', '-PA82', '-p', 'U:9', '--traceroute', target[family]];
      const [trace] = await chainOf.traces(found);
      expect(trace?.hops.map(({ address }) => address)).toEqual(wayTo(family));
    });

    it(`over IPv${family}: shows where a filtered port stops, beside the way that is free`, async () => {
      const traces = await chainOf.traces(['-sS', '-n', '-p81,25', '--traceroute', target[family]]);
      const byPort = new Map(traces.map((trace) => [trace.port, trace]));
      expect(byPort.get(81)?.reached).toBe(true);
      // The second router drops port 25 after it has answered for itself.
      expect(byPort.get(25)?.reached).toBe(false);
      expect(byPort.get(25)?.hops.map(({ address }) => address)).toEqual(wayTo(family).slice(0, 2));
    });

    it(`over IPv${family}: shows the refusing router once`, async () => {
      const [trace] = await chainOf.traces(['-sS', '-Pn', '-n', '-p26', '--traceroute', target[family]]);
      expect(trace?.reached).toBe(false);
      expect(trace?.hops.map(({ address }) => address)).toEqual(wayTo(family).slice(0, 2));
    });
  }

  it('follows it by what packets have found, whatever connections say beside them', async () => {
    const [trace, ...more] = await chainOf.traces(['-sS', '-sT', '-n', '-p80-84', '--traceroute', target[4]]);
    expect(more).toEqual([]);
    expect(trace).toMatchObject({ protocol: 'tcp', reached: true });
    expect(trace?.hops.map(({ address }) => address)).toEqual(wayTo(4));
  });

  it('asks routers once for hosts of one network', async () => {
    const targets = Array.from({ length: 8 }, (_, i) => `10.78.3.${i + 2}`);
    const before = chainOf.expired();
    const traces = await chainOf.traces(['-sn', '-n', '-PE', '--traceroute', ...targets]);
    expect(traces.map(({ host }) => host).sort()).toEqual([...targets].sort());
    for (const trace of traces) {
      expect(trace.reached).toBe(true);
      expect(trace.hops.map(({ address }) => address)).toEqual([...routers[4], trace.host]);
    }
    expect(chainOf.expired() - before).toBe(1);
  });
});

interface Chain {
  traces(args: readonly string[]): Promise<readonly TraceFact[]>;
  /** How often the first router has said that a packet died there. */
  expired(): number;
  close(): void;
}

/** scanner – r1 – r2 – r3 – target, a network between each two. */
function buildChain(): Chain {
  const id = `portolan-${process.pid}-trace`;
  const folder = mkdtempSync(join(tmpdir(), `${id}-`));
  const roles = ['scanner', 'r1', 'r2', 'r3', 'target'];
  const nodes = roles.map((role) => new Namespace(`${id}-${role}`, folder));
  const [scanner, first, second, third, last] = nodes as [
    Namespace,
    Namespace,
    Namespace,
    Namespace,
    Namespace,
  ];
  for (const router of [first, second, third]) {
    router.configure({ 'ipv4/ip_forward': 1, 'ipv6/conf/all/forwarding': 1 });
  }
  for (let i = 0; i < 4; i++) {
    const [left, right] = [nodes[i] as Namespace, nodes[i + 1] as Namespace];
    left.ip(`link add right type veth peer name left netns ${right.name}`, 'link set right up');
    left.ip(`addr add 10.78.${i}.1/24 dev right`, `addr add fd78:0:0:${i}::1/64 dev right nodad`);
    right.ip(
      `link set left up`,
      `addr add 10.78.${i}.2/24 dev left`,
      `addr add fd78:0:0:${i}::2/64 dev left nodad`,
    );
  }
  for (const [i, node] of nodes.entries()) {
    for (let net = 0; net < 4; net++) {
      if (net > i) node.ip(`route replace 10.78.${net}.0/24 ${net === i ? 'dev right' : `via 10.78.${i}.2`}`);
      if (net > i) node.ip(`route replace fd78:0:0:${net}::/64 via fd78:0:0:${i}::2`);
      if (net < i - 1) node.ip(`route replace 10.78.${net}.0/24 via 10.78.${i - 1}.1`);
      if (net < i - 1) node.ip(`route replace fd78:0:0:${net}::/64 via fd78:0:0:${i - 1}::1`);
    }
  }
  for (let host = 3; host < 10; host++) last.ip(`addr add 10.78.3.${host}/24 dev left`);
  second.nft(chain('forward', ['tcp dport 25 drop', 'tcp dport 26 reject with icmpx type admin-prohibited']));
  return {
    async traces(args) {
      const { node, root } = scanner.paths();
      const run = await scanner.run([node, join(root, 'bin/portolan.js'), ...args, '-oJ', '-']);
      const facts = run.stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as RecordedFact);
      expect(run.stderr).not.toContain('fault');
      expect(run.status, run.stderr).toBe(0);
      return facts.filter((fact) => fact.type === 'trace');
    },
    expired() {
      const table = mustRunSync(['ip', 'netns', 'exec', first.name, 'cat', '/proc/net/snmp']);
      const [names, values] = table.split('\n').filter((line) => line.startsWith('Icmp:'));
      const column = names?.split(' ').indexOf('OutTimeExcds') ?? -1;
      return Number(values?.split(' ')[column]);
    },
    close() {
      for (const node of nodes) node.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function canonical(text: string): string {
  return text.replace('fd78:0::', 'fd78::');
}
