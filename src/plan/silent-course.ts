/**
 * How a host is asked that is there and answers nothing of what it is asked: how often, and for how long. It follows what
 * the engine does (docs/engine.md, "The rate"); `test/sim/forecast.test.ts` holds the one against the other.
 *
 * @module
 */

import type { Plan, Timing } from './plan.ts';

/** A host that is asked, and what is known of it beforehand. */
export interface SilentHost {
  /** Questions put to it. */
  readonly questions: number;
  /** What it has answered when it was looked for: an echo request, something else, or nothing that shows a round trip. */
  readonly heard: 'echo' | 'other' | 'nothing';
  /** Packets a second to it: at first, if it had the link for itself; and at most, among the others. */
  readonly ratePps: number;
  readonly topPps: number;
  /** It is asked no slower. */
  readonly leastPps: number;
  readonly rttMs: number;
  readonly timing: Timing;
}

/** What becomes of it. */
export interface SilentCourse {
  /** How often each question is put, on average. */
  readonly sendings: number;
  /** Echo requests besides, which show the path. */
  readonly echoes: number;
  readonly durationMs: number;
}

/** The course of a scan of one host that stays silent, where nothing is lost. */
export function silentCourse(host: SilentHost): SilentCourse {
  const { questions, heard, timing } = host;
  if (questions === 0) return { sendings: 0, echoes: 0, durationMs: 0 };
  if (heard === 'echo' && questions >= ownPaceFrom) return courseByEcho(host);
  const sendings = mostSendings(host);
  const waitMs = timing.initialRttTimeoutMs;
  const passesMs = Array.from({ length: sendings }, (_, pass) =>
    Math.max((1000 * questions) / startPps(host), spreadMs(host, pass)),
  );
  let durationMs = waitMs;
  for (const [pass, ownMs] of passesMs.entries()) {
    const nextMs = passesMs[pass + 1];
    // What is unanswered by then slows down the rest of the pass, as it is to be asked itself.
    const restMs = Math.max(0, 1 - waitMs / ownMs) * Math.max(ownMs, nextMs ?? 0);
    durationMs += nextMs === undefined ? ownMs : waitMs + restMs;
  }
  return { sendings, echoes: 0, durationMs };
}

/** How often a question is asked that stays silent while no loss has been seen; a sweep does not look. */
export function mostSendings({ sweep, timing }: Pick<Plan, 'timing'> & Partial<Pick<Plan, 'sweep'>>): number {
  const most = 1 + (timing.maxRetries ?? Number.POSITIVE_INFINITY);
  return sweep === true ? most : Math.min(most, silentSendings);
}

/**
 * Over how long what is asked again is spread, so that somebody who limits what is asked lets something through: few questions
 * and those to a host of which nothing was heard over the time that is waited, the latter at the last up to three times as long.
 */
function spreadMs({ questions, heard, leastPps, timing }: SilentHost, pass: number): number {
  const waitMs = timing.initialRttTimeoutMs;
  if (pass === 0 || questions < spreadFrom) return 0;
  if (questions < ownPaceFrom) return waitMs;
  if (heard !== 'nothing') return 0;
  const waitedMs = pass * waitMs;
  const slowMs = Math.min(Math.max(waitedMs, (1000 * questions) / lastPassPps), longestLastPass * waitedMs);
  return Math.min(pass < silentSendings - 1 ? waitedMs : slowMs, (1000 * questions) / leastPps);
}

/**
 * Echoes show the path from the first silences on: at the first pass it is asked ever faster, and then slowly once more; twice
 * where the first was over too soon to be judged.
 */
function courseByEcho(host: SilentHost): SilentCourse {
  const { questions, ratePps, topPps, leastPps, rttMs, timing } = host;
  const most = mostSendings(host);
  const waitMs = Math.min(Math.max(timing.minRttTimeoutMs, 3 * rttMs), timing.maxRttTimeoutMs);
  const firstPps = startPps(host);
  const begunMs = waitMs + (1000 * fewestSilent) / firstPps;
  const left = questions - (firstPps * begunMs) / 1000;
  const isLate = left * sampledPps < samplesPerPass * ratePps;
  const firstMs = firstPassMs(host, begunMs);
  let echoes = (Math.max(0, firstMs - begunMs) * samplesOf(firstPps)) / 1000;
  const wanted = isLate ? silentSendings : silentSendings - 1;
  let sendings = Math.min(most, wanted);
  const calmPps = (1000 * questions * (wanted - 1)) / (echoedTimeouts * timing.initialRttTimeoutMs);
  const grownPps = Math.max(firstPps, Math.min(topPps, (1000 * questions) / firstMs));
  const laterPps = Math.min(Math.max(calmPps, leastPps), grownPps);
  const laterEchoes = samplesOf(laterPps);
  const askedPps = laterPps - laterEchoes;
  echoes += ((sendings - 1) * questions * laterEchoes) / askedPps;
  // Two silences are enough once so many echoes have come back; until then those whose turn it is are asked a third time.
  if (sendings < Math.min(most, silentSendings) && echoes < enoughSamples) {
    const missing = Math.min(enoughSamples - echoes, (questions * laterEchoes) / askedPps);
    sendings += (missing * askedPps) / laterEchoes / questions;
    echoes += missing;
  }
  const laterMs = ((sendings - 1) * 1000 * questions) / askedPps;
  const endMs = Math.min(sendings, 2) * waitMs;
  return { sendings, echoes, durationMs: Math.max(firstMs, waitMs) + laterMs + endMs };
}

/** The rate doubles each time that eight echoes have come back, as far as it may. */
function firstPassMs(host: SilentHost, begunMs: number): number {
  const { questions, topPps } = host;
  const firstPps = startPps(host);
  const left = questions - (firstPps * begunMs) / 1000;
  if (left <= 0) return (1000 * questions) / firstPps;
  if (topPps <= firstPps) return begunMs + (1000 * left) / (firstPps - samplesOf(firstPps));
  const stepMs = (1000 * samplesPerPass) / sampledPps;
  const doubledMs = begunMs + stepMs * Math.log2(1 + (1000 * left) / (firstPps * stepMs));
  return Math.max(doubledMs, (1000 * questions) / topPps);
}

function startPps({ ratePps, topPps }: SilentHost): number {
  return Math.min(ratePps, topPps);
}

/** Echo requests a second among so many packets. */
function samplesOf(pps: number): number {
  return Math.min(sampledPps, pps / (probesPerSample + 1));
}

/** Where no loss is known three silences make a miss rarer than one in 10,000. */
const silentSendings = 3;
// What follows is the engine's: its reasons stand in `src/engine/tables/rate-constants.ts`.
const ownPaceFrom = 64;
const spreadFrom = 16;
const fewestSilent = 16;
const sampledPps = 50;
const probesPerSample = 6;
const samplesPerPass = 8;
const lastPassPps = 50;
const longestLastPass = 3;
const echoedTimeouts = 2;
/** So many without a loss make two silences enough: 1 / (78 + 22) is a hundredth. */
const enoughSamples = 78;
