/**
 * How a scan is spread over workers.
 *
 * @module
 */

import { availableParallelism } from 'node:os';
import { freePortBlock } from '../../system/limits.ts';
import type { QuestionList, ShardConfig } from '../shard/config.ts';

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
  const { ports, slice, variant, only } = config;
  const questions = ports?.portOf.length ?? 0;
  const isLarge = hosts >= fewestHosts && hosts * questions >= worthTwoByPacket;
  const { maxPps, minPps } = config.limits.linkRate;
  const isFree = maxPps === Number.POSITIVE_INFINITY && minPps < maxPps && only === undefined;
  if (!isLarge || !isFree || availableParallelism() < 2 || config.limits.maxParallelism < 2) return [config];
  const portBlock = freePortBlock(config.portBlockSize, config.portBlock);
  const [first, second] = config.sweep === undefined ? partsOf(slice, hosts, questions) : halvesOf(slice);
  return [
    { ...config, slice: first },
    {
      ...config,
      slice: second,
      // Answers find their shard by the port they are addressed to.
      portBlock,
      variant: { ...variant, portBlock },
    },
  ];
}

/** The hosts of a slice for two workers: more for the first, which begins earlier. */
function partsOf(slice: Slice, hosts: number, questions: number): readonly [Slice, Slice] {
  const first = Math.ceil((hosts + aheadByPacket / questions) / 2);
  return [
    { ...slice, to: first },
    { ...slice, from: first },
  ];
}

/** Two halves of a slice. A sweep is long, and its order knows no parts. */
function halvesOf({ index, count }: Slice): readonly [Slice, Slice] {
  return [
    { index, count: 2 * count },
    { index: index + count, count: 2 * count },
  ];
}

/** One worker, or two that share the questions of a scan that is worth it. */
function spread(config: ShardConfig, hosts: number): readonly ShardConfig[] {
  const { ports, groups, limits } = config;
  const questions = Math.max(0, ...groups.map(({ some }) => (some ?? ports?.portOf)?.length ?? 0));
  const isLarge = hosts * questions >= worthTwo && questions > 1 && availableParallelism() > 1;
  const isBounded = limits.maxParallelism < 2 || limits.linkRate.maxPps < Number.POSITIVE_INFINITY;
  if (ports === undefined || !isLarge || isBounded) return [config];
  const first = Math.min(1, (questions + aheadBySocket) / 2 / questions);
  return [true, false].map((isFirst) => ({
    ...config,
    groups: groups.map((group) => ({
      ...group,
      some: partOf(group.some, ports.portOf.length, first, isFirst),
    })),
  }));
}

/** The first part of some questions, of all `count` where `some` is absent, or the rest of them: evenly mixed. */
function partOf(some: Uint32Array | undefined, count: number, share: number, isFirst: boolean): Uint32Array {
  const { length } = some ?? { length: count };
  const inFirst = Math.ceil(length * share);
  const part = new Uint32Array(isFirst ? inFirst : length - inFirst);
  let next = 0;
  for (let i = 0; i < length; i++) {
    if ((i * inFirst) % length < inFirst === isFirst)
      part[next++] = some === undefined ? i : (some[i] as number);
  }
  return part;
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

type Slice = ShardConfig['slice'];

/** Questions below which a second worker costs more than it brings: its start takes about 30 ms. */
const worthTwo = 16_384;
const worthTwoByPacket = 65_536;
const fewestHosts = 16;
/** What the first worker asks alone until the second is there, on the machine of bench/RESULTS.md. */
const aheadBySocket = 4000;
const aheadByPacket = 10_000;
