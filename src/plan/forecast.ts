/**
 * What a plan will cost, before anything is sent: packets, bytes, time, and per target. Pure: it looks at the
 * plan alone, and every number that it had to assume is said in words.
 *
 * What is asked again depends on what is answered, which nobody knows beforehand. So the cost is told for the
 * cases that bound it: every question is answered at once; the targets are up and no port answers; nobody is
 * there. How often and how long silent hosts are asked: `silent-course.ts`.
 *
 * @module
 */

import { fieldWords, named, spoken, type Words } from '../base/words.ts';
import { errorWorth } from '../techniques/error-worth.ts';
import { techniqueOf } from '../techniques/index.ts';
import { canaryCount, mayDoubt, mostConfirmedPorts } from './check-bounds.ts';
import type { LocalInterface } from './environment.ts';
import {
  added,
  footprint,
  nextHops,
  noSize,
  type Part,
  partsOf,
  times,
  type Weights,
  weighted,
} from './footprint.ts';
import type { Plan } from './plan.ts';
import type { Size } from './probe-size.ts';
import { portsAsked } from './read-plan.ts';
import { mostSendings, type SilentHost } from './silent-course.ts';
import { startPaceOf } from './start-pace.ts';

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
  /** How long it takes with one host, and how long each further one adds. */
  readonly firstMs?: number;
  readonly eachMs?: number;
  /** The same where ports are silent; absent: no difference. */
  readonly silent?: Omit<PhaseCost, 'assumes' | 'silent'>;
  /** What the figures rest on, in one line. */
  readonly assumes: string;
}

type TalkTime = Pick<PhaseCost, 'firstMs' | 'eachMs'>;

/** Forecasts the questions of a plan, and what phases send besides. */
export function forecastPlan(
  plan: Plan,
  phases: readonly PhaseCost[],
  facts: NetworkFacts = {},
  words: Words = fieldWords,
): Forecast {
  const { timing, discovery, goal, shard } = plan;
  const parts = partsOf(plan, facts.interfaces ?? []);
  const total = (values: readonly number[]) => values.reduce((all, value) => all + value, 0) / shard.count;
  const hosts = Math.ceil(total(parts.map((part) => part.hosts.v4 + part.hosts.v6)));
  const pace = paceOf(plan, hosts, facts);
  const groups = parts.map((part) => footprint(part, plan, phases, pace));
  // Next hops are found by ARP where it is known that there are links with it, and asked again while nobody answers.
  const hopsOf = (some: readonly Part[]) => added(facts.interfaces === undefined ? [] : nextHops(some, plan));
  const cost = (weights: Weights, durationOf: (packets: number) => number, asks: Size = noSize): Cost => {
    const figure = (unit: keyof Size) =>
      Math.round(total(groups.map((group) => weighted(group, weights, unit))) + asks[unit]);
    const [packets, bytes] = [figure('packets'), figure('bytes')];
    const durationMs = hosts === 0 ? 0 : Math.round(durationOf(packets));
    const each = (value: number) => (hosts === 0 ? 0 : Math.round((10 * value) / hosts) / 10);
    return { packets, bytes, durationMs, perTarget: { packets: each(packets), bytes: each(bytes) } };
  };
  const again = mostSendings(plan);
  const isAsked = goal === 'ports';
  const isSought = discovery.length > 0 && goal !== 'list';
  const routed = parts.filter((part) => !part.isNear);
  const nothing = { ports: 0, silent: 0, probes: 0, neighbours: 0, phases: 0, silentPhases: 0 };
  const found = { ...nothing, probes: isSought ? 1 : 0, neighbours: isAsked || isSought ? 1 : 0 };
  const besides = phases.length > 0 ? 1 : 0;
  const all = { ...found, ports: isAsked ? 1 : 0, phases: besides };
  const none = { ...found, silent: 1, silentPhases: besides };
  const nobody = { ...nothing, probes: again, neighbours: again };
  const lasting = (weights: Weights, rounds: number) => (packets: number) =>
    duration(plan, { packets, hosts, rounds, weights }, facts);
  const silentMs = Math.max(0, ...groups.map((group) => group.silentMs));
  const silence = (packets: number) =>
    Math.max(silentMs, (1000 * packets) / (pace.topPps * Math.max(1, hosts)));
  // What is talked with takes its time, whatever the rate.
  const silentPhases = phases.map((phase) => phase.silent ?? phase);
  const talking =
    (costs: readonly TalkTime[], durationOf: (packets: number) => number) => (packets: number) =>
      costs.reduce(
        (all, { firstMs = 0, eachMs = 0 }) => all + firstMs + eachMs * (hosts - 1),
        durationOf(packets),
      );
  return {
    hosts,
    questions: isAsked ? Math.round(total(groups.map(({ questions }) => questions))) : 0,
    allAnswer: cost(all, talking(phases, lasting(all, 1))),
    ...(isAsked && {
      noneAnswers: plan.sweep
        ? cost(none, talking(silentPhases, lasting(none, again)))
        : cost(
            none,
            talking(silentPhases, silence),
            times(hopsOf(parts), (hopAsksPerSecond * silentMs) / 1000),
          ),
    }),
    ...(isSought && { nobodyThere: cost(nobody, lasting(nobody, again), times(hopsOf(routed), again)) }),
    rate: timing.maxRatePps !== null && timing.maxRatePps > 0 ? 'bounded' : 'found',
    assumptions: assumptions(plan, parts, phases, again, facts).map((line) => spoken(line, words)),
  };
}

