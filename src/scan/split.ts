/**
 * How a scan is spread over workers.
 *
 * @module
 */

import { availableParallelism } from 'node:os';
import { freePortBlock } from '../system/limits.ts';
import type { ShardConfig } from './messages.ts';

/** The workers of a scan, and how many of them speak of the same host. */
export interface Split {
  readonly configs: readonly ShardConfig[];
  /** Started when the others are done, for the hosts they found up: what only sockets can ask. */
  readonly afterwards: readonly ShardConfig[];
  readonly shardsPerHost: number;
}

/**
 * Spreads a configuration. Sockets cost the kernel more than a thread can do alone, so a large connect scan
 * takes two, which share the questions. A scan that wants packets and sockets asks by packets first.
 */
export function splitShards(config: ShardConfig, hosts: number): Split {
  if (config.transport === 'socket') {
    const configs = spread(
      config,
      questionsWhere(config, () => true),
      hosts,
    );
    return { configs, afterwards: [], shardsPerHost: configs.length };
  }
  if (!config.ports?.techniques.includes('connect'))
    return { configs: byHosts(config, hosts), afterwards: [], shardsPerHost: 1 };
  const byPacket = asking(
    config,
    questionsWhere(config, (technique) => technique !== 'connect'),
  );
  const afterwards = spread(
    { ...config, discovery: undefined, transport: 'socket' },
    questionsWhere(config, (technique) => technique === 'connect'),
    hosts,
  );
  return { configs: [byPacket], afterwards, shardsPerHost: 1 + afterwards.length };
}

/** One worker, or two that share the hosts of a large scan; each finds the pace of its own hosts. */
function byHosts(config: ShardConfig, hosts: number): readonly ShardConfig[] {
  const { ports, slice, dress, only } = config;
  const isLarge = hosts >= fewestHosts && hosts * (ports?.portOf.length ?? 0) >= worthTwoByPacket;
  const { maxPps, minPps } = config.limits.linkRate;
  const isFree = maxPps === Number.POSITIVE_INFINITY && minPps < maxPps && only === undefined;
  if (!isLarge || !isFree || availableParallelism() < 2 || config.limits.maxParallelism < 2) return [config];
  const portBlock = freePortBlock(config.portBlockSize, config.portBlock);
  return [
    { ...config, slice: { index: slice.index, count: 2 * slice.count } },
    {
      ...config,
      slice: { index: slice.index + slice.count, count: 2 * slice.count },
      // Answers find their shard by the port they are addressed to.
      portBlock,
      dress: { ...dress, portBlock },
    },
  ];
}

/** One worker, or two for a scan that is worth it. UDP stays in one: its hosts limit their answers. */
function spread(config: ShardConfig, questions: Uint32Array, hosts: number): readonly ShardConfig[] {
  const isLarge = hosts * questions.length >= worthTwo && questions.length > 1 && availableParallelism() > 1;
  const isBounded =
    config.limits.maxParallelism < 2 || config.limits.linkRate.maxPps < Number.POSITIVE_INFINITY;
  const { techniques = [], techniqueOf = empty } = config.ports ?? {};
  const asksUdp = questions.some((q) => techniques[techniqueOf[q] as number] === 'udp');
  if (!isLarge || isBounded || asksUdp)
    return [config.ports === undefined ? config : asking(config, questions)];
  return [0, 1].map((half) =>
    asking(
      config,
      questions.filter((_, i) => i % 2 === half),
    ),
  );
}

/** The numbers of the questions whose technique fulfils a condition. */
function questionsWhere({ ports }: ShardConfig, is: (technique: string) => boolean): Uint32Array {
  if (ports === undefined) return new Uint32Array(0);
  const fits = ports.techniques.map(is);
  const { techniqueOf } = ports;
  const numbers = new Uint32Array(techniqueOf.length);
  let count = 0;
  for (let q = 0; q < techniqueOf.length; q++) if (fits[techniqueOf[q] as number]) numbers[count++] = q;
  return numbers.slice(0, count);
}

/** The same scan with only these questions, ascending; without any it only discovers hosts. */
function asking(config: ShardConfig, questions: Uint32Array): ShardConfig {
  if (questions.length === 0) return { ...config, ports: undefined };
  const all = config.ports?.portOf.length ?? 0;
  const wanted = new Uint8Array(all);
  for (const q of questions) wanted[q] = 1;
  const groups = config.groups.map((group) => {
    if (group.some !== undefined) return { ...group, some: group.some.filter((q) => wanted[q] === 1) };
    return questions.length === all ? group : { ...group, some: questions };
  });
  return { ...config, groups };
}

const empty = new Uint8Array(0);
/** Questions below which a second worker costs more than it brings: its start takes about 30 ms. */
const worthTwo = 16_384;
const worthTwoByPacket = 65_536;
const fewestHosts = 16;
