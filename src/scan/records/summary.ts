/**
 * The last fact of a scan: what the shards counted and the builder saw, in one.
 *
 * @module
 */

import { LossEstimator, type LossStatement } from '../../engine/rate/loss.ts';
import type { SummaryFact, Unnumbered } from '../../model/fact.ts';
import type { ShardTotals } from '../shard/messages.ts';
import type { FactBuilder } from './fact-builder.ts';

/** What a summary is made from. */
export interface Sums {
  readonly totals: readonly ShardTotals[];
  /** What was sent and received before there were shards. */
  readonly before?: Pick<ShardTotals, 'sentPackets' | 'sentBytes' | 'receivedPackets'>;
  readonly builder: FactBuilder;
  readonly hosts: number;
  readonly elapsedMs: number;
  /** How often a question is asked at most. */
  readonly mostAttempts: number;
  readonly isSweep: boolean;
  readonly exit: SummaryFact['exit'];
}

/** Sums up. */
export function summaryOf({
  totals,
  before,
  builder,
  hosts,
  elapsedMs,
  mostAttempts,
  isSweep,
  exit,
}: Sums): Unnumbered<SummaryFact> {
  const sum = (of: (totals: ShardTotals) => number) => totals.reduce((all, one) => all + of(one), 0);
  const anomalies = sum((t) => t.anomalies);
  const loss = lossOf(sum, builder, mostAttempts, isSweep);
  return {
    type: 'summary',
    finishedAt: new Date().toISOString(),
    elapsedMs: Math.round(elapsedMs),
    hosts: hostsOf(builder, hosts),
    packets: {
      sent: sum((t) => t.sentPackets) + (before?.sentPackets ?? 0),
      received: sum((t) => t.receivedPackets) + (before?.receivedPackets ?? 0),
      retransmitted: sum((t) => t.retransmitted),
    },
    bytes: {
      sent: sum((t) => t.sentBytes) + (before?.sentBytes ?? 0),
      received: sum((t) => t.receivedBytes),
    },
    ...(anomalies > 0 && { anomalies: { packets: anomalies, wrongChecksum: sum((t) => t.damaged) } }),
    ports: countsOf(builder, unsentOf(totals)),
    ...(builder.silentHosts > 0 && { silentHosts: builder.silentHosts }),
    ...(isSweep && { silent: sum((t) => t.swept?.silent ?? 0) }),
    ...(loss !== undefined && { loss }),
    complete: exit === 'done',
    exit,
  };
}

/** A host is unknown until it is found up or down: in a sweep, which tells only answers, all that were silent. */
function hostsOf({ hostsUp, hostsDown }: FactBuilder, total: number): SummaryFact['hosts'] {
  const unknown = Math.max(0, total - hostsUp - hostsDown);
  return { up: hostsUp, down: hostsDown, unknown, total };
}

/** Questions of sweeps that could not be asked from here. */
export function unsentOf(totals: readonly (ShardTotals | undefined)[]): number {
  return totals.reduce((sum, one) => sum + (one?.swept?.unsent ?? 0), 0);
}

function countsOf({ counts }: FactBuilder, unsent: number): SummaryFact['ports'] {
  return unsent === 0 ? counts : { ...counts, unknown: (counts.unknown ?? 0) + unsent };
}

/** The loss seen, and how many open ports it most likely hid. */
function lossOf(
  sum: (of: (totals: ShardTotals) => number) => number,
  builder: FactBuilder,
  mostAttempts: number,
  isSweep: boolean,
): SummaryFact['loss'] {
  const estimator = new LossEstimator();
  estimator.judged = sum((totals) => totals.judged);
  estimator.firstLost = sum((totals) => totals.firstLost);
  estimator.sampled = sum((totals) => totals.sampled ?? 0);
  estimator.sampleLost = sum((totals) => totals.sampleLost ?? 0);
  estimator.echoed = sum((totals) => totals.echoed ?? 0);
  estimator.echoesLost = sum((totals) => totals.echoesLost ?? 0);
  // Behind a limiter what was lost is not known; where no port has answered nothing is, and that may be why.
  const isUnheard = !isSweep && builder.answers.heard === 0 && mostAttempts > 1;
  const loss = estimator.state(mostAttempts) ?? (isUnheard ? anything : undefined);
  if (loss === undefined) return undefined;
  const short = (value: number) => Number(value.toPrecision(3));
  const missed = isSweep
    ? missedBySweep(builder, loss.estimate ** mostAttempts)
    : Math.max(missedAmongSilent(builder, loss.estimate), missedInDoubt(builder, estimator));
  // One answer or two leave every loss possible. Where nothing is silent that could hide anything, that is no statement.
  if (missed === 0 && loss.high >= anyLoss) return undefined;
  return {
    estimate: short(loss.estimate),
    low: short(loss.low),
    high: short(loss.high),
    missedOpenExpected: short(missed),
  };
}

function missedAmongSilent({ open, answers }: FactBuilder, loss: number): number {
  const { answered, silentByAttempts } = answers;
  const openShare = answered === 0 ? 0 : open / answered;
  let missed = 0;
  for (const [attempts, count] of silentByAttempts.entries()) {
    if (attempts > 0) missed += count * loss ** attempts * openShare;
  }
  return missed;
}

/**
 * The same where so few answers have shown the loss that none may mean much: by the mean of all losses that could have
 * shown them (Laplace's rule of succession). Of all that would answer that share is silent. Echoes show what the way loses, but
 * not whether somebody limits what ports are asked.
 */
function missedInDoubt(
  { open, answers }: FactBuilder,
  { judged, firstLost, sampled, sampleLost, echoed, echoesLost }: LossEstimator,
): number {
  const [seen, lost] = [judged + sampled - echoed, firstLost + sampleLost - echoesLost];
  // Where nothing else was heard whoever refuses by errors may refuse what is too fast.
  const refused = answers.heard === 0 ? answers.refusedByAttempts : none;
  let [silent, chance] = [0, 0];
  for (const [attempts, unanswered] of answers.silentByAttempts.entries()) {
    const count = unanswered + (refused[attempts] as number);
    if (attempts === 0 || count === 0) continue;
    let allLost = 1;
    for (let i = 0; i < attempts; i++) allLost *= (lost + 1 + i) / (seen + 2 + i);
    silent += count;
    chance += count * allLost;
  }
  if (silent === 0) return 0;
  const share = chance / silent;
  const missed = (Math.max(open, 1 / 2) * share) / (1 - share);
  return missed < negligible ? 0 : missed;
}

/** A sweep knows nobody who is silent, but how many answered: a share `allLost` of all that would have did not. */
function missedBySweep({ open }: FactBuilder, allLost: number): number {
  return allLost < 1 ? (open * allLost) / (1 - allLost) : open;
}

const none = new Float64Array(256);

/** Open ports of which nobody need be told. */
const negligible = 1e-4;

/** What is known of the loss where nothing has shown any. */
const anything: LossStatement = { estimate: 0, low: 0, high: 1 };

/** An interval up to here excludes no loss that lets anything through. */
const anyLoss = 0.99;
