/**
 * The questions of a plan, and who is asked which. Everybody who reads it numbers hosts and questions alike.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import type { DiscoveryQuestion, Plan, TargetGroup } from '../../plan/plan.ts';
import { portsAsked, targetsOf } from '../../plan/read-plan.ts';
import { asksByPort } from '../../plan/start-pace.ts';
import { isSocket, techniqueOf as techniqueNamed } from '../../techniques/index.ts';
import type { GroupSpec, QuestionList } from './config.ts';
import { ofTechniques, shareOf } from './question-list.ts';
import type { Slice } from './slice.ts';
import { payloadsFor } from './udp-payloads.ts';

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
      groups: plan.groups.map((group) => ({ targets: targetsOf(group) })),
    };
  }
  const ports = portList(plan.techniques, plan.groups);
  const order = orderOf(plan, ports);
  const pick = picker(ports, order);
  const groups = plan.groups.map((group): GroupSpec => {
    const targets = targetsOf(group);
    if (plan.groups.length > 1) return { targets, some: pick(group) };
    return order === undefined ? { targets } : { targets, some: order };
  });
  return { ports, discovery, groups };
}

/** What a slice has of it. */
export function partOf(agenda: Agenda, { discovers, techniques, role, ownersShare = 1 }: Slice): Agenda {
  const discovery = discovers ? agenda.discovery : undefined;
  const { ports } = agenda;
  if (ports === undefined) return { ...agenda, discovery };
  const isMine = ports.techniques.map((name) => techniques.includes(name as PortTechniqueName));
  const isAll = isMine.every(Boolean);
  // Only connections are shared out: they cost the kernel more than a thread can do alone.
  const isShared = ports.techniques.map((name) => isSocket(name as PortTechniqueName));
  const groups = agenda.groups.map((group) => {
    const mine = isAll ? group.some : ofTechniques(ports, group.some, isMine);
    const some = role === undefined ? mine : shareOf(ports, mine, isShared, ownersShare, role);
    return some === undefined ? group : { ...group, some };
  });
  const isAsked = groups.some(({ some }) => (some?.length ?? ports.portOf.length) > 0);
  return isAsked ? { ports, discovery, groups } : { ports: undefined, discovery, groups: agenda.groups };
}

/** Neighbours are asked on the way to every host on the own link; the engine has no probe for that. */
function discoveryList(all: Plan['discovery']): QuestionList {
  const others = all.filter((question) => !isOfLink(question));
  const questions = others.length > 0 ? others : all;
  const techniques = [...new Set(questions.map(({ technique }) => technique))];
  return {
    techniques,
    techniqueOf: Uint8Array.from(questions, ({ technique }) => techniques.indexOf(technique)),
    portOf: Uint16Array.from(questions, ({ port }) => port),
  };
}

/** Whether a question is one to a neighbour, by ARP or neighbour solicitation. */
export function isOfLink({ technique }: DiscoveryQuestion): boolean {
  return techniqueNamed(technique).probe.transport === 'link';
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

/** Finds the questions of a group, in their order: there may be a group for each host. */
function picker(
  { techniques, techniqueOf, portOf }: QuestionList,
  order: Uint32Array | undefined,
): (group: TargetGroup) => Uint32Array {
  const numbers = techniques.map(() => new Uint32Array(65_536));
  for (let q = 0; q < portOf.length; q++)
    (numbers[techniqueOf[q] as number] as Uint32Array)[portOf[q] as number] = q;
  const places = order && new Uint32Array(order.length);
  order?.forEach((q, place) => {
    if (places !== undefined) places[q] = place;
  });
  return ({ ports }) => {
    const lists = techniques.map((name) => portsAsked(ports, name as PortTechniqueName));
    const picked = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
    let count = 0;
    for (const [i, list] of lists.entries()) {
      for (const port of list) picked[count++] = (numbers[i] as Uint32Array)[port] as number;
    }
    if (order === undefined || places === undefined) return picked;
    return picked
      .map((q) => places[q] as number)
      .sort()
      .map((place) => order[place] as number);
  };
}

/**
 * The order of a scan that asks UDP: first the ports whose protocol is known, because closed ports cost time
 * (their hosts limit ICMP) and those are the ones where a service answers. Undefined: no order of its own.
 */
function orderOf({ techniques, inOrder, seed }: Plan, ports: QuestionList): Uint32Array | undefined {
  if (inOrder || !techniques.some(asksByPort)) return undefined;
  const permutation = new Permutation(ports.portOf.length, seed);
  const shuffled = Uint32Array.from(ports.portOf, (_, index) => permutation.at(index));
  const isKnown = (q: number) =>
    asksByPort(ports.techniques[ports.techniqueOf[q] as number] as PortTechniqueName) &&
    payloadsFor(ports.portOf[q] as number).length > 0;
  return Uint32Array.from([...shuffled.filter(isKnown), ...shuffled.filter((q) => !isKnown(q))]);
}

function unite(lists: readonly Uint16Array[]): Uint16Array {
  const [only] = lists;
  if (lists.length === 1 && only !== undefined) return only;
  const isAsked = new Uint8Array(65_536);
  for (const list of lists) for (const port of list) isAsked[port] = 1;
  return Uint16Array.from([...isAsked.keys()].filter((port) => isAsked[port] === 1));
}
