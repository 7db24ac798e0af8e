/**
 * What a plan will cost, before anything is sent: packets, bytes, time, and per target. Pure: it looks at the
 * plan alone, and every number that it had to assume is said in words.
 *
 * The model. Host discovery sends each of its probes to every target once, and again where nothing came. A
 * port question takes one packet where it is answered and every attempt where nothing comes. The least is
 * every answer at once, the most is silence everywhere; between them, what a network of live hosts makes
 * likely. Time is the larger of packets over rate and the waits of one host, plus the last round trips.
 *
 * @module
 */

import { fromKey, type RangeSet } from '../base/range-set.ts';
import { type HostTechniqueName, type PortTechniqueName, techniqueOf } from '../techniques/index.ts';
import { canaryCount, fewestDoubtedPorts, mostConfirmedPorts } from './doubt-bounds.ts';
import type { Plan, PortSelection } from './plan.ts';

/** A figure with its bounds. */
export interface Span {
  readonly min: number;
  readonly expected: number;
  readonly max: number;
}

/** What a scan will cost. */
export interface Forecast {
  readonly hosts: number;
  /** Port questions: hosts, ports and techniques multiplied. */
  readonly questions: number;
  readonly packets: Span;
  /** With link headers, as they leave. */
  readonly bytes: Span;
  readonly durationMs: Span;
  readonly perTarget: { readonly packets: Span; readonly bytes: Span };
  /** What the figures rest on, one line each. */
  readonly assumptions: readonly string[];
}

/** What is already known of the network; absent fields are assumed. */
export interface NetworkFacts {
  readonly rttMs?: number;
  /** The rate the path bears, in packets per second. */
  readonly ratePps?: number;
  /** The share of port questions that nothing answers. */
  readonly silentShare?: number;
  /** The share of packets that get lost on the way there or back. */
  readonly lossShare?: number;
}

/** Forecasts a plan. */
export function forecast(plan: Plan, facts: NetworkFacts = {}): Forecast {
  const { rttMs = assumed.rttMs, silentShare = assumed.silentShare, lossShare = assumed.lossShare } = facts;
  const sizes = plan.groups.map((group) => ({ ...familySizes(group.targets), ports: group.ports }));
  const share = 1 / plan.shard.count;
  const hosts = Math.ceil(sum(sizes.map(({ v4, v6 }) => v4 + v6)) * share);
  const attempts = 1 + (plan.timing.maxRetries ?? assumed.retries);
  const mostAttempts = 1 + (plan.timing.maxRetries ?? assumed.mostRetries);
  // One answered question: asked once, and again for each time it or its answer was lost.
  const answered = Math.min(1 / (1 - lossShare), attempts);
  const likely = answered * (1 - silentShare) + attempts * silentShare;

  let questions = 0;
  let questionPackets = 0;
  let questionBytes = 0;
  for (const { v4, v6, ports } of sizes) {
    for (const technique of plan.techniques) {
      const count = portsOf(ports, technique).length * share;
      questions += (v4 + v6) * count;
      const [four, six] = [framesOf(technique, 4, plan), framesOf(technique, 6, plan)];
      questionPackets += count * (v4 * four.count + v6 * six.count);
      questionBytes += count * (v4 * four.bytes + v6 * six.bytes);
    }
  }
  let probes = 0;
  let probeBytes = 0;
  for (const { technique } of plan.discovery) {
    for (const { v4, v6 } of sizes) {
      const six = technique === 'ping-timestamp' || technique === 'ping-mask' ? 0 : v6;
      const [fours, sixes] = [framesOf(technique, 4, plan), framesOf(technique, 6, plan)];
      probes += (v4 * fours.count + six * sixes.count) * share;
      probeBytes += share * (v4 * fours.bytes + six * sixes.bytes);
    }
  }
  const cost = (question: number, probe: number) => ({
    packets: Math.round(questionPackets * question + probes * probe),
    bytes: Math.round(questionBytes * question + probeBytes * probe),
  });
  const least = cost(plan.discovery.length > 0 ? 0 : 1, 1);
  const middle = cost(likely, 1);
  const most = cost(mostAttempts, mostAttempts);
  const packets = { min: least.packets, expected: middle.packets, max: most.packets };
  const bytes = { min: least.bytes, expected: middle.bytes, max: most.bytes };
  return {
    hosts,
    questions: Math.round(questions),
    packets,
    bytes,
    durationMs: durations(plan, packets, hosts, mostAttempts, rttMs, facts.ratePps),
    perTarget: { packets: perHost(packets, hosts), bytes: perHost(bytes, hosts) },
    assumptions: assumptions(plan, rttMs, silentShare, lossShare, attempts, facts.ratePps),
  };
}

