/**
 * The transports of a shard and what each asks: a phase on a transport is a lane.
 *
 * @module
 */

import type { Dial } from '../../dial/dial.ts';
import type { ListPhase, PhaseOptions } from '../../engine/engine-options.ts';
import type { Questions } from '../../engine/questions/questions.ts';
import type { Scheduler } from '../../engine/scheduler.ts';
import type { Limits } from '../../engine/scheduler-options.ts';
import { mostAttempts } from '../../firewall/cost.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import { isSocket } from '../../techniques/index.ts';
import { listPhase } from '../phases/list-phase.ts';
import type { Phase, Screen } from '../phases/phase.ts';
import type { SynAck } from '../phases/responder-check/host-check.ts';
import type { Pretence } from '../phases/responder-check/judgement.ts';
import { withAskedBefore } from './asked-before.ts';
import { DialogueTransport } from './dialogue-transport.ts';
import { type AgendaOf, discoveryAgenda, portsAgenda } from './host-agendas.ts';
import type { Lane } from './host-flow.ts';
import type { HostSpace } from './host-source.ts';
import type { KnownHosts } from './known-hosts.ts';
import { slotsPerHost } from './own-phases.ts';
import { PacketTransport } from './packet-transport.ts';
import { asksBySockets } from './shard-dial.ts';
import { SocketTransport } from './socket-transport.ts';
import type { HostEvents, HostTransport, TransportContext } from './transport.ts';
import { warnOnce } from './warn-once.ts';

/** A lane of an engine of this shard. */
export interface AskedLane extends Lane {
  readonly questions: Questions;
}

/** A lane on which ports are asked. */
export interface PortLane extends AskedLane {
  /** Look at what is said of ports before it is told. */
  readonly screen: Screen | undefined;
  /** The SYN+ACK that was heard last, where packets are seen. */
  readonly synAck?: () => SynAck;
}

/** What a shard asks by. */
export interface Lanes {
  /** The first finds the ways to hosts. */
  readonly transports: readonly HostTransport[];
  readonly packets: PacketTransport | undefined;
  /** Keeps dialogues going where no other transport does. */
  readonly dialogues: DialogueTransport | undefined;
  readonly dial: Dial | undefined;
  readonly discovery: AskedLane | undefined;
  readonly ports: readonly PortLane[];
  /** The phase of the packets whose hosts have questions of their own; -1: there is none. */
  readonly ownPhase: number;
}

/** The lanes of one transport, whose numbers of phases mean nothing to another. */
export interface AskedLanes {
  readonly laneOf: (phase: number) => AskedLane | undefined;
  /** See {@link Lanes.ownPhase}. */
  readonly ownPhase: number;
  readonly isByPacket: boolean;
}

/** What lanes are made with. */
export interface LaneTools {
  readonly context: TransportContext;
  /** The phases of the plan. */
  readonly phases: readonly Phase[];
  readonly space: HostSpace;
  readonly known: KnownHosts;
  /** Hosts that this shard asks, at most. */
  readonly hosts: number;
  /** Hosts known to say open for ports that hold no service; those that are found join them. */
  readonly pretenders: Map<number, Pretence>;
  /** Who is told of the hosts on the lanes of a transport. */
  readonly eventsOf: (asked: AskedLanes) => HostEvents;
}

/** Opens what a configuration asks by: packets, sockets or both. */
export function makeLanes(tools: LaneTools): Lanes {
  const { config } = tools.context;
  const isByPacket = config.transport === 'packet';
  const kinds = isByPacket && config.ports?.techniques.some(isConnection) ? [true, false] : [isByPacket];
  const dial = openDial(tools, isByPacket);
  const made = kinds.map((byPacket, i) => makeTransport(tools, dial, byPacket, i === 0, kinds.length > 1));
  return {
    dial,
    dialogues: dial && kinds.every((byPacket) => byPacket) ? new DialogueTransport(dial) : undefined,
    transports: made.map(({ transport }) => transport),
    packets: made.map(({ transport }) => transport).find((transport) => transport instanceof PacketTransport),
    discovery: made[0]?.discovery,
    ports: made.flatMap(({ ports }) => ports ?? []),
    ownPhase: made[0]?.ownPhase ?? -1,
  };
}

/** The dial of all transports and phases; undefined where nobody needs one. */
function openDial({ context, phases }: LaneTools, isByPacket: boolean): Dial | undefined {
  const { config, machine, reporter } = context;
  const isWanted = phases.some(({ screen, talk }) => screen !== undefined || talk !== undefined);
  if (!isWanted && isByPacket && !asksBySockets(config)) return undefined;
  return machine.openDial(config, warnOnce(reporter));
}

