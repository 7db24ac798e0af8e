/**
 * Whatever a filter does, a look at a host takes no more packets than four a port and two hundred, its scan among them.
 *
 * @module
 */

import { expect, test } from 'vitest';
import type { IcmpError } from '../model/reply.ts';
import { beginFirewall } from './mind.ts';
import { lcg, type ModelHost, type Packet, runModel, type Verdict } from './model-host.laws.ts';
import { trustedPorts } from './variants.ts';

test.each(Array.from({ length: 240 }, (_, i) => i + 1))('seed %i', (seed) => {
  const host = randomHost(seed);
  const run = runModel(host, (view) => beginFirewall(view));
  const ports = host.ports.length + (host.udpPorts?.length ?? 0);
  // Over a way with much loss the scan alone may take more than its share.
  const scan = Math.max(4 * ports, run.planPackets);
  expect(run.planPackets + run.packets).toBeLessThanOrEqual(scan + 200);
});

/** Few ports or some, of both transports, with a mixture of answers: what takes the most questions for its size. */
function randomHost(seed: number): ModelHost {
  const random = lcg(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const ports = portsFrom(pick([1, 2, 5, 12, 20, 60, 150]), random);
  const udpPorts = portsFrom(pick([0, 0, 1, 8, 30]), random);
  const ends: readonly Verdict[] = ['drop', 'rst', 'admin-prohibited' as IcmpError, 'accept'];
  const rules = Array.from({ length: pick([1, 2, 3, 4]) }, () => {
    const [low, high] = [random(), random()].sort((a, b) => a - b) as [number, number];
    return { low: low * 1100, high: high * 1100, does: pick(ends) };
  });
  const trusted = trustedPorts.filter(() => random() < 0.2);
  const isStateless = random() < 0.3;
  const last = pick(ends);
  const judge = ({ port, from, flags, isFragment, protocol, state }: Packet): Verdict => {
    if (trusted.includes(from as (typeof trustedPorts)[number])) return 'accept';
    if (isStateless && protocol === 'tcp' && (isFragment || (flags & 2) === 0)) return 'accept';
    if (!isStateless && state === 'invalid') return 'drop';
    return rules.find(({ low, high }) => port >= low && port <= high)?.does ?? last;
  };
  const distance = pick([1, 2, 3, 5]);
  const some = ports.filter(() => random() < 0.2);
  return {
    ports,
    udpPorts,
    open: some,
    greeters: some,
    udpOpen: udpPorts.filter(() => random() < 0.1),
    udpMute: udpPorts.filter(() => random() < 0.1),
    distance,
    seed,
    loss: pick([0, 0, 0.02, 0.1]),
    attempts: pick([2, 3]),
    filters: Array.from({ length: pick([1, 1, 2]) }, () => ({
      hop: 1 + Math.floor(random() * distance),
      judge,
      isTracking: random() < 0.5,
      isBlind: random() < 0.1,
    })),
    ...(random() < 0.2 && { keepsResets: 1 }),
    ...(random() < 0.2 && { limits: [pick(['icmp', 'rst', 'syn'] as const)] }),
    isShuffled: true,
  };
}

/** Ports that many know, and others. */
function portsFrom(count: number, random: () => number): readonly number[] {
  const known = [22, 53, 80, 123, 161, 443, 500, 445, 3306, 137, 111, 69];
  const ports = new Set<number>();
  while (ports.size < count)
    ports.add(
      random() < 0.3
        ? (known[Math.floor(random() * known.length)] as number)
        : 1 + Math.floor(random() * 1100),
    );
  return [...ports].sort((a, b) => a - b);
}