/** The pace of one host while all of them are asked, and round trips. */
function paceOf(
  plan: Plan,
  hosts: number,
  { ratePps = assumed.ratePps, rttMs = assumed.rttMs }: NetworkFacts,
): Pick<SilentHost, 'ratePps' | 'topPps' | 'leastPps' | 'rttMs'> {
  const { maxRatePps, minRatePps, scanDelayMs, initialRttTimeoutMs, maxParallelism } = plan.timing;
  const { hostPps } = startPaceOf(plan);
  const isUnbounded = maxRatePps === 0;
  const mostPps = isUnbounded
    ? assumed.machinePps
    : Math.min(maxRatePps ?? Number.POSITIVE_INFINITY, Math.max(ratePps, minRatePps));
  const among = (pps: number) => pps / Math.max(1, hosts);
  // Each of those that may be open at once is waited for.
  const gapMs = Math.max(scanDelayMs, maxParallelism === 0 ? 0 : initialRttTimeoutMs / maxParallelism);
  const topPps = Math.min(among(mostPps), 1000 / gapMs);
  return {
    ratePps: isUnbounded ? mostPps : Math.min(Math.max(hostPps, minRatePps), mostPps),
    topPps,
    leastPps: among(isUnbounded ? mostPps : minRatePps),
    rttMs,
  };
}

/**
 * The larger of packets over rate and what one host's delays ask for. A silent host shows no round trip, so each
 * transmission is waited for as long as the first; while the rate is the bound those times overlap.
 */
function duration(plan: Plan, { packets, hosts, rounds, weights }: Asked, facts: NetworkFacts): number {
  const { timing } = plan;
  const { rttMs = assumed.rttMs } = facts;
  const isOnce = timing.maxRetries === 0 && weights.phases + weights.silentPhases + weights.ports === 0;
  const isSilent = rounds > 1 || isOnce;
  const silentPps = plan.sweep
    ? assumed.sweptPps
    : Math.min(hosts * startPaceOf(plan).hostPps, assumed.ratePps);
  const pathPps = facts.ratePps ?? (isSilent ? silentPps : assumed.ratePps);
  const top = timing.maxRatePps === 0 ? assumed.machinePps : (timing.maxRatePps ?? Number.POSITIVE_INFINITY);
  const ratePps = Math.min(Math.max(timing.maxRatePps === 0 ? top : pathPps, timing.minRatePps), top);
  const perProbeMs = Math.max(
    timing.scanDelayMs,
    timing.maxParallelism === 0 ? 0 : rttMs / timing.maxParallelism,
  );
  const sendMs = Math.max((1000 * packets) / ratePps, (packets / hosts) * perProbeMs);
  if (!isSilent) return sendMs + (weights.probes + weights.ports) * rttMs;
  const waitMs = timing.initialRttTimeoutMs;
  const endMs = plan.sweep ? (plan.cooldownMs ?? waitMs) : waitMs;
  return Math.max(sendMs, (rounds - 1) * waitMs + sendMs / rounds) + endMs;
}

/** What is sent in a case: all of it in so many rounds. */
interface Asked {
  readonly packets: number;
  readonly hosts: number;
  readonly rounds: number;
  readonly weights: Weights;
}

function assumptions(
  plan: Plan,
  parts: readonly Part[],
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
    : `${startPaceOf(plan).hostPps} to a host that is silent`;
  const isEchoed = !sweep && parts.some(({ heard }) => heard === 'echo');
  const often = isEchoed
    ? 'twice where echo requests show that nothing is lost'
    : 'fewer where the host answers other questions';
  const lines = [
    sweep
      ? `what stays silent is asked ${again} times; an end without answers is listened to as long as for the first`
      : `what stays silent is asked ${again} times, ${often}, more where packets get lost`,
    timing.maxRatePps === 0
      ? `no rate control: up to ${assumed.machinePps} packets a second`
      : timing.maxRatePps !== null
        ? `at the rate bound of ${timing.maxRatePps} packets a second, if the path bears it`
        : `the rate is found; the times suppose ${ratePps} packets a second, ${silentPps}`,
    `round trips of ${rttMs} ms`,
  ];
  if (isEchoed) lines.push('hosts of which no port answers have answered an echo request');
  const toldByErrors = mostToldByErrors(parts, plan);
  if (toldByErrors > savedUpErrors)
    lines.push(
      `closed ports say so at once: where a host sends one ICMP error a second, as Linux does after ${savedUpErrors}, ${toldByErrors} of them take ${toldByErrors - savedUpErrors} seconds, and are asked again and again meanwhile`,
    );
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

/** The questions to one host that closed ports answer by ICMP errors, at most. */
function mostToldByErrors(parts: readonly Part[], { techniques, goal }: Plan): number {
  const told = techniques.filter((name) => goal === 'ports' && errorWorth(techniqueOf(name)) === 'port');
  return Math.max(
    0,
    ...parts.map(({ group }) => told.reduce((all, name) => all + portsAsked(group.ports, name).length, 0)),
  );
}

/** Each canary is asked at most twice, by SYNs and then by two kinds of closer look. */
const perStage = 2 * canaryCount;
/** Linux saves up six (XRLIM_BURST_FACTOR in net/ipv4/route.c). */
const savedUpErrors = 6;
/** While nobody answers (`src/scan/shard/packet-transport.ts`). */
const hopAsksPerSecond = 4;

/** What is assumed where nothing is known. */
const assumed = {
  rttMs: 20,
  /** What a path through a few routers bears without loss. */
  ratePps: 20_000,
  /** The rate of a sweep that nothing answers. */
  sweptPps: 10_000,
  /** One sender thread on one core: 0.73 million SYN frames a second, measured on a veth pair. */
  machinePps: 700_000,
} as const;
