/**
 * What has to be asked for a policy: each port of each host once, however many rules are about it.
 *
 * @module
 */

import type { RangeSet } from '../base/range-set.ts';
import { type AddressGroup, groupTargets } from '../plan/group-targets.ts';
import { type PortLists, toSelection } from '../plan/parse-ports.ts';
import { type AuditProtocol, auditProtocols, type Rule } from './policy.ts';
import type { ResolvedRule } from './resolve-targets.ts';

/** What one scan asks: a source port holds for a scan as a whole. */
export interface Asking {
  /** Absent: any. */
  readonly sourcePort?: number;
  /** They share no address. */
  readonly groups: readonly AddressGroup[];
}

/** As few scans as there are source ports. */
export function askingsOf(rules: readonly ResolvedRule[]): readonly Asking[] {
  const ports = new Set(rules.flatMap(({ rule }) => sourcePortsOf(rule)));
  return [...ports].flatMap((sourcePort) => {
    const asked = rules.filter(
      ({ rule, hosts }) => hosts.size > 0n && sourcePortsOf(rule).includes(sourcePort),
    );
    if (asked.length === 0) return [];
    return [{ ...(sourcePort !== undefined && { sourcePort }), groups: groupsOf(asked) }];
  });
}

/** The source ports a rule asks from; one that is undefined where it names none. */
export function sourcePortsOf({ sourcePorts }: Rule): readonly (number | undefined)[] {
  return sourcePorts.length === 0 ? [undefined] : sourcePorts;
}

/** All ports that any of the groups asks. */
export function portsAskedBy(groups: readonly AddressGroup[], protocol: AuditProtocol): Uint16Array {
  const isAsked = new Uint8Array(65_536);
  for (const { ports } of groups) for (const port of ports[protocol]) isAsked[port] = 1;
  return Uint16Array.from([...isAsked.keys()].filter((port) => isAsked[port] === 1));
}

function groupsOf(rules: readonly ResolvedRule[]): readonly AddressGroup[] {
  const byRule = new Map<string, RangeSet>(rules.map(({ hosts }, i) => [`${i}`, hosts]));
  return groupTargets(byRule, {
    selection: toSelection({}),
    own: (i) => portsOf((rules[Number(i)] as ResolvedRule).rule),
  });
}

function portsOf({ expectations }: Rule): PortLists {
  const of = (protocol: AuditProtocol) =>
    expectations.filter((one) => one.protocol === protocol).flatMap(({ ports }) => [...ports]);
  const [tcp, udp, sctp] = auditProtocols.map(of) as [number[], number[], number[]];
  return toSelection({ tcp, udp, sctp });
}
