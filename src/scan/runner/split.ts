/**
 * How a scan is spread over shards.
 *
 * @module
 */

import { availableParallelism } from 'node:os';
import type { Plan } from '../../plan/plan.ts';
import { isSocket } from '../../techniques/index.ts';
import { type Agenda, partOf } from '../shard/agenda.ts';
import type { HostPart, Slice } from '../shard/slice.ts';

/** The slices of a scan, and how many of them speak of the same host. */
export interface Split {
  readonly slices: readonly Slice[];
  /** Run when the others are done, for the hosts they found up: what only sockets can ask. */
  readonly afterwards: readonly Slice[];
  readonly shardsPerHost: number;
}

/**
 * Slices a plan. Sockets cost the kernel more than a thread can do alone, so a large connect scan takes two shards,
 * which share the questions. A scan that wants packets and sockets asks by packets first.
 */
export function splitShards(plan: Plan, agenda: Agenda, hosts: number): Split {
  const techniques = plan.goal === 'ports' ? plan.techniques : [];
  const whole: Slice = { transport: 'packet', hosts: plan.shard, discovers: true, techniques };
  if (plan.engine === 'connect') {
    const bySocket: Slice = { ...whole, transport: 'socket' };
    // UDP stays in one: its hosts limit their answers.
    const slices = techniques.includes('udp') ? [bySocket] : spread(bySocket, plan, agenda, hosts);
    return { slices, afterwards: [], shardsPerHost: slices.length };
  }
  if (!techniques.some(isSocket))
    return { slices: byHosts(whole, plan, agenda, hosts), afterwards: [], shardsPerHost: 1 };
  const byPacket = { ...whole, techniques: techniques.filter((name) => !isSocket(name)) };
  const bySocket: Slice = {
    ...whole,
    transport: 'socket',
    discovers: false,
    techniques: techniques.filter(isSocket),
  };
  const afterwards = spread(bySocket, plan, agenda, hosts);
  return { slices: [byPacket], afterwards, shardsPerHost: 1 + afterwards.length };
}

/** One shard, or two that share the hosts of a large scan; each finds the pace of its own hosts. */
function byHosts(slice: Slice, plan: Plan, agenda: Agenda, hosts: number): readonly Slice[] {
  const questions = agenda.ports?.portOf.length ?? 0;
  const isLarge = hosts >= fewestHosts && hosts * questions >= worthTwoByPacket;
  if (!isLarge || isBounded(plan) || plan.timing.maxRatePps === 0 || availableParallelism() < 2)
    return [slice];
  const parts = plan.sweep ? halvesOf(slice.hosts) : partsOf(slice.hosts, hosts, questions);
  return parts.map((part) => ({ ...slice, hosts: part }));
}

/** The hosts of a slice for two shards: more for the first, which begins earlier. */
function partsOf(part: HostPart, hosts: number, questions: number): readonly HostPart[] {
  const first = Math.ceil((hosts + aheadByPacket / questions) / 2);
  return [
    { ...part, to: first },
    { ...part, from: first },
  ];
}

/** Two halves of a slice. A sweep is long, and its order knows no parts. */
function halvesOf({ index, count }: HostPart): readonly HostPart[] {
  return [
    { index, count: 2 * count },
    { index: index + count, count: 2 * count },
  ];
}

/** One shard, or two that share the questions of a scan that is worth it. */
function spread(slice: Slice, plan: Plan, agenda: Agenda, hosts: number): readonly Slice[] {
  const { ports, groups } = partOf(agenda, slice);
  const questions = Math.max(0, ...groups.map(({ some }) => (some ?? ports?.portOf)?.length ?? 0));
  const isLarge = hosts * questions >= worthTwo && questions > 1 && availableParallelism() > 1;
  if (ports === undefined || !isLarge || isBounded(plan)) return [slice];
  const share = Math.min(1, (questions + aheadBySocket) / 2 / questions);
  return [true, false].map((isFirst) => ({ ...slice, part: { share, isFirst } }));
}

/** Whether a bound holds for the whole scan, which two shards would have to keep between them. */
function isBounded({ timing: { maxRatePps, maxParallelism } }: Plan): boolean {
  return (maxRatePps !== null && maxRatePps > 0) || maxParallelism === 1;
}

/** Questions below which a second shard costs more than it brings: a thread's start takes about 30 ms. */
const worthTwo = 16_384;
const worthTwoByPacket = 65_536;
const fewestHosts = 16;
/** What the first shard asks alone until the second is there, on the machine of bench/RESULTS.md. */
const aheadBySocket = 4000;
const aheadByPacket = 10_000;
