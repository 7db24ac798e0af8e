/** Who asks which questions. */

import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { Walk } from '../../engine/sweep/walk.ts';
import type { ShardConfig } from '../shard/config.ts';
import { HostSource, HostSpace } from '../shard/host-source.ts';
import { splitShards } from './split.ts';

const hasTwo = availableParallelism() > 1;

test.skipIf(!hasTwo)(
  'a large connect scan takes two workers, and every question is asked by one of them',
  () => {
    const { configs, afterwards, shardsPerHost } = splitShards(config('socket', { connect: 20_001 }), 1);
    expect(afterwards).toEqual([]);
    expect(shardsPerHost).toBe(2);
    // The first has a start of its own.
    expect(configs.map((half) => asked(half).length)).toEqual([12_001, 8000]);
    expect(configs.flatMap(asked).sort((a, b) => a - b)).toEqual([...Array(20_001).keys()]);
  },
);

test.skipIf(!hasTwo)('questions keep the order they have', () => {
  const ordered = Uint32Array.from({ length: 20_000 }, (_, i) => 19_999 - i);
  const whole = config('socket', { connect: 20_000 });
  const { configs } = splitShards({ ...whole, groups: [{ ranges: [], some: ordered }] }, 1);
  expect(configs.map((half) => asked(half).slice(0, 4))).toEqual([
    [19_999, 19_997, 19_995, 19_994],
    [19_998, 19_996, 19_993, 19_991],
  ]);
});

test('a small scan takes one worker, and so do one that asks UDP by sockets and one at a bounded rate', () => {
  const many = { connect: 20_000 };
  expect(splitShards(config('socket', { connect: 100 }), 1).configs).toHaveLength(1);
  expect(splitShards(config('socket', { ...many, udp: 100 }), 1).configs).toHaveLength(1);
  const slow = config('socket', many);
  const limits = { ...slow.limits, linkRate: { ...slow.limits.linkRate, maxPps: 100 } };
  expect(splitShards({ ...slow, limits }, 1).configs).toHaveLength(1);
});

test.skipIf(!hasTwo)(
  'a large scan by packets takes two workers, and every host is asked by one of them',
  () => {
    const groups = [{ ranges: [{ first: 1n, last: 200n }] }, { ranges: [{ first: 301n, last: 354n }] }];
    for (const slice of [
      { index: 0, count: 1 },
      { index: 1, count: 3 },
    ]) {
      const whole = { ...config('packet', { syn: 1000 }), groups, slice, seed: 5, inOrder: false };
      const hosts = walked(whole);
      const { configs } = splitShards(whole, hosts.length);
      const parts = configs.map(walked);
      for (const [i, config] of configs.entries()) {
        const source = new HostSource(new HostSpace(config.groups), config);
        for (const id of parts[1 - i] ?? []) expect(source.owns(id)).toBe(false);
      }
      expect(parts.flat().sort((a, b) => a - b)).toEqual(hosts.sort((a, b) => a - b));
      // The first has a start of its own.
      expect(parts.map(({ length }) => length)).toEqual(slice.count === 1 ? [132, 122] : [48, 37]);
    }
  },
);

test.skipIf(!hasTwo)('a large sweep takes two workers, and every question is asked by one of them', () => {
  const slice = { index: 1, count: 3 };
  const whole = { ...config('packet', { syn: 1000 }), slice, sweep: {} } as ShardConfig;
  const { configs } = splitShards(whole, 3000);
  const hosts = configs.flatMap((part) => {
    const { index, count, from, to } = part.slice;
    expect([from, to]).toEqual([undefined, undefined]);
    const walk = new Walk([{ hosts: 9000, questions: 1 }], {
      seed: 5,
      inOrder: false,
      slice: { index, count },
    });
    return Array.from({ length: walk.size }, (_, task) => {
      walk.locate(task);
      return walk.host;
    });
  });
  expect(new Set(hosts).size).toBe(3000);
  expect(hosts).toHaveLength(3000);
});

test('packets and sockets in one scan are two rounds, each with its own questions', () => {
  const { configs, afterwards } = splitShards(config('packet', { syn: 10, connect: 5, udp: 3 }), 1);
  expect(configs.map(asked)).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17]]);
  expect(afterwards.map(asked)).toEqual([[10, 11, 12, 13, 14]]);
  expect(afterwards.map(({ transport }) => transport)).toEqual(['socket']);
});

test('as root a connect scan discovers by packets and asks no port by them', () => {
  const { configs, afterwards } = splitShards(config('packet', { connect: 5 }), 1);
  expect(configs.map(({ ports }) => ports)).toEqual([undefined]);
  expect(afterwards.map(asked)).toEqual([[0, 1, 2, 3, 4]]);
});

/** As much of a configuration as is read here: so many questions of each technique. */
function config(transport: 'packet' | 'socket', questions: Record<string, number>): ShardConfig {
  const techniques = Object.keys(questions);
  const techniqueOf = Uint8Array.from(Object.values(questions).flatMap((count, i) => Array(count).fill(i)));
  return {
    transport,
    groups: [{ ranges: [] }],
    ports: { techniques, techniqueOf, portOf: new Uint16Array(techniqueOf.length) },
    limits: { maxParallelism: 1000, linkRate: { startPps: 1, minPps: 1, maxPps: Number.POSITIVE_INFINITY } },
  } as unknown as ShardConfig;
}

/** The hosts that a shard takes, each of which it says is its own. */
function walked(config: ShardConfig): number[] {
  const source = new HostSource(new HostSpace(config.groups), config);
  const { left } = source;
  const ids: number[] = [];
  for (let host = source.take(); host !== undefined; host = source.take()) {
    expect(source.owns(host.id)).toBe(true);
    ids.push(host.id);
  }
  expect(ids).toHaveLength(left);
  return ids;
}

function asked({ groups, ports }: ShardConfig): number[] {
  return [...(groups[0]?.some ?? (ports?.portOf ?? []).keys())];
}
