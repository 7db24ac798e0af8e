/**
 * What a plan means for the shards: questions, limits in the engine's units, one configuration per worker.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import type { Variant } from '../../engine/probes/probe-writer.ts';
import type { Limits } from '../../engine/scheduler-options.ts';
import type { Decoys } from '../../link/decoys.ts';
import { addressBytes, type Family } from '../../model/address.ts';
import { parseAddress } from '../../model/parse-address.ts';
import type { Plan, TargetGroup, Timing } from '../../plan/plan.ts';
import { allowedOf, bytesOf, excludedOf, portsAsked, portsOf, targetsOf } from '../../plan/read-plan.ts';
import { randomWords } from '../../system/entropy.ts';
import type { PortTechniqueName } from '../../techniques/index.ts';
import type { GroupSpec, QuestionList, ShardConfig } from '../shard/config.ts';
import { payloadsFor } from '../shard/udp-payloads.ts';

/** The questions of a plan and who is asked which. */
export interface Agenda {
  readonly ports: QuestionList | undefined;
  readonly discovery: QuestionList | undefined;
  readonly groups: readonly GroupSpec[];
}

/** Lists every question once; groups that ask only some of them say which. */
export function agendaOf(plan: Plan): Agenda {
  const discovery = plan.discovery.length === 0 ? undefined : discoveryList(plan.discovery);
  if (plan.goal !== 'ports') {
    return {
      ports: undefined,
      discovery,
      groups: plan.groups.map((group) => ({ ranges: targetsOf(group).ranges })),
    };
  }
  const ports = portList(plan.techniques, plan.groups);
  const order = orderOf(plan, ports);
  const groups = plan.groups.map((group): GroupSpec => {
    const { ranges } = targetsOf(group);
    if (plan.groups.length === 1) return order === undefined ? { ranges } : { ranges, some: order };
    const sets = plan.techniques.map((name) => new Set(portsAsked(group.ports, name)));
    const all = order ?? Uint32Array.from(ports.portOf, (_, q) => q);
    const some = all.filter((q) => sets[ports.techniqueOf[q] as number]?.has(ports.portOf[q] as number));
    return { ranges, some };
  });
  return { ports, discovery, groups };
}

/** The configuration every worker of a plan shares. */
export function configOf(
  plan: Plan,
  agenda: Agenda,
  control: SharedArrayBuffer,
  portBlock: number,
): ShardConfig {
  const [key0, key1] = randomWords(2) as unknown as [number, number];
  const { packet } = plan;
  const { fragmentBytes, decoys, spoofMac } = packet;
  return {
    transport: plan.engine === 'connect' ? 'socket' : 'packet',
    groups: agenda.groups,
    slice: { index: plan.shard.index, count: plan.shard.count },
    inOrder: plan.inOrder || (plan.techniques.includes('udp') && !plan.sweep),
    seed: plan.seed,
    key: [key0, key1],
    discovery: agenda.discovery,
    ports: agenda.ports,
    limits: limitsOf(plan),
    variant: variantOf(plan, portBlock),
    ...(plan.scanFlags !== undefined && { scanFlags: plan.scanFlags }),
    multiplication: {
      ...(fragmentBytes !== undefined && { fragmentBytes }),
      ...(decoys !== undefined && { decoys: decoysOf(decoys) }),
    },
    neighboursOnly:
      plan.discovery.length > 0 && plan.discovery.every(({ technique }) => technique === 'ping-neighbour'),
    ...(spoofMac !== undefined && {
      spoofMac: Uint8Array.from(Buffer.from(spoofMac.replaceAll(':', ''), 'hex')),
    }),
    ignoreResets: plan.ignoreResets,
    arpPing: plan.arpPing,
    ...(plan.sweep && {
      sweep: { ...(plan.cooldownMs !== undefined && { cooldownUs: plan.cooldownMs * 1000 }) },
    }),
    traceroute: plan.traceroute,
    zones: new Map(Object.entries(plan.zones)),
    allowed: allowedOf(plan).ranges,
    excluded: excludedOf(plan).ranges,
    avoidedPorts: portsOf(plan.excludedPorts, 'tcp'),
    mayConnect: mayConnect(plan),
    ...(packet.interface !== undefined && { interfaceName: packet.interface }),
    proxies: plan.proxies,
    ...(packet.sourceAddress !== undefined && { sourceAddress: packet.sourceAddress }),
    portBlock,
    portBlockSize,
    trace: false,
    ...(plan.capture !== undefined && { capture: plan.capture }),
    control,
    readWord: 1,
  };
}

/** How many source ports a shard's cookies choose from: 12 of the 44 bits a forger has to guess. */
export const portBlockSize = 4096;

/** Whether a connection of the kernel's own can stand for the probes as they are dressed. */
function mayConnect({ packet, proxies }: Plan): boolean {
  const { decoys, spoofMac, ttl, badChecksum, fragmentBytes, ipOptions } = packet;
  return (
    proxies.length === 0 &&
    [decoys, spoofMac, ttl, fragmentBytes, ipOptions].every((variant) => variant === undefined) &&
    badChecksum !== true
  );
}

