/**
 * The dial of a shard, from its configuration.
 *
 * @module
 */

import { keyOf } from '../../base/range-set.ts';
import type { DialOptions } from '../../dial/contract.ts';
import type { AttemptKind, Dial } from '../../dial/dial.ts';
import type { Ear } from '../../dial/ear.ts';
import { EpollEar } from '../../dial/epoll-ear.ts';
import { NodeEar } from '../../dial/node-ear.ts';
import { openDial } from '../../dial/open-dial.ts';
import { monotonicUs } from '../../link/link.ts';
import { addressBytes } from '../../model/address.ts';
import { parseAddress } from '../../model/parse-address.ts';
import type { HostTechniqueName, PortTechniqueName } from '../../model/technique-name.ts';
import { hasLibc } from '../../system/ffi.ts';
import { techniqueOf } from '../../techniques/index.ts';
import type { ShardConfig } from './config.ts';
import { payloadsFor } from './udp-payloads.ts';

/** The dial of a shard that asks by sockets; `complain` hears what proxies do not do. */
export function openShardDial(config: ShardConfig, complain: (message: string) => void): Dial {
  const asked = [...(config.discovery?.techniques ?? []), ...askedTechniques(config)];
  return open(config, new Set(asked.flatMap(kindOf)), complain);
}

/** An ear that comes from where the scan comes from; undefined where it cannot. */
export function openEar(config: ShardConfig): Ear | undefined {
  if (!config.mayConnect) return undefined;
  const options = originOf(config);
  if (!hasLibc) return options.interfaceName === undefined ? new NodeEar(options) : undefined;
  try {
    return new EpollEar(options);
  } catch {
    // The probes pretend to come from somewhere else (-S): a connection cannot.
    return undefined;
  }
}

function open(
  config: ShardConfig,
  kinds: ReadonlySet<AttemptKind>,
  complain: (message: string) => void,
): Dial {
  const { linkRate, hostRate, scanDelayUs, maxParallelism } = config.limits;
  const { allowed } = config;
  return openDial({
    origin: originOf(config),
    kinds,
    payloadsFor,
    proxies: config.proxies,
    clock: monotonicUs,
    complain,
    mostOpen: Math.min(mostOpen, maxParallelism),
    intervalUs: Math.max(1e6 / Math.min(linkRate.maxPps, hostRate.maxPps), scanDelayUs),
    isAllowed: ({ family, value }) => allowed.has(keyOf(family, value)),
  });
}

function originOf({ variant, sourceAddress, interfaceName }: ShardConfig): DialOptions {
  const source = sourceAddress === undefined ? undefined : parseAddress(sourceAddress);
  return {
    ...(variant.sourcePort >= 0 && { sourcePort: variant.sourcePort }),
    ...(source !== undefined && { sourceAddress: addressBytes(source) }),
    ...(interfaceName !== undefined && { interfaceName }),
  };
}

/** The port techniques of the questions this shard asks; others of the scan may be asked by packets. */
function askedTechniques({ ports, groups }: ShardConfig): readonly string[] {
  if (ports === undefined) return [];
  if (groups.some(({ some }) => some === undefined)) return ports.techniques;
  const numbers = new Set<number>();
  for (const { some = [] } of groups) for (const q of some) numbers.add(ports.techniqueOf[q] as number);
  return [...numbers].map((number) => ports.techniques[number] as string);
}

function kindOf(name: string): readonly AttemptKind[] {
  const { transport } = techniqueOf(name as PortTechniqueName | HostTechniqueName).probe;
  return transport === 'socket' ? ['connection'] : transport === 'udp' ? ['datagram'] : [];
}

/** Dialogues of one shard at once. */
const mostOpen = 128;
