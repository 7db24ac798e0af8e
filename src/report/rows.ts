/**
 * The ports of a host as every table shows them: one row per port, whatever number of techniques judged it,
 * and the ports that are only counted.
 *
 * @module
 */

import type { PortFact, PortsFact } from '../model/fact.ts';
import { headlineOf } from '../model/headline.ts';
import { formatPorts, parsePortRanges } from '../model/ports.ts';
import type { ServiceFact } from '../model/service-fact.ts';
import type { PortState, Protocol, Reason } from '../model/verdict.ts';
import type { HostReport, ShowOptions } from './writer.ts';

/** What one technique said of a port, by itself or as one of a group. */
export type Judgement = PortFact | PortsFact;

/** One line of a port table. */
export interface PortRow {
  readonly protocol: Protocol;
  readonly port: number;
  readonly headline: Judgement;
  /** One per technique, in requested order. */
  readonly judgements: readonly Judgement[];
  /** The surest of those that were found. */
  readonly service: ServiceFact | undefined;
  /** The others behind the same port. */
  readonly beside: readonly ServiceFact[];
  /** The usual service of this port number. */
  readonly usualService: string | undefined;
}

/** Ports about which the same was said and which are not listed one by one. */
export interface HiddenPorts {
  readonly protocol: Protocol;
  readonly state: PortState;
  readonly reason: Reason;
  readonly judgements: readonly Judgement[];
  /** Their numbers as ranges. */
  readonly ports: string;
  readonly count: number;
}

/** A host's ports, ready to be shown. */
export interface PortTable {
  readonly rows: readonly PortRow[];
  /** The largest group first. */
  readonly hidden: readonly HiddenPorts[];
}

/** Arranges the port facts of a host. Groups of a state that stays small are listed port by port. */
export function tabulate(report: HostReport, show: ShowOptions): PortTable {
  const rows: PortRow[] = [];
  const classes: Grouped[] = [];
  const services = servicesByPort(report.services);
  const rankOf = (judgement: Judgement) => report.techniques.indexOf(judgement.technique);
  const addRow = (protocol: Protocol, port: number, judgements: [Judgement, ...Judgement[]]) => {
    if (judgements.length > 1) judgements.sort((a, b) => rankOf(a) - rankOf(b));
    const usual = judgements.find(
      (judgement) => judgement.type === 'port' && judgement.service !== undefined,
    );
    const [service, ...beside] = services.get(placeOf(protocol, port)) ?? [];
    rows.push({
      protocol,
      port,
      headline: headlineOf(judgements),
      judgements,
      service,
      beside,
      usualService: usual?.type === 'port' ? usual.service : undefined,
    });
  };

  for (const protocol of protocolsOf(report)) {
    const listed = new Map<number, [Judgement, ...Judgement[]]>();
    for (const fact of report.ports) {
      if (fact.protocol !== protocol) continue;
      const known = listed.get(fact.port);
      if (known === undefined) listed.set(fact.port, [fact]);
      else known.push(fact);
    }
    const groups = report.groups.filter((group) => group.protocol === protocol);
    if (groups.length > 0) classes.push(...classify(groups, rankOf, listed));
    for (const [port, judgements] of listed) addRow(protocol, port, judgements);
  }

  const hidden: HiddenPorts[] = [];
  const sizes = new Map<PortState, number>();
  for (const { state, count } of classes) sizes.set(state, (sizes.get(state) ?? 0) + count);
  for (const group of classes) {
    if ((sizes.get(group.state) as number) > listedAtMost * (1 + show.verbosity)) hidden.push(group);
    else for (const port of parsePortRanges(group.ports)) addRow(group.protocol, port, [...group.judgements]);
  }
  rows.sort((a, b) => placeOf(a.protocol, a.port) - placeOf(b.protocol, b.port));
  return { rows, hidden: hidden.sort((a, b) => b.count - a.count) };
}

/** What was found on each port (by {@link placeOf}), the surest first; of those as sure the one that was told first. */
export function servicesByPort(
  services: readonly ServiceFact[],
): ReadonlyMap<number, readonly ServiceFact[]> {
  const found = new Map<number, ServiceFact[]>();
  for (const service of services) {
    const place = placeOf(service.protocol, service.port);
    const known = found.get(place);
    if (known === undefined) found.set(place, [service]);
    else known.push(service);
  }
  for (const known of found.values()) if (known.length > 1) known.sort((a, b) => b.confidence - a.confidence);
  return found;
}

