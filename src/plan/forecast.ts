/**
 * What a plan will cost, before anything is sent: packets, bytes, time, and per target. Pure: it looks at the
 * plan alone, and every number that it had to assume is said in words.
 *
 * What is asked again depends on what is answered, which nobody knows beforehand. So the cost is told for the
 * cases that bound it: every question is answered at once; the targets are up and no port answers; nobody is
 * there. A silent question is asked three times where no loss has been seen (engine/hosts/patience.ts).
 *
 * @module
 */

import { RangeSet } from '../base/range-set.ts';
import { fieldWords, named, spoken, type Words } from '../base/words.ts';
import { isLoopback } from '../model/address.ts';
import type { PortTechniqueName } from '../model/technique-name.ts';
import { techniqueOf } from '../techniques/index.ts';
import { canaryCount, mayDoubt, mostConfirmedPorts } from './check-bounds.ts';
import type { LocalInterface } from './environment.ts';
import { blockAround } from './parse-target.ts';
import type { DiscoveryQuestion, Plan, TargetGroup } from './plan.ts';
import { neighbourSize, probeSize, type Size } from './probe-size.ts';
import { portsAsked, targetsOf } from './read-plan.ts';

/** What one case costs, as the summary of the scan will count it. */
export interface Cost {
  readonly packets: number;
  /** From the IP header on; ARP and neighbour discovery with their link header. */
  readonly bytes: number;
  readonly durationMs: number;
  readonly perTarget: Size;
}

/** What a scan will cost. */
export interface Forecast {
  readonly hosts: number;
  /** Port questions: hosts, ports and techniques multiplied. */
  readonly questions: number;
  /** All targets are up, and the first transmission of every question is answered. */
  readonly allAnswer: Cost;
  /** All targets are up, and no port answers. Absent where no port is asked. */
  readonly noneAnswers?: Cost;
  /** No target answers host discovery. Absent where there is none. */
  readonly nobodyThere?: Cost;
  /** Whether the plan bounds the rate; if not it is found, and the times are estimates. */
  readonly rate: 'bounded' | 'found';
  /** What the figures rest on, one line each. */
  readonly assumptions: readonly string[];
}

/** What is already known of the network; absent fields are assumed. */
export interface NetworkFacts {
  readonly rttMs?: number;
  /** The rate the path bears, in packets per second. */
  readonly ratePps?: number;
  /** This machine's interfaces: targets on their links are found by ARP and neighbour discovery. */
  readonly interfaces?: readonly LocalInterface[];
}

/** What a phase of the scan sends to each host that is up, besides the plan's own questions. */
export interface PhaseCost extends Size {
  /** What the figures rest on, in one line. */
  readonly assumes: string;
}

/** Forecasts the questions of a plan, and what phases send besides. */
export function forecastPlan(
  plan: Plan,
  phases: readonly PhaseCost[],
  facts: NetworkFacts = {},
  words: Words = fieldWords,
): Forecast {
  const { timing, discovery, goal, shard } = plan;
  const groups = plan.groups.map((group) => footprint(group, plan, phases, facts.interfaces ?? []));
  const total = (of: (group: Footprint) => number) => sum(groups.map(of)) / shard.count;
  const hosts = Math.ceil(total((group) => group.hosts));
  const cost = (weights: Weights): Cost => {
    const figure = (unit: keyof Size) => Math.round(total((group) => weighted(group, weights, unit)));
    const [packets, bytes] = [figure('packets'), figure('bytes')];
    const durationMs = hosts === 0 ? 0 : duration(plan, packets, hosts, weights, facts);
    const each = (value: number) => (hosts === 0 ? 0 : Math.round((10 * value) / hosts) / 10);
    return { packets, bytes, durationMs, perTarget: { packets: each(packets), bytes: each(bytes) } };
  };
  const most = 1 + (timing.maxRetries ?? silentRetries);
  const again = plan.sweep ? most : Math.min(most, 1 + silentRetries);
  const isAsked = goal === 'ports';
  const isSought = discovery.length > 0 && goal !== 'list';
  const nothing = { ports: 0, probes: 0, neighbours: 0, phases: 0 };
  const found = { ...nothing, probes: isSought ? 1 : 0, neighbours: isAsked || isSought ? 1 : 0 };
  const besides = phases.length > 0 ? 1 : 0;
  return {
    hosts,
    questions: isAsked ? Math.round(total((group) => group.questions)) : 0,
    allAnswer: cost({ ...found, ports: isAsked ? 1 : 0, phases: besides }),
    ...(isAsked && { noneAnswers: cost({ ...found, ports: again, phases: besides }) }),
    ...(isSought && { nobodyThere: cost({ ...nothing, probes: again, neighbours: again }) }),
    rate: timing.maxRatePps !== null && timing.maxRatePps > 0 ? 'bounded' : 'found',
    assumptions: assumptions(plan, phases, again, facts).map((line) => spoken(line, words)),
  };
}

