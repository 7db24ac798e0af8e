/**
 * Open ports for a target: many at once, in one process.
 *
 * @module
 */

import { parsePortRanges } from '../../../src/model/ports.ts';
import type { Namespace } from './namespace.ts';
import { ready, scriptCommand } from './script.ts';

/** Which ports are open, as range lists such as `22,80-90`. */
export interface ListenOptions {
  readonly tcp?: string;
  readonly udp?: string;
  /** Both families unless one is named. */
  readonly family?: 4 | 6;
}

/** Opens ports in a namespace and returns when all of them answer. They close with the namespace. */
export async function listen(namespace: Namespace, options: ListenOptions): Promise<void> {
  const tcp = parsePortRanges(options.tcp ?? '');
  const udp = parsePortRanges(options.udp ?? '');
  if (tcp.length + udp.length === 0) return;
  const many = tcp.length > mostSockets;
  if (many) redirect(namespace, options.tcp as string, tcp);
  const plan = { tcp: many ? [redirectedTo(tcp)] : tcp, udp, family: options.family ?? 0 };
  const nofile = plan.tcp.length + udp.length * 2 + 8192;
  await ready(
    `listeners in ${namespace.name}`,
    namespace.spawn([...scriptCommand('listener.ts'), JSON.stringify(plan)], { rlimits: { nofile } }),
  );
}

/** Sixty thousand sockets cost seconds and memory; to a scanner one behind a redirection answers the same. */
function redirect(namespace: Namespace, ranges: string, tcp: readonly number[]): void {
  namespace.nft(
    `table inet listen {\n chain prerouting {\n  type nat hook prerouting priority -100;\n` +
      `  tcp dport { ${ranges} } redirect to :${redirectedTo(tcp)}\n }\n}`,
  );
}

function redirectedTo(tcp: readonly number[]): number {
  return tcp[0] as number;
}

const mostSockets = 4096;