/** A transport with its lanes. */
interface Made {
  readonly transport: HostTransport;
  readonly discovery: AskedLane | undefined;
  readonly ports: PortLane | undefined;
  readonly ownPhase: number;
}

/** The first transport looks for hosts; where there are two, each asks the questions of its own kind. */
function makeTransport(
  tools: LaneTools,
  dial: Dial | undefined,
  byPacket: boolean,
  isFirst: boolean,
  isShared: boolean,
): Made {
  const { context, phases, eventsOf } = tools;
  const lists = listsOf(tools, byPacket, isFirst, isShared);
  const asked = lists.map(({ phase }) => phase);
  const ownPhase = byPacket && phases.some(({ agenda }) => agenda !== undefined) ? lists.length : -1;
  const own: readonly PhaseOptions[] =
    ownPhase < 0
      ? []
      : [{ kind: 'adaptive', slots: slotsPerHost, rows: mostOwn, limits: ownLimits(context) }];
  const lanes: AskedLane[] = [];
  const events = eventsOf({ laneOf: (phase) => lanes[phase], ownPhase, isByPacket: byPacket });
  const transport = byPacket
    ? new PacketTransport(context, dial, [...asked, ...own], events)
    : new SocketTransport(context, dial as Dial, asked, events);
  const schedulers = transport instanceof PacketTransport ? transport.engine.phases : transport.schedulers;
  const made: { discovery?: AskedLane; ports?: PortLane } = {};
  for (const [number, { kind, phase, agenda }] of lists.entries()) {
    const lane = { transport, phase: number, agenda, questions: phase.questions };
    if (kind === 'discovery') made.discovery = lane;
    else made.ports = portLane(tools, dial, lane, schedulers[number] as Scheduler);
    lanes.push(made[kind] as AskedLane);
  }
  return { transport, discovery: made.discovery, ports: made.ports, ownPhase };
}

/** The bounds of questions that hosts have of their own. */
function ownLimits({ config: { limits, isThrifty = false } }: TransportContext): Limits {
  if (!isThrifty) return limits;
  return { ...limits, maxAttempts: Math.min(limits.maxAttempts, mostAttempts), thrift: {} };
}

/** Questions that a transport asks of hosts from a list: a phase of its engine. */
interface AskedList {
  readonly kind: 'discovery' | 'ports';
  readonly phase: ListPhase;
  readonly agenda: AgendaOf;
}

function listsOf(
  { context, phases, known, hosts }: LaneTools,
  byPacket: boolean,
  isFirst: boolean,
  isShared: boolean,
): readonly AskedList[] {
  const { config } = context;
  const has = (list: Phase['list']) => phases.some((phase) => phase.list === list);
  const lists: AskedList[] = [];
  const discovery = isFirst && has('discovery') ? config.discovery : undefined;
  if (discovery !== undefined) {
    const agenda = discoveryAgenda(discovery, config.seed);
    lists.push({ kind: 'discovery', phase: listPhase(discovery, config, hosts, true), agenda });
  }
  const { ports } = config;
  if (ports === undefined || !has('ports')) return lists;
  // One transport alone asks everything: datagrams, too, go through sockets where no packet of our own may leave.
  const isAsked = ports.techniques.map((name) => !isShared || isConnection(name) !== byPacket);
  // What looks for hosts and asks no port needs no list of them.
  if (discovery !== undefined && !isAsked.some(Boolean)) return lists;
  const behind = phases.reduce((list, phase) => phase.behind?.(list, config, byPacket) ?? list, ports);
  const again = discovery && withAskedBefore(behind, discovery);
  const phase = {
    ...listPhase(again?.list ?? behind, config, hosts, false),
    ...(again && { before: again.before }),
  };
  const isSome = isShared && !isAsked.every(Boolean);
  lists.push({ kind: 'ports', phase, agenda: portsAgenda(config, isSome ? isAsked : undefined, known) });
  return lists;
}

function portLane(
  { context, phases, space, pretenders }: LaneTools,
  dial: Dial | undefined,
  lane: AskedLane,
  { asides }: Scheduler,
): PortLane {
  const { transport } = lane;
  const isByPacket = transport instanceof PacketTransport;
  const screening = phases.find((phase) => phase.screen !== undefined);
  const screen = screening?.screen?.({ context, space, asides, isByPacket, pretenders, dial });
  return { ...lane, screen, ...(isByPacket && { synAck: transport.synAck }) };
}

function isConnection(technique: string): boolean {
  return isSocket(technique as PortTechniqueName);
}

/** Hosts whose own questions are asked at the same time. */
const mostOwn = 256;
