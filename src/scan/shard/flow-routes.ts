/**
 * Ways to one host that differ by protocol or port, where policy rules want it so.
 *
 * @module
 */

import type { OtherRoute } from '../../engine/hosts/host-route.ts';
import { protocolProbePort } from '../../engine/probes/protocol-writer.ts';
import { transportNumber } from '../../engine/questions/questions.ts';
import type { Address } from '../../model/address.ts';
import type { HostTechniqueName, PortTechniqueName } from '../../model/technique-name.ts';
import { type Flow, flowsOf } from '../../system/policy-rules.ts';
import type { Route } from '../../system/route.ts';
import type { RouteOptions } from '../../system/routes.ts';
import { techniqueOf } from '../../techniques/index.ts';
import { ipProtocol } from '../../wire/numbers.ts';
import type { QuestionList } from './config.ts';
import type { RouteTable } from './machine.ts';
import type { ApproachEvents, TargetRoute } from './transport.ts';

/** Packets that go another way than the rest, and where. */
export interface FlowRoute {
  readonly flow: Flow;
  readonly route: Route;
}

/** The ports that a shard asks, by protocol number. */
export type PortsAsked = ReadonlyMap<number, ReadonlySet<number>>;

/** The flows to an address that are asked and do not take the usual way. */
export function flowRoutes(
  routes: RouteTable,
  address: Address,
  usual: Route,
  asked: PortsAsked,
  options: RouteOptions,
): readonly FlowRoute[] {
  const rules = routes.rulesOf(address.family);
  return flowsOf(rules, address.family)
    .filter((flow) => isAsked(asked, flow))
    .map((flow) => ({ flow, route: routes.lookupFlow(address, flow, options) }))
    .filter(({ route }) => !areAlike(route, usual));
}

/** Tells `events` of a host when all its ways are known, which `approach` finds; where one is missing, it is lost. */
export function gatherRoutes(
  others: readonly FlowRoute[],
  approach: (route: Route, events: ApproachEvents, flow: Flow) => void,
  events: ApproachEvents,
): ApproachEvents {
  return {
    lost: (candidate, isUnknown) => events.lost(candidate, isUnknown),
    reached(candidate, usual, proof) {
      const found: OtherRoute[] = [];
      let [left, isWhole] = [others.length, true];
      const goOn = () => {
        if (--left > 0) return;
        if (!isWhole) events.lost(candidate, true);
        else events.reached(candidate, { ...(usual as TargetRoute), others: found }, proof);
      };
      for (const { flow, route } of others)
        approach(
          route,
          {
            reached(_, way) {
              found.push(...asAsked(flow).map((asked) => ({ ...asked, route: way as TargetRoute })));
              goOn();
            },
            lost() {
              isWhole = false;
              goOn();
            },
          },
          flow,
        );
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

/** A flow by the engine's numbers: it knows one ICMP for both families, and `-sO` has protocols in place of ports. */
function asAsked({ protocol, first, last }: Flow): readonly Flow[] {
  const { icmp, ip } = transportNumber;
  const isIcmp = protocol === icmp || protocol === ipProtocol.icmpv6;
  const own = { protocol: isIcmp ? icmp : protocol, first, last };
  const isProtocols = isIcmp || (first <= protocolProbePort && protocolProbePort <= last);
  return isProtocols ? [own, { protocol: ip, first: protocol, last: protocol }] : [own];
}

/** What a shard's questions ask, as far as its techniques name protocols. */
export function portsAsked(lists: readonly (QuestionList | undefined)[]): PortsAsked {
  const asked = new Map<number, Set<number>>();
  const add = (protocol: number, port: number) => {
    const ports = asked.get(protocol);
    if (ports === undefined) asked.set(protocol, new Set([port]));
    else ports.add(port);
  };
  for (const { techniques, techniqueOf: of, portOf } of lists.filter((list) => list !== undefined)) {
    const numbers = techniques.map(
      (name) => transportNumber[techniqueOf(name as PortTechniqueName | HostTechniqueName).probe.transport],
    );
    for (const [q, at] of of.entries()) {
      const number = numbers[at] as number;
      const port = portOf[q] as number;
      if (number === transportNumber.ip) add(port, protocolProbePort);
      else add(number, port);
    }
  }
  return asked;
}

/** Whether packets of a flow are sent. */
export function isAsked(asked: PortsAsked, { protocol, first, last }: Flow): boolean {
  if (protocol === ipProtocol.icmpv6 && asked.has(transportNumber.icmp)) return true;
  if (protocol === ipProtocol.icmpv6 || protocol === transportNumber.icmp) return asked.has(protocol);
  return [...(asked.get(protocol) ?? [])].some((port) => first <= port && port <= last);
}
