/** Which hops a traceroute asks for, and shows of, a host whose neighbour's way is known. */

import { expect, test } from 'vitest';
import type { PacketEngine } from '../../engine/engine.ts';
import type { Host } from '../../engine/hosts/host.ts';
import type { Hop } from '../../engine/trace/trace.ts';
import type { TraceOrder } from '../../engine/trace/tracer.ts';
import { fromTarget, noSender, Observation } from '../../model/observation.ts';
import { hostTechniques } from '../../techniques/index.ts';
import type { TraceRecord } from '../records/path-record.ts';
import type { Records } from '../records/records.ts';
import type { ShardConfig } from '../shard/config.ts';
import { path } from './path.ts';

test('the last router of each host is asked, and where neighbours differ the whole way of each', () => {
  const ways = follow();
  ways.trace(1);
  ways.answer([], [7, 8, 9, fromTarget]);
  ways.trace(2);
  ways.answer([7, 8, 9], [7, 8, 9, fromTarget]);
  // Silence may be a limit's: it says nothing against the router of the neighbours.
  ways.trace(3);
  ways.answer([7, 8, 9], [7, 8, noSender, fromTarget]);
  ways.trace(4);
  ways.trace(5);
  ways.answer([7, 8, 9], [7, 8, 5, fromTarget]);
  ways.answer([7, 8, 9], [7, 8, noSender, fromTarget]);
  ways.answer([], [7, 6, 5, fromTarget]);
  ways.answer([], [7, 6, noSender, fromTarget]);
  ways.trace(6);
  ways.answer([], [7, 8, 9, fromTarget]);
  expect(ways.told).toEqual([
    [7, 8, 9, fromTarget],
    [7, 8, 9, fromTarget],
    [7, 8, 9, fromTarget],
    [7, 6, 5, fromTarget],
    [7, 6, noSender, fromTarget],
    [7, 8, 9, fromTarget],
  ]);
});

test('a router that was silent before may answer a neighbour', () => {
  const ways = follow();
  ways.trace(1);
  ways.answer([], [7, noSender, fromTarget]);
  ways.trace(2);
  ways.answer([7, noSender], [7, 8, fromTarget]);
  expect(ways.told).toEqual([
    [7, noSender, fromTarget],
    [7, 8, fromTarget],
  ]);
});

test('a target that is nearer than its neighbours is followed as a whole', () => {
  const ways = follow();
  ways.trace(1);
  ways.answer([], [7, 8, 9, fromTarget]);
  ways.trace(2);
  ways.answer([7, 8, 9], [7, 8, fromTarget]);
  ways.answer([], [7, 8, fromTarget]);
  expect(ways.told.at(-1)).toEqual([7, 8, fromTarget]);
});

/** Follows ways to hosts of one /24 that answered with a TTL of 61, by a tracer that finds what it is told. */
function follow() {
  const orders: TraceOrder[] = [];
  const told: (readonly number[])[] = [];
  const technique = hostTechniques['ping-echo'];
  const engine = {
    phases: [{ questions: { techniqueAt: () => technique, portAt: () => 0 } }],
    tracer: { follow: (order: TraceOrder) => void orders.push(order) },
  } as unknown as PacketEngine;
  const records = {
    explain: () => {},
    append: (_: unknown, { hops }: TraceRecord) => told.push(hops.map(({ sender }) => sender)),
  } as unknown as Records;
  const config = { variants: [{ sourcePort: -1 }] } as unknown as ShardConfig;
  const follower = path.follow?.({ engine, records, config } as never);
  return {
    told,
    /** Begins to follow the way to the network's host of this number. */
    trace(id: number) {
      const seen = Object.assign(new Observation(), { sender: fromTarget, ttl: 61 });
      follower?.note({ id, phase: 0, row: 0 } as Host, false, 0, seen);
      follower?.trace(
        id,
        Uint32Array.of(0x0a000000 + id),
        { path: 0, hop: { neighbour: 0 }, isNear: false },
        () => {},
      );
    },
    /** The way that is asked for first, with these hops known, is found to have these. */
    answer(known: readonly number[], senders: readonly number[]) {
      const order = orders.shift() as TraceOrder;
      expect(order.known.map(({ sender }) => sender)).toEqual(known);
      const hops = senders.map((sender): Hop => ({ sender, rttUs: 1000 }));
      order.done(senders.at(-1) === fromTarget, hops);
    },
  };
}
