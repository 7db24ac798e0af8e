/**
 * Open ports for a target: many at once, in one process.
 *
 * @module
 */

import { formatPorts, parsePortRanges } from '../../../src/model/ports.ts';
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
  const { family = 0 } = options;
  // An IPv6 socket takes IPv4 as well.
  if (many) {
    // A process may hold only so many sockets.
    const parts = Array.from({ length: Math.ceil(tcp.length / mostPerProcess) }, (_, i) =>
      formatPorts(Uint16Array.from(tcp.slice(i * mostPerProcess, (i + 1) * mostPerProcess))),
    );
    const open = (part: string) =>
      start(namespace, 'many-listener-program.ts', { tcp: part, family: family || 6 }, mostPerProcess);
    await Promise.all(parts.map(open));
  }
  if (many && udp.length === 0) return;
  const plan = { tcp: many ? [] : tcp, udp, family };
  await start(namespace, 'listener.ts', plan, plan.tcp.length + udp.length * 2 + 8192);
}

function start(namespace: Namespace, program: string, plan: unknown, sockets: number): Promise<void> {
  const argv = [...scriptCommand(program), JSON.stringify(plan)];
  const nofile = sockets + 64;
  return ready(`listeners in ${namespace.name}`, namespace.spawn(argv, { rlimits: { nofile } }));
}

/** What Node opens fast. */
const mostSockets = 4096;
const mostPerProcess = 16_384;