function durations(
  { timing, discovery, goal }: Plan,
  packets: Span,
  hosts: number,
  attempts: number,
  rttMs: number,
  ratePps: number | undefined,
): Span {
  if (goal === 'list' || hosts === 0) return { min: 0, expected: 0, max: 0 };
  const bounded = (pps: number) => {
    const top = timing.maxRatePps === 0 ? assumed.machinePps : timing.maxRatePps;
    return Math.min(Math.max(pps, timing.minRatePps), top);
  };
  // One host's own pace: a delay between probes, or so many outstanding for a round trip.
  const perProbeMs = Math.max(timing.scanDelayMs, rttMs / timing.maxParallelism);
  const phases = discovery.length > 0 && goal === 'ports' ? 2 : 1;
  const time = (count: number, pps: number, waitMs: number) =>
    Math.round(Math.max((count / bounded(pps)) * 1000, (count / hosts) * perProbeMs) + phases * waitMs);
  const silenceMs = sum(
    Array.from({ length: attempts }, (_, i) =>
      Math.min(timing.initialRttTimeoutMs * 2 ** i, timing.maxRttTimeoutMs),
    ),
  );
  const expected = ratePps ?? assumed.ratePps;
  return {
    min: time(packets.min, ratePps ?? assumed.machinePps, rttMs),
    expected: time(packets.expected, expected, rttMs + timing.minRttTimeoutMs),
    max: time(packets.max, ratePps ?? assumed.slowPps, silenceMs),
  };
}

function assumptions(
  plan: Plan,
  rttMs: number,
  silentShare: number,
  lossShare: number,
  attempts: number,
  ratePps: number | undefined,
): readonly string[] {
  const { timing, discovery, goal, engine, shard } = plan;
  if (goal === 'list')
    return ['-sL sends nothing to any target; names are looked up unless -n says otherwise'];
  const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
  const rate =
    timing.maxRatePps === 0
      ? `no rate control: up to ${assumed.machinePps} packets a second`
      : `the path bears ${ratePps ?? assumed.ratePps} packets a second${ratePps === undefined ? `, at worst ${assumed.slowPps}` : ''}`;
  const lines = [
    `round trips of ${rttMs} ms`,
    rate,
    `${percent(silentShare)} of the ports stay silent and are asked ${attempts} times; ${percent(lossShare)} of the packets get lost`,
  ];
  if (discovery.length > 0)
    lines.push('all targets are up, the least: none; each answers its first discovery probe');
  if (engine === 'connect')
    lines.push("packets of the kernel's own handshakes are not counted, only the SYN it sends for us");
  if (mayDoubt(plan))
    lines.push(
      `no host says open for every port: one that answers open first is sent up to ${perStage} packets more, one that does so everywhere ${2 * perStage} and ${canaryCount + mostConfirmedPorts} connections besides`,
    );
  if (shard.count > 1) lines.push(`this shard takes 1 of ${shard.count} parts of the hosts`);
  if (Number.isFinite(timing.hostTimeoutMs)) lines.push('no host runs into its time-out');
  return lines;
}

/** Whether a host that says open for every port would be looked at more closely. */
function mayDoubt({ goal, groups, techniques, scanFlags, proxies }: Plan): boolean {
  const isAsked = techniques.includes('syn') || techniques.includes('connect');
  const isMany = groups.some(({ ports }) => ports.tcp.length >= fewestDoubtedPorts);
  return goal === 'ports' && isAsked && isMany && scanFlags === undefined && proxies.length === 0;
}