/** How often each kind of packet of a group is sent. */
interface Weights {
  readonly ports: number;
  readonly probes: number;
  readonly neighbours: number;
  readonly phases: number;
}

/** One transmission of everything a group of targets may be sent. */
interface Footprint extends Readonly<Record<keyof Weights, Size>> {
  readonly hosts: number;
  readonly questions: number;
}

function footprint(
  group: TargetGroup,
  plan: Plan,
  phases: readonly PhaseCost[],
  interfaces: readonly LocalInterface[],
): Footprint {
  const targets = targetsOf(group);
  const all = familySizes(targets);
  const near = plan.engine === 'connect' ? { v4: 0, v6: 0 } : onLink(targets, all, interfaces);
  // Who is on the link is found there, and asked no further probe.
  const far = plan.arpPing ? { v4: all.v4 - near.v4, v6: all.v6 - near.v6 } : all;
  const questions: Size[] = [];
  let count = 0;
  for (const technique of plan.techniques) {
    const asked = portsAsked(group.ports, technique);
    count += asked.length;
    for (const [family, hosts] of [
      [4, all.v4],
      [6, all.v6],
    ] as const)
      if (hosts > 0) questions.push(times(onePass(technique, asked, family, plan), hosts));
  }
  const probes = plan.discovery.flatMap(({ technique, port }: DiscoveryQuestion) => [
    times(probeSize(technique, port, 4, plan), far.v4),
    times(probeSize(technique, port, 6, plan), techniqueOf(technique).onlyFamily === 4 ? 0 : far.v6),
  ]);
  return {
    hosts: all.v4 + all.v6,
    questions: (all.v4 + all.v6) * count,
    ports: added(questions),
    probes: added(probes),
    neighbours: added([times(neighbourSize(4), near.v4), times(neighbourSize(6), near.v6)]),
    phases: times(added(phases), all.v4 + all.v6),
  };
}

/** Every port of one host once. Only UDP says something else to each. */
function onePass(technique: PortTechniqueName, ports: Uint16Array, family: 4 | 6, plan: Plan): Size {
  if (ports.length === 0) return { packets: 0, bytes: 0 };
  return techniqueOf(technique).probe.transport === 'udp'
    ? added(Array.from(ports, (port) => probeSize(technique, port, family, plan)))
    : times(probeSize(technique, ports[0] as number, family, plan), ports.length);
}

function weighted(group: Footprint, weights: Weights, unit: keyof Size): number {
  return kinds.reduce((all, kind) => all + weights[kind] * group[kind][unit], 0);
}

/**
 * The larger of packets over rate and what one host's delays ask for. A silent host shows no round trip, so each
 * transmission is waited for as long as the first; while the rate is the bound those times overlap.
 */
function duration(plan: Plan, packets: number, hosts: number, weights: Weights, facts: NetworkFacts): number {
  const { timing } = plan;
  const { rttMs = assumed.rttMs } = facts;
  const rounds = Math.max(weights.ports, weights.probes, 1);
  const isOnce = timing.maxRetries === 0 && weights.phases + weights.ports === 0;
  const isSilent = rounds > 1 || isOnce;
  const silentPps = plan.sweep ? assumed.sweptPps : Math.min(hosts * assumed.silentPps, assumed.ratePps);
  const pathPps = facts.ratePps ?? (isSilent ? silentPps : assumed.ratePps);
  const top = timing.maxRatePps === 0 ? assumed.machinePps : (timing.maxRatePps ?? Number.POSITIVE_INFINITY);
  const ratePps = Math.min(Math.max(timing.maxRatePps === 0 ? top : pathPps, timing.minRatePps), top);
  const perProbeMs = Math.max(
    timing.scanDelayMs,
    timing.maxParallelism === 0 ? 0 : rttMs / timing.maxParallelism,
  );
  const sendMs = Math.max((1000 * packets) / ratePps, (packets / hosts) * perProbeMs);
  if (!isSilent) return Math.round(sendMs + (weights.probes + weights.ports) * rttMs);
  const waitMs = timing.initialRttTimeoutMs;
  const endMs = plan.sweep ? (plan.cooldownMs ?? waitMs) : waitMs;
  return Math.round(Math.max(sendMs, (rounds - 1) * waitMs + sendMs / rounds) + endMs);
}

