/**
 * How a scan is spread over workers.
 *
 * @module
 */

import { availableParallelism } from 'node:os';
import type { ShardConfig } from './messages.ts';

/** One configuration for each worker, and how many of them speak of the same host. */
export interface Split {
  readonly configs: readonly ShardConfig[];
  readonly shardsPerHost: number;
}

/**
 * Spreads a configuration. Sockets cost the kernel more than a thread can do alone, so a large connect scan
 * takes two: by hosts where there are many, by questions where there is one.
 */
export function splitShards(config: ShardConfig, hosts: number): Split {
  const questions = config.ports?.portOf.length ?? 0;
  const whole = { configs: [config], shardsPerHost: 1 };
  if (config.transport !== 'socket' || availableParallelism() < 2 || hosts * questions < worthTwo)
    return whole;
  if (config.limits.maxParallelism < 2 || config.limits.linkRate.maxPps < Number.POSITIVE_INFINITY)
    return whole;
  if (hosts >= 2) {
    const { index, count } = config.slice;
    const slices = [0, 1].map((half) => ({
      ...config,
      slice: { index: index + half * count, count: 2 * count },
    }));
    return { configs: slices, shardsPerHost: 1 };
  }
  const halves = [0, 1].map(
    (half): ShardConfig => ({
      ...config,
      groups: config.groups.map((group) => {
        const all = group.some ?? Uint32Array.from({ length: questions }, (_, q) => q);
        return { ...group, some: all.filter((_, i) => i % 2 === half) };
      }),
    }),
  );
  return { configs: halves, shardsPerHost: 2 };
}

/** Questions below which a second worker costs more than it brings: its start takes about 30 ms. */
const worthTwo = 16_384;
