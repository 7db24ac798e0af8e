/**
 * What is asked of each host, as the engine wants it.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import type { Agenda } from '../../engine/hosts/agenda.ts';
import { HeadStart } from '../../engine/hosts/head-start.ts';
import type { Family } from '../../model/address.ts';
import { likelyTcpPorts } from '../../plan/likely-ports.ts';
import type { QuestionList, ShardConfig } from './config.ts';
import type { Candidate } from './host-source.ts';
import type { KnownHosts } from './known-hosts.ts';
import { askedTechnique, ofTechniques } from './question-list.ts';

/** Finds what to ask of a host; undefined: nothing. */
export type AgendaOf = (candidate: Candidate) => Agenda | undefined;

/**
 * What is asked to find out who is up. IPv6 has no timestamp and no mask (RFC 4443): its hosts are asked the rest. An echo
 * comes first: whoever answers it shows the way to him by echoes later.
 */
export function discoveryAgenda(list: QuestionList, seed: number): AgendaOf {
  const all = Uint32Array.from(list.portOf, (_, question) => question);
  const agenda = (some: Uint32Array): Agenda => {
    const order = new Permutation(some.length, seed);
    const echo = some.findIndex((q) => list.techniques[list.techniqueOf[q] as number] === 'ping-echo');
    const head = echo >= 0 && order.size > 1 && new HeadStart(order, Uint32Array.of(echo));
    return { order, ...(head && { head }), ...(some.length < all.length && { some }) };
  };
  const of = (family: Family) => {
    const isOfFamily = list.techniques.map((name) => {
      const { onlyFamily } = askedTechnique(name);
      return onlyFamily === undefined || onlyFamily === family;
    });
    return agenda(all.filter((q) => isOfFamily[list.techniqueOf[q] as number]));
  };
  const byFamily = { 4: of(4), 6: of(6) };
  return ({ family }) => byFamily[family];
}

/**
 * The questions about ports that one transport asks: all, or those of the techniques that are marked. What an earlier run
 * has settled is left out.
 */
export function portsAgenda(
  { ports, groups, seed, inOrder }: ShardConfig,
  isAsked: readonly boolean[] | undefined,
  known: KnownHosts,
): AgendaOf {
  const total = ports?.portOf.length ?? 0;
  const agenda = (some?: Uint32Array): Agenda => {
    const order = new Permutation(some?.length ?? total, seed);
    const first = inOrder || order.size < headStartFrom || ports === undefined ? none : likely(ports, some);
    const head = first.length > 0 && first.length < order.size && new HeadStart(order, first);
    return { order, ...(head && { head }), ...(some && { some }) };
  };
  const agendas = groups.map(({ some }): Agenda => {
    if (isAsked === undefined || ports === undefined) return agenda(some);
    const mine = ofTechniques(ports, some, isAsked);
    return agenda(some === undefined && mine.length === total ? undefined : mine);
  });
  return ({ id, group }) => {
    if (!known.has(id)) return agendas[group];
    const all = known.questionsLeft(id, group);
    return agenda(isAsked === undefined || ports === undefined ? all : ofTechniques(ports, all, isAsked));
  };
}

/** Where the questions about likely ports stand among all, or some of them. */
function likely(
  { techniques, techniqueOf, portOf }: QuestionList,
  some: Uint32Array | undefined,
): Uint32Array {
  const ports = likelyTcpPorts(likelyPorts);
  if (some === undefined && techniques.length === 1) {
    const places = ports.map((port) => placeOf(port, portOf)).filter((place) => place >= 0);
    return Uint32Array.from(places);
  }
  const isLikely = new Uint8Array(65_536);
  for (const port of ports) isLikely[port] = 1;
  const length = some?.length ?? portOf.length;
  const found: number[] = [];
  for (let place = 0; place < length && found.length < likelyPorts * mostLikelyTechniques; place++) {
    const question = some === undefined ? place : (some[place] as number);
    if (
      isLikely[portOf[question] as number] === 1 &&
      (techniqueOf[question] as number) < mostLikelyTechniques
    )
      found.push(place);
  }
  return Uint32Array.from(found);
}

/** Where a port stands in a list that ascends; -1 where it does not. */
function placeOf(port: number, ports: Uint16Array): number {
  let [low, high] = [0, ports.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ports[middle] as number) < port) low = middle + 1;
    else high = middle;
  }
  return ports[low] === port ? low : -1;
}

const none = new Uint32Array(0);
/** Ports that are asked first, by as many of the techniques at most. */
const likelyPorts = 64;
const mostLikelyTechniques = 4;
/** Questions from which on it takes long to come upon somebody who answers by chance. */
const headStartFrom = 4096;
