/**
 * How a scan is spread over workers.
 *
 * @module
 */

import { availableParallelism } from 'node:os';
import { freePortBlock } from '../system/limits.ts';
import type { QuestionList, ShardConfig } from './messages.ts';

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
    // UDP stays in one: its hosts limit their answers.
    const configs = config.ports?.techniques.includes('udp') ? [config] : spread(config, hosts);
    return { configs, afterwards: [], shardsPerHost: configs.length };
  }
  if (!config.ports?.techniques.includes('connect'))
    return { configs: byHosts(config, hosts), afterwards: [], shardsPerHost: 1 };
  const { techniques } = config.ports;
  const isSocket = (question: number, { techniqueOf }: QuestionList) =>
    techniques[techniqueOf[question] as number] === 'connect';
  const byPacket = asking(config, (question, list) => !isSocket(question, list));
  const bySocket = asking({ ...config, discovery: undefined, transport: 'socket' }, isSocket);
  const afterwards = spread(bySocket, hosts);
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

/** One worker, or two that share the questions of a scan that is worth it. */
function spread(config: ShardConfig, hosts: number): readonly ShardConfig[] {
  const { ports, groups, limits } = config;
  const questions = Math.max(0, ...groups.map(({ some }) => (some ?? ports?.portOf)?.length ?? 0));
  const isLarge = hosts * questions >= worthTwo && questions > 1 && availableParallelism() > 1;
  const isBounded = limits.maxParallelism < 2 || limits.linkRate.maxPps < Number.POSITIVE_INFINITY;
  if (ports === undefined || !isLarge || isBounded) return [config];
  return [0, 1].map((half) => ({
    ...config,
    groups: groups.map((group) => ({ ...group, some: everySecond(group.some, half, ports.portOf.length) })),
  }));
}

/** Every second of some questions, from the one at `first`; of all `count` where `some` is absent. */
function everySecond(some: Uint32Array | undefined, first: number, count: number): Uint32Array {
  const { length } = some ?? { length: count };
  const half = new Uint32Array((length - first + 1) >> 1);
  for (let i = 0; i < half.length; i++) {
    const at = first + 2 * i;
    half[i] = some === undefined ? at : (some[at] as number);
  }
  return half;
}

/** The same scan with only some questions; without any it only discovers hosts. */
function asking(
  config: ShardConfig,
  isAsked: (question: number, list: QuestionList) => boolean,
): ShardConfig {
  const { ports } = config;
  if (ports === undefined) return config;
  let most = 0;
  const groups = config.groups.map((group) => {
    const { length } = group.some ?? ports.portOf;
    const some = new Uint32Array(length);
    let count = 0;
    for (let i = 0; i < length; i++) {
      const question = group.some === undefined ? i : (group.some[i] as number);
      if (isAsked(question, ports)) some[count++] = question;
    }
    most = Math.max(most, count);
    return count === length ? group : { ...group, some: some.slice(0, count) };
  });
  return most === 0 ? { ...config, ports: undefined } : { ...config, groups };
}

/** Questions below which a second worker costs more than it brings: its start takes about 30 ms. */
const worthTwo = 16_384;
const worthTwoByPacket = 65_536;
const fewestHosts = 16;
