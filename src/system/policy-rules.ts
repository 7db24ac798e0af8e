/**
 * Policy rules that look at more than where a packet goes (ip-rule(8)): at its protocol and ports (`ipproto`, `dport`),
 * so that the way to a host may be another one for each port, or at where it comes from (`from`).
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

/** What the rules of a family look at. */
export interface Policy {
  readonly ports: readonly PortRule[];
  readonly looksAtSources: boolean;
}

/** Asks the kernel for its rules. */
export function dumpPolicy(family: 4 | 6): Policy {
  const header = new Uint8Array(headerBytes);
  header[0] = family === 4 ? inetFamily : inet6Family;
  const rules = dump(ruleRequest, header);
  return {
    ports: rules.map(readPortRule).filter((rule) => rule !== undefined),
    looksAtSources: rules.some(({ type, body }) => type === ruleAnswer && (body[sourceLength] ?? 0) > 0),
  };
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

/**
 * A packet that no rule is about, by which to ask for the usual way: of IPv4 the kernel answers for UDP where no protocol
 * is named. Undefined: there is none, or no need to name one.
 */
export function usualFlow(rules: readonly PortRule[], family: 4 | 6): Flow | undefined {
  if (rules.length === 0 || family === 6) return undefined;
  const protocol = told(4).find((one) => !rules.some((rule) => isAboutAll(rule, one)));
  return protocol === undefined ? undefined : { protocol, first: 0, last: 0 };
}

/** Whether rules may send packets of one of these protocols another way that the kernel does not tell. */
export function hideWays(rules: readonly PortRule[], protocols: ReadonlySet<number>, family: 4 | 6): boolean {
  const hidden = [...protocols].filter((protocol) => !told(family).includes(protocol));
  const isUsualHidden = family === 4 && rules.length > 0 && usualFlow(rules, family) === undefined;
  if (isUsualHidden && hidden.length > 0) return true;
  return rules.some((rule) =>
    hidden.some((one) => (rule.protocol === undefined ? withPorts.has(one) : rule.protocol === one)),
  );
}

/** Whether a rule is about a protocol's packets that have no ports as well: port 0 is none to the kernel. */
function isAboutAll({ protocol, ports, hasSourcePorts }: PortRule, one: number): boolean {
  return (protocol ?? one) === one && (ports?.first ?? 0) === 0 && !hasSourcePorts;
}

/** The protocols that the kernel tells the ways of. */
function told(family: 4 | 6): readonly number[] {
  return [udp, tcp, family === 4 ? 1 : 58];
}

/** DCCP, SCTP and UDP-Lite, beside those that the kernel tells of. */
const withPorts: ReadonlySet<number> = new Set([33, 132, 136]);
const tcp = 6;
const udp = 17;
/** struct fib_rule_hdr. */
const headerBytes = 12;
const sourceLength = 2;
const ruleAnswer = 32;
const ruleRequest = 34;
/** FRA_IP_PROTO, FRA_SPORT_RANGE, FRA_DPORT_RANGE. */
const protocolAttribute = 22;
const sourcePorts = 23;
const destinationPorts = 24;
