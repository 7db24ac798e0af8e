/**
 * One host by both families: what the filter of one stops and that of the other forgets.
 *
 * @module
 */

import type { PolicyFact } from '../model/fact.ts';
import type { FilteredProtocol, FirewallFinding } from './contract.ts';
import { portRanges, readRanges } from './port-list.ts';

/** What was concluded about an address of a host. */
export interface FamilyPolicy {
  readonly host: string;
  readonly family: 4 | 6;
  readonly policy: readonly Pick<PolicyFact, 'protocol' | 'ports' | 'action' | 'exposure' | 'confidence'>[];
}

/** What IPv6 leaves open. */
export interface FamilyHole {
  readonly finding: FirewallFinding;
  /** The ports, which are a hole by IPv4 as well: they can be reached in another way. */
  readonly ports: Readonly<Record<FilteredProtocol, readonly number[]>>;
}

/**
 * Compares two addresses of one host; `sameBy` says how that is known. undefined: nothing that IPv4 stops is open by IPv6.
 * What was asked by one family alone is not compared.
 */
export function compareFamilies(a: FamilyPolicy, b: FamilyPolicy, sameBy: string): FamilyHole | undefined {
  if (a.family === b.family) return undefined;
  const [v4, v6] = a.family === 4 ? [a, b] : [b, a];
  const stopped = (protocol: FilteredProtocol) => portsOf(v4, protocol, ({ action }) => stops.has(action));
  const exposed = (protocol: FilteredProtocol) =>
    portsOf(v6, protocol, ({ exposure }) => exposure === 'exposed');
  const meet = (protocol: FilteredProtocol) => {
    const open = exposed(protocol);
    return [...stopped(protocol)].filter((port) => open.has(port)).sort((x, y) => x - y);
  };
  const ports = { tcp: meet('tcp'), udp: meet('udp') };
  if (ports.tcp.length + ports.udp.length === 0) return undefined;
  const names = (['tcp', 'udp'] as const)
    .filter((protocol) => ports[protocol].length > 0)
    .map((protocol) => `${protocol}/${portRanges(ports[protocol])}`)
    .join(' and ');
  const used = [...v4.policy.filter(({ action }) => stops.has(action)), ...v6.policy];
  const sure = used.filter(({ confidence }) => confidence > 0).map(({ confidence }) => confidence);
  return {
    finding: {
      rule: 'ipv6-hole',
      severity: 'high',
      claim: `${names} of one host can be reached by IPv6 (${v6.host}), while IPv4 (${v4.host}) is filtered`,
      confirmed: true,
      confidence: Math.min(0.95, ...sure),
      evidence: [
        `${v6.host}: ${names} open`,
        `${v4.host}: the same stopped`,
        `one host, as ${sameBy} ${/ and |,/.test(sameBy) ? 'show' : 'shows'}`,
      ],
      refutedBy: 'that the two addresses belong to different hosts',
      cites: [],
    },
    ports,
  };
}

function portsOf(
  { policy }: FamilyPolicy,
  protocol: FilteredProtocol,
  is: (range: FamilyPolicy['policy'][number]) => boolean,
): ReadonlySet<number> {
  return new Set(
    policy
      .filter((range) => range.protocol === protocol && is(range))
      .flatMap(({ ports }) => readRanges(ports)),
  );
}

const stops: ReadonlySet<PolicyFact['action']> = new Set(['drop', 'reject-rst', 'reject-icmp']);
