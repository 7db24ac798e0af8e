/**
 * Ways to one host that differ by protocol or port, where policy rules want it so.
 *
 * @module
 */

import type { OtherRoute } from '../../engine/host.ts';
import type { Address } from '../../model/address.ts';
import { type Flow, flowsOf } from '../../system/port-rules.ts';
import type { Route } from '../../system/route.ts';
import type { RouteOptions } from '../../system/routes.ts';
import type { RouteTable } from './machine.ts';
import type { ApproachEvents, TargetRoute } from './transport.ts';

/** Packets that go another way than the rest, and where. */
export interface FlowRoute {
  readonly flow: Flow;
  readonly route: Route;
}

/** The flows to an address that do not take the usual way. */
export function flowRoutes(
  routes: RouteTable,
  address: Address,
  usual: Route,
  options: RouteOptions,
): readonly FlowRoute[] {
  const rules = routes.rulesOf(address.family);
  return flowsOf(rules, address.family)
    .map((flow) => ({ flow, route: routes.lookupFlow(address, flow, options) }))
    .filter(({ route }) => !areAlike(route, usual));
}

/** Tells `events` of a host when all its ways are known, which `approach` finds; where one is missing, it is lost. */
export function gatherRoutes(
  others: readonly FlowRoute[],
  approach: (route: Route, events: ApproachEvents) => void,
  events: ApproachEvents,
): ApproachEvents {
  return {
    lost: (candidate, isUnknown) => events.lost(candidate, isUnknown),
    reached(candidate, usual, proof) {
      const found: OtherRoute[] = [];
      let left = others.length;
      const goOn = () => {
        if (--left > 0) return;
        if (found.length < others.length) events.lost(candidate, true);
        else events.reached(candidate, { ...(usual as TargetRoute), others: found }, proof);
      };
      for (const { flow, route } of others)
        approach(route, {
          reached(_, way) {
            const protocol = flow.protocol === icmpv6 ? icmp : flow.protocol;
            found.push({ ...flow, protocol, route: way as TargetRoute });
            goOn();
          },
          lost: goOn,
        });
    },
  };
}

/** Whether packets go the same way by both. */
export function areAlike(one: Route, other: Route): boolean {
  return (
    one.kind === other.kind &&
    one.interface?.index === other.interface?.index &&
    one.source?.value === other.source?.value &&
    one.gateway?.value === other.gateway?.value
  );
}

/** The engine knows one ICMP for both families. */
const icmp = 1;
const icmpv6 = 58;
