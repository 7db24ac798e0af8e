/**
 * How a scan is spread over shards: by host, so that each host has one shard that knows all about it. Only where
 * hosts are too few for that, one shard owns them and another, its guest, makes some of their connections.
 *
 * @module
 */

import { availableParallelism } from 'node:os';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import type { Plan } from '../../plan/plan.ts';
import { errorWorth } from '../../techniques/error-worth.ts';
import { isSocket, techniqueOf as techniqueNamed } from '../../techniques/index.ts';
import type { Agenda } from '../shard/agenda.ts';
import type { HostPart, Slice } from '../shard/slice.ts';

/** Slices a plan for `hosts` hosts: one shard, or two where they are worth it. */
export function splitShards(plan: Plan, agenda: Agenda, hosts: number): readonly Slice[] {
  const techniques = plan.goal === 'ports' ? plan.techniques : [];
  const transport = plan.engine === 'connect' ? 'socket' : 'packet';
  const whole: Slice = { transport, hosts: plan.shard, discovers: true, techniques };
  const { byPacket, bySocket } = questionsBy(agenda, transport);
  const isWorthBySocket = bySocket > 1 && hosts * bySocket >= worthTwo;
  const isWorthByPacket = hosts >= fewestHosts && hosts * byPacket >= worthTwoByPacket;
  const isPaced = isWorthBySocket || plan.timing.maxRatePps !== 0;
  if (!(isWorthBySocket || isWorthByPacket) || !isPaced || isBounded(plan) || availableParallelism() < 2)
    return [whole];
  if (hosts < fewestToShare) return byQuestions(whole, bySocket);
  const ahead = isWorthBySocket ? aheadBySocket / bySocket : aheadByPacket / byPacket;
  const parts = plan.sweep ? halvesOf(whole.hosts) : partsOf(whole.hosts, hosts, ahead);
  return parts.map((part) => ({ ...whole, hosts: part }));
}

/**
 * How many questions a host is asked at most, by packets and by connections. With UDP by sockets connections do not
 * count: its hosts limit their answers, and one shard waits for them as well as two.
 */
function questionsBy(
  { ports, groups }: Agenda,
  transport: Slice['transport'],
): { readonly byPacket: number; readonly bySocket: number } {
  if (ports === undefined) return { byPacket: 0, bySocket: 0 };
  const { techniques, techniqueOf, portOf } = ports;
  const isConnection = techniques.map((name) => isSocket(name as PortTechniqueName));
  let [byPacket, bySocket] = [0, 0];
  for (const { some } of groups) {
    const total = some?.length ?? portOf.length;
    let connects = isConnection.every(Boolean) ? total : 0;
    const isMixed = connects === 0 && isConnection.includes(true);
    for (let i = 0; isMixed && i < total; i++)
      if (isConnection[techniqueOf[some?.[i] ?? i] as number]) connects++;
    bySocket = Math.max(bySocket, connects);
    byPacket = Math.max(byPacket, total - connects);
  }
  if (transport === 'packet') return { byPacket, bySocket };
  const isLimited = techniques.some(
    (name) => errorWorth(techniqueNamed(name as PortTechniqueName)) === 'port',
  );
  return { byPacket: 0, bySocket: isLimited ? 0 : bySocket };
}

/** An owner, and a guest that makes some of the connections and looks for nobody. */
function byQuestions(whole: Slice, bySocket: number): readonly Slice[] {
  const ownersShare = Math.min(1, (bySocket + aheadBySocket) / 2 / bySocket);
  return [
    { ...whole, role: 'owner', ownersShare },
    {
      ...whole,
      role: 'guest',
      ownersShare,
      transport: 'socket',
      discovers: false,
      techniques: whole.techniques.filter(isSocket),
    },
  ];
}

/** The hosts of a slice for two shards: some more for the first, which begins earlier. */
function partsOf(part: HostPart, hosts: number, ahead: number): readonly HostPart[] {
  const first = Math.min(hosts - 1, Math.ceil((hosts + ahead) / 2));
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

/** Whether a bound holds for the whole scan, which two shards would have to keep between them. */
function isBounded({ timing: { maxRatePps, maxParallelism }, firewall }: Plan): boolean {
  return (maxRatePps !== null && maxRatePps > 0) || maxParallelism === 1 || firewall?.budget !== undefined;
}

/** Questions below which a second shard costs more than it brings: a thread's start takes about 30 ms. */
const worthTwo = 16_384;
const worthTwoByPacket = 65_536;
/** Hosts below which two shards by packets find their paces too late. */
const fewestHosts = 16;
/** Fewer hosts than these are shared by their questions: they may be unlike each other. */
const fewestToShare = 4;
/** What the first shard asks alone until the second is there, on the machine of bench/RESULTS.md. */
const aheadBySocket = 4000;
const aheadByPacket = 10_000;