/** The frames one probe becomes, and their bytes: decoys and fragments are frames of their own. */
function framesOf(
  name: PortTechniqueName | HostTechniqueName,
  family: 4 | 6,
  plan: Plan,
): { readonly count: number; readonly bytes: number } {
  const { transport } = techniqueOf(name).probe;
  const whole = frameBytes(name, family, plan);
  if (transport === 'socket' || transport === 'link') return { count: 1, bytes: whole };
  const { decoys, fragmentBytes, ipOptions } = plan.packet;
  const sources =
    decoys?.filter((decoy) => decoy.includes(':') === (family === 6) || decoy === 'ME').length ?? 1;
  const ip = family === 4 ? 20 + (ipOptions?.length ?? 0) : 40;
  const payload = whole - ethernetBytes - ip;
  const parts = fragmentBytes === undefined ? 1 : Math.max(1, Math.ceil(payload / fragmentBytes));
  const header = ethernetBytes + ip + (family === 6 && parts > 1 ? 8 : 0);
  return { count: sources * parts, bytes: sources * (parts * header + payload) };
}

/** How many bytes one probe is on an Ethernet link; frames below 60 bytes are filled up by the card. */
function frameBytes(name: PortTechniqueName | HostTechniqueName, family: 4 | 6, { packet }: Plan): number {
  const { probe } = techniqueOf(name);
  const ip = family === 4 ? 20 + Math.ceil((packet.ipOptions?.length ?? 0) / 4) * 4 : 40;
  const data = packet.data?.length ?? packet.dataLength ?? 0;
  switch (probe.transport) {
    case 'tcp':
      return ethernetBytes + ip + 20 + (probe.flags.includes('S') ? synOptionBytes : 0) + data;
    case 'socket':
      return ethernetBytes + ip + 20 + synOptionBytes;
    case 'udp':
      return ethernetBytes + ip + 8 + Math.max(data, assumed.udpPayloadBytes);
    case 'sctp':
      return ethernetBytes + ip + 12 + 20;
    case 'icmp':
      return ethernetBytes + ip + (probe.message === 'echo' ? 8 : probe.message === 'mask' ? 12 : 20) + data;
    case 'ip':
      return ethernetBytes + ip + 8 + data;
    case 'link':
      return family === 4 ? ethernetBytes + 28 : ethernetBytes + 40 + 32;
  }
}

function familySizes(targets: RangeSet): { readonly v4: number; readonly v6: number } {
  let v4 = 0n;
  let v6 = 0n;
  for (const { first, last } of targets.ranges) {
    if (fromKey(first).family === 4) v4 += last - first + 1n;
    else v6 += last - first + 1n;
  }
  return { v4: Number(v4), v6: Number(v6) };
}

function portsOf(ports: PortSelection, name: PortTechniqueName): Uint16Array {
  return ports[techniqueOf(name).about as keyof PortSelection];
}

function perHost({ min, expected, max }: Span, hosts: number): Span {
  const each = (value: number) => (hosts === 0 ? 0 : Math.round((value / hosts) * 10) / 10);
  return { min: each(min), expected: each(expected), max: each(max) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Each canary is asked at most twice, by SYNs and then by two kinds of closer look. */
const perStage = 2 * canaryCount;
const ethernetBytes = 14;
/** MSS, SACK permitted, timestamps, window scale, as common systems send them. */
const synOptionBytes = 20;

/** What is assumed where nothing is known. */
const assumed = {
  rttMs: 20,
  /** What a path through a few routers bears without loss. */
  ratePps: 20_000,
  slowPps: 1000,
  /** One sender thread on one core: 0.73 million SYN frames a second, measured on a veth pair. */
  machinePps: 700_000,
  silentShare: 0.05,
  lossShare: 0.005,
  /** Attempts after the first at a silent port, where loss does not ask for more; and where it does. */
  retries: 2,
  mostRetries: 7,
  udpPayloadBytes: 20,
} as const;
