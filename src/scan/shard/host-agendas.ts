/**
 * What is asked of each host, as the engine wants it.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import type { Agenda } from '../../engine/host.ts';
import type { Family } from '../../model/address.ts';
import { askedTechnique } from '../phases/responder-check/canaries.ts';
import type { QuestionList, ShardConfig } from './config.ts';
import type { Candidate } from './host-source.ts';
import type { KnownHosts } from './known-hosts.ts';

/** Finds what to ask of a host; undefined: nothing. */
export type AgendaOf = (candidate: Candidate) => Agenda | undefined;

/** What is asked to find out who is up. IPv6 has no timestamp and no mask (RFC 4443): its hosts are asked the rest. */
export function discoveryAgenda(list: QuestionList, seed: number): AgendaOf {
  const all = Uint32Array.from(list.portOf, (_, question) => question);
  const agenda = (some: Uint32Array): Agenda => ({
    order: new Permutation(some.length, seed),
    ...(some.length < all.length && { some }),
  });
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

/** The questions about ports that one transport asks, all or some; those that an earlier run has settled left out. */
export function portsAgenda(
  { ports, groups, seed }: ShardConfig,
  isAsked: ((question: number) => boolean) | undefined,
  known: KnownHosts,
): AgendaOf {
  const total = ports?.portOf.length ?? 0;
  const agendas = groups.map(({ some }): Agenda => {
    if (isAsked === undefined) {
      const order = new Permutation(some?.length ?? total, seed);
      return some === undefined ? { order } : { order, some };
    }
    const mine = (some ?? Uint32Array.from({ length: total }, (_, question) => question)).filter(isAsked);
    const order = new Permutation(mine.length, seed);
    return some === undefined && mine.length === total ? { order } : { order, some: mine };
  });
  return ({ id, group }) => {
    if (!known.has(id)) return agendas[group];
    const all = known.questionsLeft(id, group);
    const left = isAsked === undefined ? all : all.filter(isAsked);
    return { order: new Permutation(left.length, seed), some: left };
  };
}
