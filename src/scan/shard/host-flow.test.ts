import { describe, expect, test } from 'vitest';
import { Permutation } from '../../base/permutation.ts';
import { RangeSet } from '../../base/range-set.ts';
import { observation } from '../../model/observation.laws.ts';
import { fromTarget, type Observation, observationKinds, troubles } from '../../model/observation.ts';
import { verdictCode } from '../../model/verdict.ts';
import { Malformed } from '../../wire/codec.ts';
import { eachFrame, recordKinds } from '../records/frame.ts';
import { HardwareCounts, hardwareKey } from '../records/hardware-counts.ts';
import { hostCodec } from '../records/host-records.ts';
import { Records } from '../records/records.ts';
import { HostFlow, type Lane } from './host-flow.ts';
import { type Candidate, HostSource, HostSpace } from './host-source.ts';
import { fullBytes } from './reporter.ts';
import { silenceOf } from './silence.ts';
import type { HostTransport } from './transport.ts';

test('of many hosts that no packet can be brought to a batch is told at a time', () => {
  const [hosts, asked] = [40, 65_536];
  const targets = RangeSet.of([{ first: 0x0a000000n, last: 0x0a000000n + BigInt(hosts - 1) }]);
  const ports = {
    techniques: ['syn'],
    techniqueOf: new Uint8Array(asked),
    portOf: Uint16Array.from({ length: asked }, (_, port) => port),
  };
  const transport = {
    approaching: 0,
    hasRoom: () => true,
    approach: (candidate: Candidate) => flow.lost(candidate, false),
  } as unknown as HostTransport;
  const lane: Lane = { transport, phase: 0, agenda: () => ({ order: new Permutation(asked, 1) }) };
  const records = new Records();
  let departed = 0;
  const flow: HostFlow = new HostFlow({
    hosts: new HostSource(new HostSpace([{ targets }]), {
      seed: 1,
      inOrder: true,
      slice: { index: 0, count: 1 },
    }),
    stages: [[lane]],
    transport,
    arpPing: true,
    hardware: new HardwareCounts(),
    doubtsShared: true,
    isKnown: () => false,
    giveUp: () => undefined,
    silence: silenceOf(ports, records),
    depart: (visit) => {
      departed++;
      flow.departed(visit);
    },
    records,
  });
  let most = 0;
  let isMore = true;
  while (isMore) {
    isMore = flow.pump();
    most = Math.max(most, records.length);
    records.take();
  }
  expect([departed, flow.isIdle]).toEqual([hosts, true]);
  // What one host has to tell may come on top.
  expect(most).toBeLessThan(fullBytes + 16 * asked);
});

