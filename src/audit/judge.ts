/**
 * Expected against found. What cannot be told is neither a pass nor a fail.
 *
 * @module
 */

import type { CheckResult, Expected } from '../model/fact.ts';
import type { PortState, Verdict } from '../model/verdict.ts';
import { type Arrival, judgeArrival } from './arrival.ts';
import type { AuditProtocol } from './policy.ts';

/** What else is known where a port was judged. */
export interface Circumstances {
  /** Something of the host's own has come back. */
  readonly isReached: boolean;
  /** The chance that what was asked so often got lost each time. */
  readonly lossChance: number;
  /** What a listener says of its probe; undefined: nothing. */
  readonly arrival?: Arrival;
}

/** How a check came out, and why nothing can be said where that is so. */
export interface Judgement {
  readonly result: CheckResult;
  readonly why?: string;
}

/** Judges a port that was asked. */
export function judge(
  expected: Expected,
  protocol: AuditProtocol,
  { state, reason }: Verdict,
  { isReached, lossChance, arrival }: Circumstances,
): Judgement {
  // Where nothing gets there and nothing comes back, it is no filter's doing that a probe did not arrive.
  const isTold = arrival !== undefined && (isReached || arrival !== 'not-arrived');
  const heard = isTold ? judgeArrival(expected, { state, reason }, arrival, lossChance) : undefined;
  if (heard !== undefined) return heard;
  if (state === 'unknown') return inconclusive(troubles[reason] ?? 'it could not be judged');
  if (!isReached)
    return inconclusive('nothing of the host has answered: it may be down, asleep or out of reach');
  const isSilent = reason === 'no-response';
  if (isSilent && lossChance > mostChance)
    return inconclusive('so much gets lost on the way that the silence may be nothing else');
  // A filter that drops UDP shows nothing but silence.
  if (expected === 'filtered' && state === 'open|filtered' && protocol === 'udp' && isSilent)
    return { result: 'pass' };
  const result = table[expected][state];
  if (result !== 'inconclusive') return { result };
  return inconclusive(
    isSilent ? 'silence, which an open port may keep as well' : 'the host says open for every port',
  );
}

function inconclusive(why: string): Judgement {
  return { result: 'inconclusive', why };
}

/** A state that may be either of two is told from neither. */
const either = {
  unfiltered: 'inconclusive',
  'open|filtered': 'inconclusive',
  'closed|filtered': 'inconclusive',
  unknown: 'inconclusive',
} as const satisfies Partial<Record<PortState, CheckResult>>;

const table: Readonly<Record<Expected, Readonly<Record<PortState, CheckResult>>>> = {
  open: { ...either, open: 'pass', closed: 'fail', filtered: 'fail', 'closed|filtered': 'fail' },
  closed: { ...either, open: 'fail', closed: 'pass', filtered: 'fail' },
  filtered: { ...either, open: 'fail', closed: 'fail', filtered: 'pass' },
  'not-open': { ...either, open: 'fail', closed: 'pass', filtered: 'pass', 'closed|filtered': 'pass' },
};

const troubles: Readonly<Record<string, string>> = {
  'local-error': 'trouble on this machine kept it from being asked',
  'user-set': 'the packets that it may cost were spent before it was asked',
  blocked: 'somebody began to block the scan before it was judged',
  'host-timeout': 'the time for the host was over',
  'too-big': 'the probe did not fit the way there',
};

/** One in a hundred. */
const mostChance = 0.01;
