/** Who asks which questions. */

import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { RangeSet } from '../../base/range-set.ts';
import { Walk } from '../../engine/sweep/walk.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Agenda, agendaOf, partOf } from '../shard/agenda.ts';
import { HostSource, HostSpace } from '../shard/host-source.ts';
import type { Slice } from '../shard/slice.ts';
import { splitShards } from './split.ts';

const hasTwo = availableParallelism() > 1;

test.skipIf(!hasTwo)(
  'a large connect scan takes two workers, and every question is asked by one of them',
  () => {
    const whole = scan('connect', { connect: 20_001 });
    const slices = splitShards(...whole, 1);
    expect(slices.map(({ role }) => role)).toEqual(['owner', 'guest']);
    // The first has a start of its own.
    expect(slices.map((half) => asked(whole, half).length)).toEqual([12_001, 8000]);
    expect(slices.flatMap((half) => asked(whole, half)).sort((a, b) => a - b)).toEqual([
      ...Array(20_001).keys(),
    ]);
  },
);

test.skipIf(!hasTwo)('questions keep the order they have', () => {
  const ordered = Uint32Array.from({ length: 20_000 }, (_, i) => 19_999 - i);
  const [plan, agenda] = scan('connect', { connect: 20_000 });
  const whole: Scan = [plan, { ...agenda, groups: [{ targets: RangeSet.empty, some: ordered }] }];
  const slices = splitShards(...whole, 1);
  expect(slices.map((half) => asked(whole, half).slice(0, 4))).toEqual([
    [19_999, 19_997, 19_995, 19_994],
    [19_998, 19_996, 19_993, 19_991],
  ]);
});

test('a small scan takes one worker, and so do one that asks UDP by sockets and one at a bounded rate', () => {
  const many = { connect: 20_000 };
  expect(splitShards(...scan('connect', { connect: 100 }), 1)).toHaveLength(1);
  expect(splitShards(...scan('connect', { ...many, udp: 100 }), 1)).toHaveLength(1);
  const slow = scan('connect', many, { timing: { maxRatePps: 100 } as Plan['timing'] });
  expect(splitShards(...slow, 1)).toHaveLength(1);
  const single = scan('connect', many, { timing: { maxRatePps: null, maxParallelism: 1 } as Plan['timing'] });
  expect(splitShards(...single, 1)).toHaveLength(1);
});

test.skipIf(!hasTwo)(
  'a large scan by packets takes two workers, and every host is asked by one of them',
  () => {
    const ports = { tcp: '1-1000', udp: '', sctp: '', ip: '' };
    const groups = ['0.0.0.1-0.0.0.200', '0.0.1.45-0.0.1.98'].map((targets) => ({ targets, ports }));
    for (const shard of [
      { index: 0, count: 1 },
      { index: 1, count: 3 },
    ]) {
      const [plan] = scan('packet', { syn: 1000 }, { groups, shard, seed: 5, inOrder: false });
      const agenda = agendaOf(plan);
      const whole = { transport: 'packet', hosts: shard, discovers: true, techniques: ['syn'] } as const;
      const hosts = walked(agenda, whole);
      const slices = splitShards(plan, agenda, hosts.length);
      const parts = slices.map((slice) => walked(agenda, slice));
      for (const [i, slice] of slices.entries()) {
        const source = sourceOf(agenda, slice);
        for (const id of parts[1 - i] ?? []) expect(source.owns(id)).toBe(false);
      }
      expect(parts.flat().sort((a, b) => a - b)).toEqual(hosts.sort((a, b) => a - b));
      // The first has a start of its own.
      expect(parts.map(({ length }) => length)).toEqual(shard.count === 1 ? [132, 122] : [48, 37]);
    }
  },
);

test.skipIf(!hasTwo)('a large sweep takes two workers, and every question is asked by one of them', () => {
  const shard = { index: 1, count: 3 };
  const slices = splitShards(...scan('packet', { syn: 1000 }, { shard, sweep: true }), 3000);
  const hosts = slices.flatMap((part) => {
    const { index, count, from, to } = part.hosts;
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

test.skipIf(!hasTwo)(
  'of packets and connections a guest makes connections only, and looks for nobody',
  () => {
    const whole = scan('packet', { syn: 10, connect: 20_000, udp: 3 });
    const [owner, guest] = splitShards(...whole, 1) as [Slice, Slice];
    expect([owner.role, owner.transport, guest.role, guest.transport]).toEqual([
      'owner',
      'packet',
      'guest',
      'socket',
    ]);
    expect([owner.discovers, guest.discovers]).toEqual([true, false]);
    expect(asked(whole, guest).length).toBe(8000);
    expect(asked(whole, guest).every((q) => q >= 10 && q < 20_010)).toBe(true);
    expect([...asked(whole, owner), ...asked(whole, guest)].sort((a, b) => a - b)).toEqual([
      ...Array(20_013).keys(),
    ]);
  },
);

test.skipIf(!hasTwo)(
  'many hosts are shared, not their questions: each has one shard that looks for it',
  () => {
    const ports = { tcp: '1-1000', udp: '', sctp: '', ip: '' };
    const groups = [{ targets: '127.0.0.1-127.0.0.30', ports }];
    const [plan] = scan('connect', { connect: 1000 }, { groups, seed: 5, inOrder: false });
    const agenda = agendaOf(plan);
    const slices = splitShards(plan, agenda, 30);
    expect(slices.map(({ role }) => role)).toEqual([undefined, undefined]);
    expect(slices.flatMap((slice) => walked(agenda, slice)).sort((a, b) => a - b)).toEqual([
      ...Array(30).keys(),
    ]);
  },
);

type Scan = readonly [plan: Plan, agenda: Agenda];

/** As much of a plan as is read here, and so many questions of each technique. */
function scan(engine: Plan['engine'], questions: Record<string, number>, over: Partial<Plan> = {}): Scan {
  const techniques = Object.keys(questions);
  const techniqueOf = Uint8Array.from(Object.values(questions).flatMap((count, i) => Array(count).fill(i)));
  const plan = {
    goal: 'ports',
    engine,
    techniques,
    discovery: [],
    shard: { index: 0, count: 1 },
    sweep: false,
    timing: { maxRatePps: null, maxParallelism: 0 },
    ...over,
  } as unknown as Plan;
  const ports = { techniques, techniqueOf, portOf: new Uint16Array(techniqueOf.length) };
  return [plan, { ports, discovery: undefined, groups: [{ targets: RangeSet.empty }] }];
}

function sourceOf({ groups }: Agenda, { hosts }: Slice): HostSource {
  return new HostSource(new HostSpace(groups), { slice: hosts, seed: 5, inOrder: false });
}

/** The hosts that a shard takes, each of which it says is its own. */
function walked(agenda: Agenda, slice: Slice): number[] {
  const source = sourceOf(agenda, slice);
  const { left } = source;
  const ids: number[] = [];
  for (let host = source.take(); host !== undefined; host = source.take()) {
    expect(source.owns(host.id)).toBe(true);
    ids.push(host.id);
  }
  expect(ids).toHaveLength(left);
  return ids;
}

function asked([, agenda]: Scan, slice: Slice): number[] {
  const { groups, ports } = partOf(agenda, slice);
  return [...(groups[0]?.some ?? (ports?.portOf ?? []).keys())];
}