describe('a hardware address that answers for several hosts', () => {
  const shared = Uint8Array.of(2, 0, 0, 0, 0, 1);
  const own = (id: number) => Uint8Array.of(2, 0, 0, 0, 1, id);

  /** What becomes of hosts at these hardware addresses, and how many of them are asked; those in `heard` answer. */
  function flowOf(
    macs: readonly Uint8Array[],
    heard: ReadonlySet<number> = new Set(),
    { known, arpPing = true, doubtsShared = true, questions = 4 }: FlowSetting = {},
  ) {
    const asked: number[] = [];
    const nearOnes: number[] = [];
    const transport = {
      approaching: 0,
      hasRoom: () => true,
      approach: (candidate: Candidate) =>
        flow.reached(candidate, near, { by: 'arp', rttUs: 9, mac: macs[candidate.id] as Uint8Array }),
      admit: (_: number, { id }: Candidate) => asked.push(id),
    } as unknown as HostTransport;
    const discovery: Lane = {
      transport,
      phase: 0,
      agenda: () => ({ order: new Permutation(questions, 1) }),
    };
    const records = new Records();
    const targets = RangeSet.of([{ first: 0x0a000000n, last: 0x0a000000n + BigInt(macs.length - 1) }]);
    const flow: HostFlow = new HostFlow({
      hosts: new HostSource(new HostSpace([{ targets }]), {
        seed: 1,
        inOrder: true,
        slice: { index: 0, count: 1 },
      }),
      discovery,
      stages: [],
      transport,
      arpPing,
      hardware: new HardwareCounts(known),
      doubtsShared,
      isKnown: () => false,
      giveUp: () => undefined,
      depart: (visit) => {
        if (visit.route?.isNear === true) nearOnes.push(visit.candidate.id);
        flow.departed(visit);
      },
      records,
    });
    flow.pump();
    for (const id of asked) if (heard.has(id)) flow.heard(id, 0, reply());
    for (const id of asked) flow.ended(discovery, id, 'done');
    expect(flow.isIdle).toBe(true);
    return { asked: asked.length, found: found(records), near: nearOnes.length };
  }
  const same = (count: number) => Array.from({ length: count }, () => shared);

  test('is no matter where each answers for itself alone: nobody is asked', () => {
    const macs = Array.from({ length: 20 }, (_, id) => own(id));
    expect(flowOf(macs)).toEqual({ asked: 0, found: Array(20).fill('arp'), near: 20 });
  });

  test('has all but the first asked; of many only those are up that answer', () => {
    const { asked, found, near } = flowOf(same(20), new Set([3, 7]));
    // The first has gone before there was a second.
    expect([asked, near]).toEqual([19, 1]);
    const up = found.map((kind, id) => [id, kind] as const).filter(([, kind]) => kind !== 'silence');
    expect(up).toEqual([
      [0, 'arp'],
      [3, 'echo-reply'],
      [7, 'echo-reply'],
    ]);
  });

  test('is believed where the addresses are few, though they are quiet', () => {
    expect(flowOf(same(7))).toEqual({ asked: 6, found: Array(7).fill('arp'), near: 1 });
    expect(flowOf(same(8)).found).toEqual(['arp', ...Array(7).fill('silence')]);
  });

  test('is remembered by a scan that goes on', () => {
    const known = new Map([[hardwareKey('v4', shared), 7]]);
    expect(flowOf(same(1), new Set(), { known })).toEqual({ asked: 1, found: ['silence'], near: 0 });
  });

  test('is believed where there is nothing else to ask', () => {
    const believed = { asked: 0, found: Array(20).fill('arp') };
    expect(flowOf(same(20), new Set(), { questions: 0 })).toMatchObject(believed);
    expect(flowOf(same(20), new Set(), { doubtsShared: false })).toMatchObject(believed);
  });

  test('proves nothing where ARP does not count: all are asked', () => {
    const { asked, found } = flowOf(same(9), new Set([0]), { arpPing: false });
    expect([asked, found[0], found[1]]).toEqual([9, 'echo-reply', 'silence']);
  });
});

const near = { path: 0, hop: { neighbour: 0 }, isNear: true };

interface FlowSetting {
  readonly known?: ReadonlyMap<number, number>;
  readonly arpPing?: boolean;
  readonly doubtsShared?: boolean;
  readonly questions?: number;
}

/** An answer by which a host is up. */
function reply(): Observation {
  return observation({ kind: 'echo-reply', code: verdictCode('open', 'echo-reply'), sender: fromTarget });
}

/** By what was seen of each host it was judged, in the order of hosts. */
function found(records: Records): readonly (string | undefined)[] {
  const kinds: (string | undefined)[] = [];
  eachFrame(records.take(), (kind, view, start, end) => {
    if (kind !== recordKinds.host) return;
    const body = hostCodec.parse(view, start, end);
    if (body instanceof Malformed) throw new Error(body.problem);
    kinds[body.host] = observationKinds[body.seen.kind];
  });
  return kinds;
}

test('what a budget kept from being looked for is no failure of this machine', () => {
  const targets = RangeSet.of([{ first: 0x0a000000n, last: 0x0a000000n }]);
  const records = new Records();
  const given: string[] = [];
  const spent = observation({ kind: 'local', trouble: troubles.indexOf('budget') });
  const discovery: Lane = {
    phase: 0,
    agenda: () => ({ order: new Permutation(1, 1) }),
    transport: {
      approaching: 0,
      hasRoom: () => true,
      approach: (candidate: Candidate) => flow.reached(candidate, { ...near, isNear: false }),
      admit: () => undefined,
    } as unknown as HostTransport,
  };
  const flow: HostFlow = new HostFlow({
    hosts: new HostSource(new HostSpace([{ targets }]), {
      ...{ seed: 1, inOrder: true, slice: { index: 0, count: 1 } },
    }),
    discovery,
    stages: [],
    transport: discovery.transport,
    arpPing: true,
    hardware: new HardwareCounts(),
    doubtsShared: true,
    isKnown: () => false,
    giveUp: (_, trouble) => given.push(trouble),
    depart: (visit) => flow.departed(visit),
    records,
  });
  flow.pump();
  flow.heard(0, 0, spent);
  flow.ended(discovery, 0, 'timeout');
  expect(given).toEqual(['budget']);
  const told: string[] = [];
  eachFrame(records.take(), (kind, view, start, end) => {
    if (kind !== recordKinds.host) return;
    const record = hostCodec.parse(view, start, end);
    if (!(record instanceof Malformed)) told.push(troubles[record.seen.trouble] ?? '');
  });
  expect(told).toEqual(['budget']);
});