function assumptions(
  plan: Plan,
  phases: readonly PhaseCost[],
  again: number,
  { ratePps = assumed.ratePps, rttMs = assumed.rttMs, interfaces }: NetworkFacts,
): readonly string[] {
  const { timing, discovery, goal, engine, shard, sweep } = plan;
  if (goal === 'list')
    return [
      `${named('goal', 'list')} sends nothing to any target; names are looked up unless ${named('reverseNames', 'never')} says otherwise`,
    ];
  const silentPps = sweep
    ? `${assumed.sweptPps} while all is silent`
    : `${assumed.silentPps} to a host that is silent`;
  const lines = [
    sweep
      ? `what stays silent is asked ${again} times; an end without answers is listened to as long as for the first`
      : `what stays silent is asked ${again} times, fewer where the host answers other questions, more where packets get lost`,
    timing.maxRatePps === 0
      ? `no rate control: up to ${assumed.machinePps} packets a second`
      : timing.maxRatePps !== null
        ? `at the rate bound of ${timing.maxRatePps} packets a second, if the path bears it`
        : `the rate is found; the times suppose ${ratePps} packets a second, ${silentPps}`,
    `round trips of ${rttMs} ms`,
  ];
  if (discovery.length > 0 && interfaces !== undefined && engine !== 'connect')
    lines.push('targets on the own links are found by ARP or neighbour discovery, others by probes');
  lines.push(...phases.map(({ assumes }) => assumes));
  if (engine === 'connect')
    lines.push("packets of the kernel's own handshakes are not counted, only the SYN it sends for us");
  if (mayDoubt(plan))
    lines.push(
      `no host says open for every port: one that answers open first is sent up to ${perStage} packets more, one that does so everywhere ${2 * perStage} and ${canaryCount + mostConfirmedPorts} connections besides`,
    );
  if (shard.count > 1) lines.push(`this shard takes 1 of ${shard.count} parts of the hosts`);
  if (timing.hostTimeoutMs > 0) lines.push('no host runs into its time-out');
  return lines;
}

/** How many targets are on a link of this machine, the loopback apart. */
function onLink(targets: RangeSet, all: FamilySizes, interfaces: readonly LocalInterface[]): FamilySizes {
  const blocks = interfaces
    .flatMap(({ addresses }) => addresses)
    .filter(({ address }) => !isLoopback(address))
    .map(({ address, prefix }) => blockAround(address, prefix));
  const rest = familySizes(targets.minus(RangeSet.of(blocks)));
  return { v4: all.v4 - rest.v4, v6: all.v6 - rest.v6 };
}

interface FamilySizes {
  readonly v4: number;
  readonly v6: number;
}

function familySizes(targets: RangeSet): FamilySizes {
  return { v4: targets.v4.size, v6: Number(targets.size) - targets.v4.size };
}

function times({ packets, bytes }: Size, count: number): Size {
  return { packets: packets * count, bytes: bytes * count };
}

function added(sizes: readonly Size[]): Size {
  return { packets: sum(sizes.map(({ packets }) => packets)), bytes: sum(sizes.map(({ bytes }) => bytes)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Each canary is asked at most twice, by SYNs and then by two kinds of closer look. */
const perStage = 2 * canaryCount;
const kinds = ['ports', 'probes', 'neighbours', 'phases'] as const;
/** After the first: with no loss known, three silent transmissions make a miss rarer than one in 10,000. */
const silentRetries = 2;

/** What is assumed where nothing is known. */
const assumed = {
  rttMs: 20,
  /** What a path through a few routers bears without loss. */
  ratePps: 20_000,
  /** The rate at which a host is asked that never answers. */
  silentPps: 2000,
  /** The rate of a sweep that nothing answers. */
  sweptPps: 10_000,
  /** One sender thread on one core: 0.73 million SYN frames a second, measured on a veth pair. */
  machinePps: 700_000,
} as const;
