/**
 * Policy rules that look at protocols and ports (ip-rule(8), `ipproto`, `dport`): where there are any, the way to a host
 * may be another one for each port.
 *
 * @module
 */

import { type NetlinkMessage, readAttributes, readU16 } from './netlink.ts';
import { dump } from './rtnetlink.ts';
import { inet6Family, inetFamily } from './socket-words.ts';

/** What a rule looks at. */
export interface PortRule {
  /** Absent: any. */
  readonly protocol?: number;
  /** Destination ports; absent: any. */
  readonly ports?: { readonly first: number; readonly last: number };
  /** It looks at source ports, which probes have many of. */
  readonly hasSourcePorts: boolean;
}

/** Packets that all rules treat alike. `first` and `last` are ports, 0 of protocols without any. */
export interface Flow {
  readonly protocol: number;
  readonly first: number;
  readonly last: number;
}

/** The rules of a family that look at protocols or ports. */
export function dumpPortRules(family: 4 | 6): readonly PortRule[] {
  const header = new Uint8Array(headerBytes);
  header[0] = family === 4 ? inetFamily : inet6Family;
  return dump(ruleRequest, header)
    .map(readPortRule)
    .filter((rule) => rule !== undefined);
}

/** A rule that looks at protocols or ports; undefined for others and for what is malformed. */
export function readPortRule({ type, body }: NetlinkMessage): PortRule | undefined {
  if (type !== ruleAnswer || body.length < headerBytes) return undefined;
  const attributes = readAttributes(body, headerBytes);
  const protocol = attributes.get(protocolAttribute)?.[0];
  const range = attributes.get(destinationPorts);
  const [first, last] = [readU16(range), readU16(range, 2)];
  const hasSourcePorts = attributes.has(sourcePorts);
  if (protocol === undefined && range === undefined && !hasSourcePorts) return undefined;
  return {
    ...(protocol !== undefined && { protocol }),
    ...(first !== undefined && last !== undefined && { ports: { first, last } }),
    hasSourcePorts,
  };
}

/** The flows that rules tell apart, of TCP, UDP and ICMP: the kernel answers for no others. */
export function flowsOf(rules: readonly PortRule[], family: 4 | 6): readonly Flow[] {
  if (rules.length === 0) return [];
  const icmp = family === 4 ? 1 : 58;
  return [tcp, udp, icmp].flatMap((protocol) => {
    const about = rules.filter((rule) => rule.protocol === undefined || rule.protocol === protocol);
    if (about.length === 0) return [];
    if (protocol === icmp) return [{ protocol, first: 0, last: 0 }];
    const starts = new Set([
      0,
      ...about.flatMap(({ ports }) => (ports ? [ports.first, ports.last + 1] : [])),
    ]);
    const sorted = [...starts].filter((port) => port < 65_536).sort((a, b) => a - b);
    return sorted.map((first, i) => ({ protocol, first, last: (sorted[i + 1] ?? 65_536) - 1 }));
  });
}

/** Whether rules may send packets of one of these protocols another way that the kernel does not tell. */
export function hideWays(rules: readonly PortRule[], protocols: ReadonlySet<number>, family: 4 | 6): boolean {
  const told = [tcp, udp, family === 4 ? 1 : 58];
  const hidden = [...protocols].filter((protocol) => !told.includes(protocol));
  return rules.some((rule) =>
    hidden.some((one) => (rule.protocol === undefined ? withPorts.has(one) : rule.protocol === one)),
  );
}

/** DCCP, SCTP and UDP-Lite, beside those that the kernel tells of. */
const withPorts: ReadonlySet<number> = new Set([33, 132, 136]);
const tcp = 6;
const udp = 17;
/** struct fib_rule_hdr. */
const headerBytes = 12;
const ruleAnswer = 32;
const ruleRequest = 34;
/** FRA_IP_PROTO, FRA_SPORT_RANGE, FRA_DPORT_RANGE. */
const protocolAttribute = 22;
const sourcePorts = 23;
const destinationPorts = 24;
