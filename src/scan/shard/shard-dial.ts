/**
 * The dial of a shard, from its configuration.
 *
 * @module
 */

import { keyOf } from '../../base/range-set.ts';
import type { DialOptions } from '../../dial/contract.ts';
import type { AttemptKind, Dial } from '../../dial/dial.ts';
import { openDial } from '../../dial/open-dial.ts';
import type { Variant } from '../../engine/probes/variant.ts';
import { monotonicUs } from '../../link/link.ts';
import { addressBytes } from '../../model/address.ts';
import { parseAddress } from '../../model/parse-address.ts';
import type { HostTechniqueName, PortTechniqueName } from '../../model/technique-name.ts';
import { techniqueOf } from '../../techniques/index.ts';
import type { ShardConfig } from './config.ts';
import { payloadsFor } from './udp-payloads.ts';

/** Whether some of what a shard asks is asked by connections or, without packets, by datagrams. */
export function asksBySockets(config: ShardConfig): boolean {
  return kindsOf(config).size > 0;
}

/**
 * The dial of a shard; `complain` hears what proxies do not do. Beside packets alone it only holds dialogues, and
 * is undefined where ordinary connections would not be this scan's.
 */
export function openShardDial(config: ShardConfig, complain: (message: string) => void): Dial | undefined {
  const kinds = kindsOf(config);
  if (kinds.size > 0) return open(config, kinds, complain);
  if (!config.mayConnect) return undefined;
  try {
    return open(config, kinds, complain);
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
    ...(config.proxyAddresses !== undefined && { proxyAddresses: config.proxyAddresses }),
    clock: monotonicUs,
    complain,
    sharers: config.shards ?? 1,
    mostOpen: Math.min(mostOpen, maxParallelism),
    mostPps: linkRate.maxPps,
    intervalUs: Math.max(1e6 / hostRate.maxPps, scanDelayUs),
    isAllowed: ({ family, value }) => allowed.has(keyOf(family, value)),
  });
}

function originOf({ variants, sourceAddress, interfaceName, connectPorts }: ShardConfig): DialOptions {
  const source = sourceAddress === undefined ? undefined : parseAddress(sourceAddress);
  const { sourcePort } = variants[0] as Variant;
  return {
    ...(sourcePort >= 0 && { sourcePort }),
    ...(connectPorts !== undefined && { localPorts: connectPorts }),
    ...(source !== undefined && { sourceAddress: addressBytes(source) }),
    ...(interfaceName !== undefined && { interfaceName }),
  };
}

/** The port techniques of the questions this shard asks; others of the scan may be asked by packets. */
function askedTechniques({ ports, groups }: ShardConfig): readonly string[] {
  if (ports === undefined) return [];
  if (groups.some(({ some }) => some === undefined)) return ports.techniques;
  return ports.techniques.filter((_, technique) =>
    groups.some(({ some }) => some?.some((question) => ports.techniqueOf[question] === technique)),
  );
}

function kindsOf(config: ShardConfig): ReadonlySet<AttemptKind> {
  const isByPacket = config.transport === 'packet';
  const asked = [...(isByPacket ? [] : (config.discovery?.techniques ?? [])), ...askedTechniques(config)];
  const transports = asked.map(
    (name) => techniqueOf(name as PortTechniqueName | HostTechniqueName).probe.transport,
  );
  const kinds = new Set<AttemptKind>();
  if (transports.includes('socket')) kinds.add('connection');
  if (transports.includes('udp') && !isByPacket) kinds.add('datagram');
  return kinds;
}

/** Dialogues of one shard at once. */
const mostOpen = 256;
