import { expect, test } from 'vitest';
import { Permutation } from '../../base/permutation.ts';
import { RangeSet } from '../../base/range-set.ts';
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