/** The protocols that something was said of, in the order of tables: most hosts of a sweep have one port. */
function protocolsOf({ ports, groups }: HostReport): readonly Protocol[] {
  const isAbout = (protocol: Protocol) => (fact: Judgement) => fact.protocol === protocol;
  return protocols.filter((protocol) => ports.some(isAbout(protocol)) || groups.some(isAbout(protocol)));
}

/** Range lists of one protocol as one. */
export function joinPorts(lists: readonly string[]): string {
  if (lists.length === 1) return lists[0] as string;
  return formatPorts([...new Set(lists.flatMap(parsePortRanges))].sort((a, b) => a - b));
}

/** What each technique said: `syn: open (syn-ack); ack: unfiltered (reset)`. */
export function techniquesText(judgements: readonly Judgement[]): string {
  return judgements.map(({ technique, state, reason }) => `${technique}: ${state} (${reason})`).join('; ');
}

/** A number that orders ports by protocol, then by themselves. */
export function placeOf(protocol: Protocol, port: number): number {
  return rankOfProtocol[protocol] * portCount + port;
}

interface Grouped extends HiddenPorts {
  readonly judgements: readonly [Judgement, ...Judgement[]];
}

/**
 * Parts the grouped ports of one protocol by what the techniques together said of them. Ports that are listed
 * anyway take what their groups say into `listed`.
 */
function classify(
  groups: readonly PortsFact[],
  rankOf: (judgement: Judgement) => number,
  listed: Map<number, [Judgement, ...Judgement[]]>,
): Grouped[] {
  const ordered = [...groups].sort((a, b) => rankOf(a) - rankOf(b));
  const techniques = new Set(ordered.map((group) => group.technique));
  for (const judgements of listed.values()) for (const { technique } of judgements) techniques.add(technique);
  if (techniques.size < 2) {
    return mergeAlike(ordered.map((group) => grouped([group], group.ports, group.count)));
  }
  // Each port walks from class to class as it meets its groups: one array and one small map, whatever the ports.
  const classOf = new Int32Array(portCount);
  const classes: Judgement[][] = [[]];
  const next = new Map<number, number>();
  ordered.forEach((group, i) => {
    for (const port of parsePortRanges(group.ports)) {
      const from = classOf[port] as number;
      const step = from * ordered.length + i;
      let to = next.get(step);
      if (to === undefined) {
        to = classes.push([...(classes[from] as Judgement[]), group]) - 1;
        next.set(step, to);
      }
      classOf[port] = to;
    }
  });
  const members = classes.map((): number[] => []);
  for (let port = 0; port < portCount; port++) {
    const id = classOf[port] as number;
    if (id === 0) continue;
    const known = listed.get(port);
    if (known === undefined) (members[id] as number[]).push(port);
    else known.push(...(classes[id] as Judgement[]));
  }
  return mergeAlike(
    members.flatMap((ports, id) =>
      ports.length === 0
        ? []
        : [grouped(classes[id] as [Judgement, ...Judgement[]], formatPorts(ports), ports.length)],
    ),
  );
}

function grouped(judgements: readonly [Judgement, ...Judgement[]], ports: string, count: number): Grouped {
  const { protocol, state, reason } = headlineOf(judgements);
  return { protocol, state, reason, judgements, ports, count };
}

/** Makes one class of those that say the same in the same words. */
function mergeAlike(classes: readonly Grouped[]): Grouped[] {
  const alike = new Map<string, Grouped[]>();
  for (const one of classes) {
    const key = techniquesText(one.judgements);
    const others = alike.get(key);
    if (others === undefined) alike.set(key, [one]);
    else others.push(one);
  }
  return [...alike.values()].map((same) => ({
    ...(same[0] as Grouped),
    ports: joinPorts(same.map((one) => one.ports)),
    count: same.reduce((sum, one) => sum + one.count, 0),
  }));
}

const rankOfProtocol: Readonly<Record<Protocol, number>> = { tcp: 0, udp: 1, sctp: 2, ip: 3 };

const protocols = Object.keys(rankOfProtocol) as readonly Protocol[];

const portCount = 65_536;

/** Up to this many ports of a state are a table one still reads; nmap users know the habit. */
const listedAtMost = 25;
