/**
 * What a plan means for a shard: its questions, limits in the engine's units, how its packets are dressed.
 *
 * @module
 */

import type { BanManners, Limits } from '../../engine/scheduler-options.ts';
import type { Decoys } from '../../link/decoys.ts';
import { addressBytes, type Family } from '../../model/address.ts';
import { parseAddress } from '../../model/parse-address.ts';
import type { Plan, Timing } from '../../plan/plan.ts';
import { allowedOf, portsOf } from '../../plan/read-plan.ts';
import { asksByPort, startPaceOf } from '../../plan/start-pace.ts';
import { agendaOf, isOfLink, partOf } from './agenda.ts';
import type { ShardConfig } from './config.ts';
import { codeOf } from './mark-codes.ts';
import { portBlockSize, type Resources, type Slice } from './slice.ts';
import { variantsOf } from './variants-of-plan.ts';

/** The configuration of a shard, worked out where it runs: nothing of it travels. */
export function configOf(plan: Plan, slice: Slice, resources: Resources): ShardConfig {
  const agenda = partOf(agendaOf(plan), slice);
  const { packet } = plan;
  const { decoys, spoofMac } = packet;
  const variants = variantsOf(plan, { first: resources.portBlock, size: portBlockSize });
  return {
    ...agenda,
    ...slice.known,
    ...resources,
    transport: slice.transport,
    ...(slice.role !== undefined && { role: slice.role }),
    slice: slice.hosts,
    inOrder: plan.inOrder || (plan.techniques.some(asksByPort) && !plan.sweep),
    seed: plan.seed,
    limits: limitsOf(plan),
    variants,
    ...(decoys !== undefined && { decoys: decoysOf(decoys) }),
    neighboursOnly: plan.discovery.length > 0 && plan.discovery.every(isOfLink),
    ...(spoofMac !== undefined && {
      spoofMac: Uint8Array.from(Buffer.from(spoofMac.replaceAll(':', ''), 'hex')),
    }),
    ignoreResets: plan.ignoreResets,
    arpPing: plan.arpPing,
    ...(plan.sweep && {
      sweep: { ...(plan.cooldownMs !== undefined && { cooldownUs: plan.cooldownMs * 1000 }) },
    }),
    ...(plan.firewall !== undefined && { isThrifty: true }),
    ...(plan.firewall?.budget !== undefined && {
      budget: Math.max(0, plan.firewall.budget - (slice.known?.sentPackets ?? 0)),
    }),
    traceroute: plan.traceroute && slice.role !== 'guest',
    zones: new Map(Object.entries(plan.zones)),
    allowed: allowedOf(plan),
    avoidedPorts: portsOf(plan.excludedPorts, 'tcp'),
    avoidedUdpPorts: portsOf(plan.excludedPorts, 'udp'),
    mayConnect: mayConnect(plan),
    ...(packet.interface !== undefined && { interfaceName: packet.interface }),
    proxies: plan.proxies,
    ...(plan.proxyAddresses !== undefined && { proxyAddresses: plan.proxyAddresses }),
    ...(packet.sourceAddress !== undefined && { sourceAddress: packet.sourceAddress }),
    portBlockSize,
    ...(resources.markBy !== undefined && { mark: { ...resources.markBy, codes: variants.map(codeOf) } }),
    ...(plan.services !== undefined && {
      services: {
        intensity: plan.services.intensity,
        timeoutUs: 1000 * plan.services.timeoutMs,
        names: plan.askedAs,
        keepsTalk: plan.evidence,
      },
    }),
    isRecorded: plan.capture !== undefined,
  };
}

/** Whether a connection of the kernel's own can stand for the probes as they are dressed. */
function mayConnect({ packet, proxies }: Plan): boolean {
  const { decoys, spoofMac, ttl, badChecksum, fragmentBytes, ipOptions } = packet;
  return (
    proxies.length === 0 &&
    [decoys, spoofMac, ttl, fragmentBytes, ipOptions].every((option) => option === undefined) &&
    badChecksum !== true
  );
}

function limitsOf(plan: Plan): Limits {
  const { timing } = plan;
  const us = (ms: number) => ms * 1000;
  const unbounded = timing.maxRatePps === 0;
  const { hostPps, linkPps } = startPaceOf(plan);
  const maxPps = unbounded ? none : (timing.maxRatePps ?? none);
  const minPps = Math.min(timing.minRatePps, maxPps);
  const rate = (startPps: number, ceilingPps: number) => ({
    startPps: unbounded ? maxPps : Math.max(startPps, minPps),
    minPps: unbounded ? maxPps : Math.max(minPps, leastPps),
    maxPps: Math.min(ceilingPps, maxPps),
  });
  return {
    rtt: {
      initialUs: us(timing.initialRttTimeoutMs),
      minUs: us(timing.minRttTimeoutMs),
      maxUs: us(timing.maxRttTimeoutMs),
    },
    hostRate: rate(hostPps, none),
    linkRate: rate(linkPps, none),
    maxAttempts: attemptsOf(timing),
    scanDelayUs: us(timing.scanDelayMs),
    hostTimeoutUs: us(timing.hostTimeoutMs || none),
    maxParallelism: timing.maxParallelism || none,
    blockedWaitUs: us(blockedWaitMs),
    ...(plan.firewall !== undefined && { banManners }),
  };
}

/** How often a question is asked at most. */
export function attemptsOf({ maxRetries }: Timing): number {
  return maxRetries === undefined ? mostAttempts : maxRetries + 1;
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

/** Who looks at filters may well meet one that bans him, and must not lock out whoever sent him. */
const banManners: BanManners = { pausesUs: [5e6, 10e6, 20e6], mostReturns: 2 };
const none = Number.POSITIVE_INFINITY;
const leastPps = 1;
const mostAttempts = 8;
/** A ban that lasts longer than this is reported, not waited for. */
const blockedWaitMs = 3000;
