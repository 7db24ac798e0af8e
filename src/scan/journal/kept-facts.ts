/**
 * The facts of a journal as its scan told them, by the tables as they are now: of a kept scan, and of any other as far as it
 * went.
 *
 * @module
 */

import { formatAddress } from '../../model/address.ts';
import type { Fact, SummaryFact } from '../../model/fact.ts';
import { protocolName } from '../../plan/protocol-names.ts';
import { serviceName } from '../../plan/service-names.ts';
import { FactBuilder } from '../records/fact-builder.ts';
import { familyHosts, joinsDevices } from '../records/family-hosts.ts';
import { summaryOf } from '../records/summary.ts';
import { scanFact } from '../scan-fact.ts';
import { agendaOf } from '../shard/agenda.ts';
import type { GroupSpec } from '../shard/config.ts';
import { attemptsOf } from '../shard/config-of-plan.ts';
import { HostSpace } from '../shard/host-source.ts';
import { zoned } from '../shard/zones.ts';
import { Past } from './past.ts';
import type { Standing } from './standing.ts';

/** What a reader of a journal may want. */
export interface KeptFactsOptions {
  readonly vendorOf?: (mac: Uint8Array) => string | undefined;
  /** Hears that bytes at its end are torn. */
  readonly onTorn?: (bytes: number) => void;
}

/** A large table that few need: the makers of network cards. */
export async function vendorTable(): Promise<(mac: Uint8Array) => string | undefined> {
  return (await import('../../plan/vendors.ts')).vendorOf;
}

/** The facts of a journal, in the order in which they were learnt, the summary last. The file is only read. */
export function* keptFacts(path: string, { vendorOf, onTorn }: KeptFactsOptions = {}): Generator<Fact> {
  const past = Past.look(path);
  try {
    const { plan } = past;
    const agenda = agendaOf(plan);
    const space = new HostSpace(agenda.groups);
    const standing = past.stand({ hosts: space.size, ...agenda });
    if (past.lostBytes > 0) onTorn?.(past.lostBytes);
    let told: Fact[] = [];
    const builder = new FactBuilder({
      asked: agenda,
      nameOf: (id) => formatAddress(zoned(space.addressOf(id), plan.zones)),
      groupOf: (id) => agenda.groups[space.groupOf(id)] as GroupSpec,
      askedAs: plan.askedAs,
      families: familyHosts(plan, space),
      joinsDevices: joinsDevices(plan, space.size),
      serviceName: (protocol, port) => (protocol === 'ip' ? protocolName(port) : serviceName(protocol, port)),
      vendorOf: (mac) => vendorOf?.(mac),
      tellsSystems: !plan.sweep,
      ungrouped: plan.ungrouped,
      evidence: plan.evidence,
      emit: (fact) => told.push(withNames(fact, past)),
    });
    const news = () => {
      const some = told;
      told = [];
      return some;
    };
    yield scanFact(plan, agenda.ports, past.startedAt);
    const replay = past.replay(standing, {
      batch: (records, numbering, at) => builder.take(records, numbering, at),
      warning: ({ incomplete }) => {
        if (incomplete) builder.incomplete = true;
      },
    });
    for (const _ of replay) yield* news();
    for (const _ of builder.flushUnfinished()) yield* news();
    yield* news();
    yield summaryFact(past, builder, standing, space.size);
  } finally {
    past.close();
  }
}

/** The names that hosts had when they were asked for. */
function withNames(fact: Fact, { names }: Past): Fact {
  if (fact.type !== 'host') return fact;
  const [name, ...more] = names.get(fact.host) ?? [];
  if (name === undefined || fact.name !== undefined) return fact;
  const { type, n, host, ...rest } = fact;
  return { type, n, host, name, names: [name, ...more], ...rest };
}

/** As the scan told it; of one that did not end what can be said. */
function summaryFact(past: Past, builder: FactBuilder, standing: Standing, hosts: number): SummaryFact {
  const n = ++builder.ordinal;
  if (past.end !== undefined) return { ...past.end.summary, n };
  const { plan, totals, elapsedMs, lastMs } = past;
  const isDone = standing.done.size >= hosts && !builder.incomplete;
  const summary = summaryOf({
    totals,
    builder,
    hosts,
    elapsedMs,
    mostAttempts: attemptsOf(plan.timing),
    isSweep: plan.sweep,
    exit: isDone ? 'done' : 'interrupted',
  });
  return { ...summary, n, finishedAt: new Date(lastMs).toISOString() };
}
