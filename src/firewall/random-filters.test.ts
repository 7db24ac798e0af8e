/**
 * Filters made by chance, at a hop made by chance: the policy holds what each does with every port, and holes, state and
 * place are those it has.
 *
 * @module
 */

import { expect, test } from 'vitest';
import type { PolicyRange } from './contract.ts';
import { beginFirewall } from './mind.ts';
import { lcg, type ModelHost, type Packet, runModel, type Verdict } from './model-host.laws.ts';
import { readRanges } from './port-list.ts';
import { trustedPorts } from './variants.ts';

const ports = Array.from({ length: 300 }, (_, i) => (i < 250 ? i + 1 : 1000 + (i - 249) * 97));

test.each(Array.from({ length: 80 }, (_, i) => i + 1))('seed %i', (seed) => {
  const filter = randomFilter(seed);
  const { host, hop, hole, plain, isStateless } = filter;
  const run = runModel(host, (view) => beginFirewall(view));
  const { policy, findings } = run.inference.conclude();
  const rules = new Set(findings.map(({ rule }) => rule));
  const byPort = new Map<number, PolicyRange>();
  for (const range of policy) {
    for (const port of readRanges(range.ports)) {
      expect(byPort.has(port), `${port} stands twice`).toBe(false);
      byPort.set(port, range);
    }
  }
  const faults = ports.flatMap((port) => {
    const truth = plain(port, 54321);
    const range = byPort.get(port) as PolicyRange;
    const { action, alternatives = [], exposure } = range;
    if (action !== actionOf(truth)) {
      return alternatives.includes(actionOf(truth)) ? [] : [`${port}: ${action}, but it is ${truth}`];
    }
    if (truth === 'accept') return [];
    const isHole = hole !== undefined && plain(port, hole) === 'accept';
    const [low, high] = range.hopRange ?? [range.hop, range.hop];
    return [
      ...(isHole && exposure !== 'hole' ? [`${port}: a hole, but ${exposure}`] : []),
      ...(!isHole && !isStateless && exposure === 'hole' ? [`${port}: no hole`] : []),
      ...(low !== null && high !== null && (hop < low || hop > high)
        ? [`${port}: at hop ${low} to ${high}, not ${hop}`]
        : []),
    ];
  });
  expect(faults.slice(0, 5)).toEqual([]);
  const stopped = ports.filter((port) => plain(port, 54321) !== 'accept');
  const isHoled = hole !== undefined && stopped.some((port) => plain(port, hole) === 'accept');
  expect(rules.has('source-port-hole')).toBe(isHoled);
  expect(rules.has('stateless-filter')).toBe(isStateless && stopped.length > 0);
  if (stopped.length > 0) expect(rules.has('no-filter')).toBe(false);
  expect(rules.has('checksum-blind')).toBe(false);
  if (rules.has('forged-reset')) expect(stopped.some((port) => plain(port, 54321) === 'rst')).toBe(true);
  expect(run.packets).toBeLessThanOrEqual(460);
});

function randomFilter(seed: number) {
  const random = lcg(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const distance = 1 + Math.floor(random() * 4);
  const hop = 1 + Math.floor(random() * distance);
  const stops: readonly Verdict[] =
    hop === distance
      ? ['drop', 'drop', 'admin-prohibited', 'port-unreach']
      : ['drop', 'drop', 'rst', 'admin-prohibited', 'host-unreach'];
  const kind = pick(['none', 'allow', 'allow', 'allow', 'block', 'range', 'mixed'] as const);
  const [first, second] = [pick(stops), pick(stops)];
  const allowed = [22, 80, 443, pick(ports), pick(ports)];
  const blocked = [25, 135, 139, pick(ports)];
  const isTracking = random() < 0.7;
  const isStateless = !isTracking && kind !== 'none' && random() < 0.5;
  const hole = kind !== 'none' && random() < 0.3 ? pick(trustedPorts) : undefined;
  const plain = (port: number, from: number): Verdict => {
    if (kind === 'none' || from === hole) return 'accept';
    if (kind === 'block') return blocked.includes(port) ? second : 'accept';
    if (kind === 'range') return port > 100 ? 'accept' : first;
    if (kind === 'mixed' && port >= 130 && port <= 140) return second;
    return allowed.includes(port) ? 'accept' : first;
  };
  const judge = ({ port, from, flags, state }: Packet): Verdict => {
    if (isTracking && state === 'invalid') return 'drop';
    return isStateless && (flags & 0x17) !== 2 ? 'accept' : plain(port, from);
  };
  const open = [22, 80, ...(random() < 0.5 ? [25, 139] : [])];
  const host: ModelHost = {
    ports,
    open,
    greeters: [22],
    distance,
    seed,
    loss: pick([0, 0, 0.02]),
    jitterMs: 100,
    filters: [{ hop, judge, isTracking }],
  };
  return { host, hop, hole, plain, isStateless };
}

function actionOf(verdict: Verdict): PolicyRange['action'] {
  if (verdict === 'accept') return 'allow';
  return verdict === 'drop' ? 'drop' : verdict === 'rst' ? 'reject-rst' : 'reject-icmp';
}
