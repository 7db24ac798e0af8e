/**
 * The first and the last fact of an audit, which may have taken several scans.
 *
 * @module
 */

import type { AuditProtocol, Policy } from '../audit/policy.ts';
import { portsAskedBy } from '../audit/questions.ts';
import { RangeSet } from '../base/range-set.ts';
import { version } from '../base/version.ts';
import type { CheckResult, ScanFact, SummaryFact, Unnumbered } from '../model/fact.ts';
import { formatPorts } from '../model/ports.ts';
import { formatRanges } from '../model/ranges.ts';
import type { Protocol } from '../model/verdict.ts';
import { targetsOf } from '../plan/read-plan.ts';
import { techniqueOf } from '../techniques/index.ts';
import type { PlannedAsking } from './plan-asking.ts';
import { scanFact } from './scan-fact.ts';

/** What was asked: the plan of the first scan, and the questions of all. */
export function auditHeader(
  { file, name, rules }: Policy,
  plans: readonly PlannedAsking[],
  args: readonly string[],
  startedMs: number,
): Unnumbered<ScanFact> {
  const startedAt = new Date(startedMs).toISOString();
  const policy = { file, ...(name !== undefined && { name }), rules: rules.map((rule) => rule.name) };
  const [first] = plans;
  if (first === undefined) {
    const nothing = { seed: 0, questions: [], targets: '', excluded: '', options: { policy } };
    return { type: 'scan', schema: 1, version, startedAt, args, ...nothing };
  }
  const { n, ...header } = scanFact(first.plan, undefined, startedAt);
  const techniques = [...new Set(plans.flatMap(({ plan }) => plan.techniques))];
  const questions = techniques.map((technique) => {
    const protocol = techniqueOf(technique).about as Protocol;
    const groups = plans.flatMap(({ asking }) => asking.groups);
    const ports = portsAskedBy(groups, protocol as AuditProtocol);
    return { technique, protocol, ports: formatPorts(ports), count: ports.length };
  });
  const sourcePorts = plans.flatMap(({ asking }) => asking.sourcePort ?? []);
  const options = { policy, ...(sourcePorts.length > 0 && { sourcePorts }), ...header.options };
  const targets = formatRanges(RangeSet.union(plans.flatMap(({ plan }) => plan.groups.map(targetsOf))));
  return { ...header, questions, targets, options };
}

/** The sums of all scans, and how the checks came out. */
export function auditSummary(
  summaries: readonly SummaryFact[],
  checks: Readonly<Record<CheckResult, number>>,
  startedMs: number,
  isFailed: boolean,
): Unnumbered<SummaryFact> {
  const now = Date.now();
  const sum = (of: (one: SummaryFact) => number) => summaries.reduce((all, one) => all + of(one), 0);
  const exits = [...summaries.map(({ exit }) => exit), ...(isFailed ? ['failed'] : [])];
  const worst = (['failed', 'interrupted', 'incomplete'] as const).find((one) => exits.includes(one));
  const exit = worst ?? (checks.inconclusive > 0 ? 'incomplete' : 'done');
  const ports: Partial<Record<keyof SummaryFact['ports'], number>> = {};
  for (const one of summaries) {
    for (const [state, count] of Object.entries(one.ports) as [keyof typeof ports, number][])
      ports[state] = (ports[state] ?? 0) + count;
  }
  // Hosts that were asked by several scans are the same hosts.
  const hosts = summaries.reduce<SummaryFact['hosts']>(
    (most, one) => (one.hosts.total > most.total ? one.hosts : most),
    { up: 0, down: 0, unknown: 0, total: 0 },
  );
  const loss = worstLoss(summaries);
  return {
    type: 'summary',
    finishedAt: new Date(now).toISOString(),
    elapsedMs: Math.max(0, now - startedMs),
    hosts,
    packets: {
      sent: sum((one) => one.packets.sent),
      received: sum((one) => one.packets.received),
      retransmitted: sum((one) => one.packets.retransmitted),
    },
    bytes: { sent: sum((one) => one.bytes.sent), received: sum((one) => one.bytes.received) },
    ports,
    ...(loss !== undefined && { loss }),
    checks,
    complete: exit === 'done',
    exit,
  };
}

/** That of the scan that lost most, what all may have missed; undefined where one of them states none. */
function worstLoss(summaries: readonly SummaryFact[]): SummaryFact['loss'] {
  const losses = summaries.flatMap(({ loss }) => loss ?? []);
  const [worst] = losses.toSorted((a, b) => b.high - a.high);
  if (worst === undefined || losses.length < summaries.length) return undefined;
  return { ...worst, missedOpenExpected: losses.reduce((all, one) => all + one.missedOpenExpected, 0) };
}
