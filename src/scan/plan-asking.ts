/**
 * The plan of one scan of an audit. A request asks all hosts the same ports, or TCP and UDP ports by the same numbers;
 * a policy has other ports for each host, which a plan can say.
 *
 * @module
 */

import { auditProtocols } from '../audit/policy.ts';
import { type Asking, portsAskedBy } from '../audit/questions.ts';
import type { scanPart } from '../audit/request.ts';
import type { ResolvedPolicy } from '../audit/resolve-targets.ts';
import { formatPorts } from '../model/ports.ts';
import { formatRanges } from '../model/ranges.ts';
import { buildPlan } from '../plan/build-plan.ts';
import type { Environment } from '../plan/environment.ts';
import type { Plan } from '../plan/plan.ts';
import { excludedOf, rememberPorts, rememberTargets } from '../plan/read-plan.ts';
import type { Request } from '../plan/request.ts';
import type { ScanOptions } from './scan.ts';

/** One scan of an audit. */
export interface PlannedAsking {
  readonly asking: Asking;
  readonly plan: Plan;
}

/** Makes the plan; undefined where all its hosts are excluded. */
export async function planAsking(
  asking: Asking,
  { targets }: ResolvedPolicy,
  scan: ReturnType<typeof scanPart>,
  environment: Environment,
  { signal, words }: ScanOptions,
): Promise<PlannedAsking | undefined> {
  const { groups, sourcePort } = asking;
  const [tcp, udp, sctp] = auditProtocols.map((protocol) => portsAskedBy(groups, protocol)) as Three;
  const request: Request = {
    ...scan,
    targets,
    ports: [...listed('T', tcp), ...listed('U', udp), ...listed('S', sctp)],
    techniques: [
      ...(tcp.length > 0 ? [environment.capabilities.netRaw ? ('syn' as const) : ('connect' as const)] : []),
      ...(udp.length > 0 ? ['udp' as const] : []),
      ...(sctp.length > 0 ? ['sctp-init' as const] : []),
    ],
    ...(sourcePort !== undefined && { packet: { ...scan.packet, sourcePort } }),
    // Nobody reads the names of hosts, and how often a port was asked only its own fact says.
    reverseNames: 'never',
    ungrouped: true,
  };
  const planning = { ...(signal && { signal }), ...(words && { words }) };
  const plan = await buildPlan(request, environment, planning);
  const excluded = excludedOf(plan);
  const asked = groups.flatMap((group) => {
    const left = group.targets.minus(excluded);
    if (left.size === 0n) return [];
    const { ports } = group;
    const texts = {
      tcp: formatPorts(ports.tcp),
      udp: formatPorts(ports.udp),
      sctp: formatPorts(ports.sctp),
      ip: '',
    };
    return [rememberTargets({ targets: formatRanges(left), ports: rememberPorts(texts, ports) }, left)];
  });
  return asked.length === 0 ? undefined : { asking, plan: { ...plan, groups: asked } };
}

function listed(qualifier: 'T' | 'U' | 'S', ports: Uint16Array): readonly string[] {
  return ports.length === 0 ? [] : [`${qualifier}:${formatPorts(ports)}`];
}

type Three = [Uint16Array, Uint16Array, Uint16Array];
