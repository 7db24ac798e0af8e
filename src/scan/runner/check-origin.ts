/**
 * Whether connections can come from where a plan says, found out before anything is asked.
 *
 * @module
 */

import { checkOrigin, type SocketType } from '../../dial/open-socket.ts';
import { addressBytes, type Family } from '../../model/address.ts';
import { parseAddress } from '../../model/parse-address.ts';
import { families } from '../../plan/fit-packets.ts';
import type { Plan } from '../../plan/plan.ts';
import { allowedOf } from '../../plan/read-plan.ts';
import { hasLibc } from '../../system/ffi.ts';
import { datagramType, streamType } from '../../system/socket-words.ts';
import { isSocket, techniqueOf } from '../../techniques/index.ts';

/** Throws a PortolanError where the kernel's sockets cannot be bound as the plan wants: a port that is in use. */
export function checkPlanOrigin(plan: Plan): void {
  const { packet, proxies, techniques, discovery, engine } = plan;
  const { sourcePort, sourceAddress, interface: interfaceName } = packet;
  // Elsewhere Node binds when it connects.
  if (!hasLibc || proxies.length > 0 || (sourcePort ?? interfaceName) === undefined) return;
  const asked = [...techniques, ...discovery.map(({ technique }) => technique)];
  const source = sourceAddress === undefined ? undefined : parseAddress(sourceAddress);
  const origin = {
    ...(sourcePort !== undefined && { sourcePort }),
    ...(source !== undefined && { sourceAddress: addressBytes(source) }),
    ...(interfaceName !== undefined && { interfaceName }),
  };
  const types = new Set<SocketType>();
  if (asked.some(isSocket)) types.add(streamType);
  const isDatagram = (name: (typeof asked)[number]) => techniqueOf(name).probe.transport === 'udp';
  if (engine === 'connect' && asked.some(isDatagram)) types.add(datagramType);
  const wanted: ReadonlySet<Family> =
    source === undefined ? families(allowedOf(plan)) : new Set([source.family]);
  for (const type of types) for (const family of wanted) checkOrigin(type, origin, family);
}
