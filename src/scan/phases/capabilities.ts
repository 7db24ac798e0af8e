/**
 * What phases state that they need.
 *
 * @module
 */

import type { Plan } from '../../plan/plan.ts';
import type { KeptCapability } from '../../system/capabilities.ts';
import { isSocket } from '../../techniques/index.ts';

/** Raw sockets where probes are packets of our own; and source ports that are the system's. */
export function rawSocket(plan: Plan): readonly KeptCapability[] {
  return [...(plan.engine === 'connect' ? [] : (['CAP_NET_RAW'] as const)), ...sourcePort(plan)];
}

/**
 * What a scan keeps and needs only to open its sockets: connections take none, and what looks for their hosts sends
 * through what is open.
 */
export function dormantIn({ goal, techniques }: Plan): readonly KeptCapability[] {
  return goal === 'ports' && techniques.every(isSocket) ? ['CAP_NET_RAW'] : [];
}

/** Source ports that are the system's, for connections. */
export function sourcePort({ packet }: Plan): readonly KeptCapability[] {
  const port = packet.sourcePort;
  return port !== undefined && port < firstFreePort ? ['CAP_NET_BIND_SERVICE'] : [];
}

const firstFreePort = 1024;