function limitsOf({ timing, techniques }: Plan): Limits {
  const us = (ms: number) => ms * 1000;
  const unbounded = timing.maxRatePps === 0;
  const pace = paceOf[timing.template];
  const maxPps = unbounded ? none : (timing.maxRatePps ?? none);
  const minPps = Math.min(timing.minRatePps, maxPps);
  const rate = (startPps: number, ceilingPps: number) => ({
    startPps: unbounded ? maxPps : Math.max(startPps, minPps),
    minPps: unbounded ? maxPps : Math.max(minPps, leastPps),
    maxPps: Math.min(ceilingPps, maxPps),
  });
  // Limits on UDP answers are the rule (RFC 1812, 4.3.2.8): a careful start loses nothing.
  const slow = techniques.includes('udp') ? 0.5 : 1;
  return {
    rtt: {
      initialUs: us(timing.initialRttTimeoutMs),
      minUs: us(timing.minRttTimeoutMs),
      maxUs: us(timing.maxRttTimeoutMs),
    },
    hostRate: rate(pace.hostPps * slow, none),
    linkRate: rate(pace.linkPps, none),
    maxAttempts: attemptsOf(timing),
    scanDelayUs: us(timing.scanDelayMs),
    hostTimeoutUs: us(timing.hostTimeoutMs || none),
    maxParallelism: timing.maxParallelism || none,
    blockedWaitUs: us(blockedWaitMs),
  };
}

/** How often a question is asked at most. */
export function attemptsOf({ maxRetries }: Timing): number {
  return maxRetries === undefined ? mostAttempts : maxRetries + 1;
}

function variantOf(plan: Plan, portBlock: number): Variant {
  const { packet } = plan;
  const { data, ipOptions } = bytesOf(packet);
  return {
    ttl: packet.ttl ?? defaultTtl,
    data: data ?? randomData(packet.dataLength ?? 0),
    badChecksum: packet.badChecksum ?? false,
    ipOptions: ipOptions ?? new Uint8Array(0),
    sourcePort: packet.sourcePort ?? -1,
    portBlock,
    portBlockSize,
    mayFragment: packet.fragmentBytes !== undefined,
  };
}

function randomData(length: number): Uint8Array {
  return new Uint8Array(randomWords(Math.ceil(length / 4)).buffer, 0, length);
}

/** The plan's decoys: canonical addresses, and `ME` once. */
function decoysOf(texts: readonly string[]): Decoys {
  const addresses = texts.map((text) => parseAddress(text));
  const of = (family: Family) =>
    addresses
      .filter((address) => address === undefined || address.family === family)
      .map((address) => (address === undefined ? null : addressBytes(address)));
  return { v4: of(4), v6: of(6) };
}

/** Neighbours are asked on the way to every host on the own link; the engine has no probe for that. */
function discoveryList(all: Plan['discovery']): QuestionList {
  const others = all.filter(({ technique }) => technique !== 'ping-neighbour');
  const questions = others.length > 0 ? others : all;
  const techniques = [...new Set(questions.map(({ technique }) => technique))];
  return {
    techniques,
    techniqueOf: Uint8Array.from(questions, ({ technique }) => techniques.indexOf(technique)),
    portOf: Uint16Array.from(questions, ({ port }) => port),
  };
}

function portList(techniques: readonly PortTechniqueName[], groups: readonly TargetGroup[]): QuestionList {
  const lists = techniques.map((technique) => unite(groups.map(({ ports }) => portsAsked(ports, technique))));
  const size = lists.reduce((sum, list) => sum + list.length, 0);
  const techniqueOf = new Uint8Array(size);
  const portOf = new Uint16Array(size);
  let at = 0;
  for (const [index, list] of lists.entries()) {
    techniqueOf.fill(index, at, at + list.length);
    portOf.set(list, at);
    at += list.length;
  }
  return { techniques, techniqueOf, portOf };
}

/**
 * The order of a scan that asks UDP: first the ports whose protocol is known, because closed ports cost time
 * (their hosts limit ICMP) and those are the ones where a service answers. Undefined: no order of its own.
 */
function orderOf({ techniques, inOrder, seed }: Plan, ports: QuestionList): Uint32Array | undefined {
  if (inOrder || !techniques.includes('udp')) return undefined;
  const permutation = new Permutation(ports.portOf.length, seed);
  const shuffled = Uint32Array.from(ports.portOf, (_, index) => permutation.at(index));
  const isKnown = (q: number) =>
    ports.techniques[ports.techniqueOf[q] as number] === 'udp' &&
    payloadsFor(ports.portOf[q] as number).length > 0;
  return Uint32Array.from([...shuffled.filter(isKnown), ...shuffled.filter((q) => !isKnown(q))]);
}

function unite(lists: readonly Uint16Array[]): Uint16Array {
  const [only] = lists;
  if (lists.length === 1 && only !== undefined) return only;
  return Uint16Array.from(new Set(lists.flatMap((list) => [...list]))).sort();
}

/** Rates before anything is known of a path, by template: a silent host is asked at this pace throughout. */
const paceOf = {
  paranoid: { hostPps: 1, linkPps: 1 },
  sneaky: { hostPps: 1, linkPps: 1 },
  polite: { hostPps: 3, linkPps: 100 },
  normal: { hostPps: 2000, linkPps: 10_000 },
  aggressive: { hostPps: 4000, linkPps: 20_000 },
  insane: { hostPps: 10_000, linkPps: 50_000 },
} as const;

const none = Number.POSITIVE_INFINITY;
const leastPps = 1;
const mostAttempts = 8;
const defaultTtl = 64;
/** A ban that lasts longer than this is reported, not waited for. */
const blockedWaitMs = 3000;
