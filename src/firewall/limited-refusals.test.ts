/**
 * Ports that a filter refuses by ICMP while the kernel lets few errors through: what is told of each holds the truth, by
 * the neighbours of the port.
 *
 * @module
 */

import { expect, test } from 'vitest';
import type { PolicyRange } from './contract.ts';
import { beginFirewall } from './mind.ts';
import { type ModelHost, runModel, type Verdict } from './model-host.laws.ts';
import { readRanges } from './port-list.ts';

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const seeds = range(1, 20);

interface Truth {
  readonly ports: readonly number[];
  readonly distance: number;
  readonly hop: number;
  readonly plain: (port: number) => Verdict;
}

const few: Truth = {
  ports: [...range(20, 60), 80],
  distance: 1,
  hop: 1,
  plain: (port) => (port === 22 ? 'accept' : port >= 50 && port <= 60 ? 'port-unreach' : 'drop'),
};
const mixed: Truth = {
  ports: [...range(1, 100), 443],
  distance: 3,
  hop: 2,
  plain: (port) => {
    if (port <= 20) return 'host-unreach';
    if (port >= 26 && port <= 40) return 'drop';
    return port >= 41 && port <= 60 ? 'port-unreach' : 'accept';
  },
};
const scattered: Truth = {
  ports: range(1, 100),
  distance: 2,
  hop: 2,
  plain: (port) => ([10, 30, 60].includes(port) ? 'admin-prohibited' : port === 22 ? 'accept' : 'drop'),
};

function conclude({ ports, distance, hop, plain }: Truth, seed: number) {
  const judge = ({ port, state }: { port: number; state: string }) =>
    state === 'invalid' ? 'drop' : plain(port);
  const filters = [{ hop, judge, isTracking: true }];
  const host: ModelHost = { ports, open: [22], distance, seed, isShuffled: true, filters };
  const { policy, findings } = runModel(host, (view) => beginFirewall(view)).inference.conclude();
  const byPort = new Map<number, PolicyRange>();
  for (const one of policy) for (const port of readRanges(one.ports)) byPort.set(port, one);
  return { byPort, findings };
}

test.each(seeds)('a few refused ports among dropped ones, seed %i', (seed) => {
  const { byPort, findings } = conclude(few, seed);
  const told = range(50, 60).map((port) => byPort.get(port) as PolicyRange);
  const held = told.filter(({ action, alternatives }) => {
    return action === 'reject-icmp' || alternatives?.includes('reject-icmp');
  });
  expect(held).toHaveLength(told.length);
  expect(told.filter(({ action }) => action === 'reject-icmp').length).toBeGreaterThanOrEqual(10);
  const dropped = [...range(23, 48), 80].map((port) => byPort.get(port) as PolicyRange);
  expect(
    dropped.every(({ action, alternatives }) => action === 'drop' || alternatives?.includes('drop')),
  ).toBe(true);
  expect(byPort.get(80)?.action).toBe('drop');
  expect(findings.filter(({ rule }) => rule === 'icmp-rate-limit')).toHaveLength(1);
});

test.each(seeds)('what silent neighbours of refused ports may be is what these said, seed %i', (seed) => {
  const { byPort } = conclude(mixed, seed);
  const faults = mixed.ports.flatMap((port) => {
    const truth = mixed.plain(port);
    const { action, icmp, alternatives = [] } = byPort.get(port) as PolicyRange;
    if (truth === 'accept') return [];
    if (truth === 'drop')
      return action === 'drop' || alternatives.includes('drop') ? [] : [`${port} ${action}`];
    if (action === 'reject-icmp') return icmp === truth ? [] : [`${port} ${icmp}, not ${truth}`];
    return alternatives.includes('reject-icmp') ? [] : [`${port} ${action}, nothing else`];
  });
  expect(faults).toEqual([]);
});

test.each(seeds)('single refused ports among dropped ones are no limit, seed %i', (seed) => {
  const { byPort, findings } = conclude(scattered, seed);
  const told = scattered.ports.map((port) => byPort.get(port)?.action);
  const truth = { drop: 'drop', accept: 'allow', 'admin-prohibited': 'reject-icmp' } as Record<
    Verdict,
    string
  >;
  expect(told).toEqual(scattered.ports.map((port) => truth[scattered.plain(port)]));
  expect(byPort.get(45)).toMatchObject({ action: 'drop', confidence: 0.98 });
  expect(findings.filter(({ rule }) => rule === 'icmp-rate-limit')).toEqual([]);
});
