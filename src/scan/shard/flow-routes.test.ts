import { expect, test } from 'vitest';
import { type HostRoute, routeFor } from '../../engine/hosts/host-route.ts';
import { protocolProbePort } from '../../engine/probes/protocol-writer.ts';
import { transportNumber } from '../../engine/questions/questions.ts';
import type { Flow } from '../../system/policy-rules.ts';
import type { Route } from '../../system/route.ts';
import { gatherRoutes, isAsked, portsAsked } from './flow-routes.ts';
import type { TargetRoute } from './transport.ts';

const usual: TargetRoute = { path: 0, hop: { neighbour: 0 }, isNear: false };
const kernelRoute: Route = { kind: 'unicast' };

/** The ways of a host whose packets of these flows go other ways, numbered by their place; undefined when it is lost. */
function waysOf(flows: readonly Flow[], lost: readonly number[] = []): HostRoute | undefined {
  let ways: HostRoute | undefined;
  let at = 0;
  const events = gatherRoutes(
    flows.map((flow) => ({ flow, route: kernelRoute })),
    (_, told) => {
      const path = ++at;
      if (lost.includes(path)) told.lost(undefined as never, true);
      else told.reached(undefined as never, { ...usual, path }, undefined as never);
    },
    {
      reached: (_, way) => {
        ways = way as HostRoute;
      },
      lost: () => {},
    },
  );
  events.reached(undefined as never, usual, undefined as never);
  return ways;
}

test('a protocol scan goes the ways of the flows that its packets are of', () => {
  const ways = waysOf([
    { protocol: 6, first: 80, last: 80 },
    { protocol: 17, first: 0, last: 65_535 },
    { protocol: 58, first: 0, last: 0 },
  ]) as HostRoute;
  const pathOf = (protocol: number, port: number) => routeFor(ways, protocol, port).path;
  expect([pathOf(6, 80), pathOf(6, 81), pathOf(17, 53), pathOf(1, 0)]).toEqual([1, 0, 2, 3]);
  // -sO asks TCP by a port that the first rule is not about.
  expect([6, 17, 58, 1, 80, 132].map((protocol) => pathOf(transportNumber.ip, protocol))).toEqual([
    0, 2, 3, 0, 0, 0,
  ]);
  const covering = waysOf([{ protocol: 6, first: protocolProbePort, last: protocolProbePort }]) as HostRoute;
  expect(routeFor(covering, transportNumber.ip, 6).path).toBe(1);
});

test('a host is lost where one of its ways is', () => {
  const flows = [6, 17].map((protocol) => ({ protocol, first: 0, last: 65_535 }));
  expect(waysOf(flows)?.others).toHaveLength(4);
  expect(waysOf(flows, [1])).toBeUndefined();
  expect(waysOf(flows, [2])).toBeUndefined();
});

test('what is asked is of these protocols and ports', () => {
  const list = (techniques: readonly string[], ...portOf: number[]) => ({
    techniques,
    techniqueOf: Uint8Array.from(portOf, (_, i) => i % techniques.length),
    portOf: Uint16Array.from(portOf),
  });
  const asked = portsAsked([list(['ping-echo', 'ping-sctp'], 0, 80), list(['syn', 'ip-protocol'], 22, 17)]);
  expect([...asked.keys()]).toEqual([1, 132, 6, 17]);
  expect(portsAsked([undefined, undefined]).size).toBe(0);
  const flow = (protocol: number, first = 0, last = 0) => isAsked(asked, { protocol, first, last });
  expect([flow(6, 0, 21), flow(6, 20, 22), flow(6, 23, 65_535)]).toEqual([false, true, false]);
  // An echo is one of either family; -sO asks UDP by one port.
  expect([flow(1), flow(58)]).toEqual([true, true]);
  expect([flow(17, 0, 1000), flow(17, 1001, 65_535)]).toEqual([false, true]);
});
