/**
 * What a plan from elsewhere leaves out: whoever adds an exclusion to it by hand means what it says, as in a request.
 * And what it cannot ask at all: addresses beyond its scope, one address twice, an IPv4 host under another name.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { RangeSet } from '../base/range-set.ts';
import { formatPorts } from '../model/ports.ts';
import { formatRanges } from '../model/ranges.ts';
import { techniqueOf } from '../techniques/index.ts';
import { describeAddresses, refuseBeyond, refuseTooMany } from './guard.ts';
import type { DiscoveryQuestion, Plan, PortSelection, TargetGroup } from './plan.ts';
import { excludedOf, portsAsked, portsOf, rememberTargets, scopeOf, targetsOf } from './read-plan.ts';
import { mappedV4 } from './special-ranges.ts';

/** The plan without what it excludes; refused where it cannot be asked. Its fields have been looked at. */
export function leaveOut(given: Plan): Plan {
  // Copies: what a text holds is remembered for its owner, who may still change what is his.
  const plan: Plan = { ...given, excludedPorts: { ...given.excludedPorts } };
  const excluded = excludedOf(plan);
  const groups = given.groups.map(({ targets, ports }) => {
    const asked = withoutPorts({ ...ports }, plan.excludedPorts);
    const group = { targets, ports: asked };
    const all = targetsOf(group);
    const left = all.minus(excluded);
    return left.size === all.size
      ? group
      : rememberTargets({ targets: formatRanges(left), ports: asked }, left);
  });
  const left = plan.askLink === undefined ? groups.filter((group) => targetsOf(group).size > 0n) : groups;
  if (left.length === 0) {
    throw badRequest(`The plan's groups hold no target${groups.length > 0 ? ' that is not excluded' : ''}`);
  }
  refuseUnfit(left, plan);
  const discovery = askable(plan.discovery, plan.excludedPorts);
  if (discovery.length === 0 && plan.discovery.length > 0)
    throw badRequest("The plan's excludedPorts take all of its discovery");
  return { ...plan, groups: left, discovery };
}

/** Probes of host discovery without those to excluded ports. */
export function askable(
  discovery: readonly DiscoveryQuestion[],
  excluded: PortSelection,
): readonly DiscoveryQuestion[] {
  return discovery.filter(({ technique, port }) => {
    const transport = portTransport(technique);
    return transport === undefined || !portsOf(excluded, transport).includes(port);
  });
}

/** Whose port or protocol a probe of host discovery goes to, if to any. */
export function portTransport(technique: DiscoveryQuestion['technique']): keyof PortSelection | undefined {
  const { transport } = techniqueOf(technique).probe;
  if (transport === 'socket') return 'tcp';
  return transport === 'icmp' || transport === 'link' ? undefined : transport;
}

function withoutPorts(ports: PortSelection, excluded: PortSelection): PortSelection {
  if (Object.values(excluded).every((text) => text === '')) return ports;
  const left = (transport: keyof PortSelection): string => {
    const holes = new Set(portsOf(excluded, transport));
    return formatPorts(portsOf(ports, transport).filter((port) => !holes.has(port)));
  };
  return { tcp: left('tcp'), udp: left('udp'), sctp: left('sctp'), ip: left('ip') };
}

function refuseUnfit(groups: readonly TargetGroup[], plan: Plan): void {
  const sets = groups.map(targetsOf);
  const size = sets.reduce((sum, set) => sum + set.size, 0n);
  const targets = RangeSet.union(sets);
  if (targets.size < size) throw badRequest("The plan's groups share addresses: wanted each in one of them");
  refuseTooMany(targets);
  const mapped = targets.minus(targets.minus(mappedV4));
  if (mapped.size > 0n) {
    const which = describeAddresses(mapped, new Map());
    throw badRequest(`The plan's groups hold ${which}, which stands for an IPv4 address: wanted that`);
  }
  const scope = scopeOf(plan);
  if (scope !== undefined) refuseBeyond(targets.minus(scope), new Map(Object.entries(plan.askedAs)));
  const isAsked = ({ ports }: TargetGroup) =>
    plan.techniques.some((name) => portsAsked(ports, name).length > 0);
  const idle = plan.goal === 'ports' ? groups.findIndex((group) => !isAsked(group)) : -1;
  if (idle >= 0) throw badRequest(`The plan's groups[${idle}] is asked no port by its techniques`);
}
