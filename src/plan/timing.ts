/**
 * The six timing templates and the single options that override them. A template bounds the pace, it does not
 * set it: the engine finds the rate a path bears.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import type { Timing } from './plan.ts';
import { type Request, type TimingName, timingNames } from './request.ts';

/** The bounds a request asks for: its template, then its single options. */
export function chooseTiming(request: Request): Timing {
  const template = request.timing ?? 'normal';
  if (!timingNames.includes(template)) {
    throw badRequest(
      `${named('timing')} ${String(template)}: wanted one of ${timingNames.join(', ')}, or 0 to 5`,
    );
  }
  for (const [field, bounds] of Object.entries(timingLimits))
    check(field as keyof typeof timingLimits, bounds, request);
  const base = templates[template];
  const timing: Timing = {
    template,
    minRatePps: request.minRatePps ?? 0,
    maxRatePps: request.maxRatePps ?? null,
    scanDelayMs: request.scanDelayMs ?? base.scanDelayMs,
    hostTimeoutMs: request.hostTimeoutMs ?? base.hostTimeoutMs,
    ...chooseRtt(request, base),
    maxParallelism: request.maxParallelism ?? base.maxParallelism,
  };
  const { minRatePps, maxRatePps } = timing;
  if (maxRatePps === 0 && minRatePps > 0) {
    throw badRequest(
      `${named('minRatePps')} ${minRatePps} beside ${named('maxRatePps')} 0, which sends as fast as it can; wanted one of them`,
    );
  }
  if (maxRatePps !== null && minRatePps > maxRatePps) {
    throw badRequest(`${named('minRatePps')} ${minRatePps} is above ${named('maxRatePps')} ${maxRatePps}`);
  }
  // Most of what a sweep asks is silent: each repetition is one of everything.
  const maxRetries = request.maxRetries ?? (request.sweep === true ? 1 : base.maxRetries);
  return maxRetries === undefined ? timing : { ...timing, maxRetries };
}

type Template = Omit<Timing, 'template' | 'minRatePps' | 'maxRatePps'>;
type RttBounds = Pick<Timing, 'initialRttTimeoutMs' | 'minRttTimeoutMs' | 'maxRttTimeoutMs'>;

/** What was asked for stands; the template's values give way to it. */
function chooseRtt(request: Request, base: Template): RttBounds {
  const { initialRttTimeoutMs: initial, minRttTimeoutMs: min, maxRttTimeoutMs: max } = request;
  refuseAbove(named('minRttTimeoutMs'), min, named('maxRttTimeoutMs'), max);
  refuseAbove(named('minRttTimeoutMs'), min, named('initialRttTimeoutMs'), initial);
  refuseAbove(named('initialRttTimeoutMs'), initial, named('maxRttTimeoutMs'), max);
  const upper = max ?? Math.max(base.maxRttTimeoutMs, min ?? 0, initial ?? 0);
  const lower = min ?? Math.min(base.minRttTimeoutMs, upper, initial ?? upper);
  const first = initial ?? Math.min(Math.max(base.initialRttTimeoutMs, lower), upper);
  return { initialRttTimeoutMs: first, minRttTimeoutMs: lower, maxRttTimeoutMs: upper };
}

function refuseAbove(
  lowName: string,
  low: number | undefined,
  highName: string,
  high: number | undefined,
): void {
  if (low === undefined || high === undefined || low <= high) return;
  throw badRequest(`${lowName} ${low}ms is above ${highName} ${high}ms`);
}

function check(
  field: keyof typeof timingLimits,
  { option, low, high, whole }: Limit,
  request: Request,
): void {
  const value = request[field];
  if (value === undefined) return;
  if (typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value)))
    return;
  const unit = field.endsWith('Ms') ? ' milliseconds' : '';
  throw badRequest(
    `${option} ${String(value)}: wanted a ${whole ? 'whole ' : ''}number from ${low} to ${high}${unit}`,
  );
}

interface Limit {
  readonly option: string;
  readonly low: number;
  readonly high: number;
  readonly whole?: boolean;
}

const longestMs = 1e12;

/** What the numbers of a request, and of a plan, may be. */
export const timingLimits = {
  minRatePps: { option: named('minRatePps'), low: 0, high: 1e9 },
  maxRatePps: { option: named('maxRatePps'), low: 0, high: 1e9 },
  maxRetries: { option: named('maxRetries'), low: 0, high: 255, whole: true },
  scanDelayMs: { option: named('scanDelayMs'), low: 0, high: longestMs },
  hostTimeoutMs: { option: named('hostTimeoutMs'), low: 0, high: longestMs },
  initialRttTimeoutMs: { option: named('initialRttTimeoutMs'), low: 1, high: longestMs },
  minRttTimeoutMs: { option: named('minRttTimeoutMs'), low: 1, high: longestMs },
  maxRttTimeoutMs: { option: named('maxRttTimeoutMs'), low: 1, high: longestMs },
  maxParallelism: { option: named('maxParallelism'), low: 1, high: 1e6, whole: true },
  cooldownMs: { option: named('cooldownMs'), low: 0, high: longestMs },
} as const satisfies Partial<Record<keyof Request, Limit>>;

/**
 * The bounds of the templates. One second before anything is known of a path is RFC 6298's (2.1); a tenth of a
 * second at least keeps a delayed answer (a busy host, an ARP resolution on the way) from counting as loss.
 * The three slow ones ask one question at a time and wait between two: they hide from detectors that count.
 */
const normal: Template = {
  scanDelayMs: 0,
  hostTimeoutMs: 0,
  initialRttTimeoutMs: 1000,
  minRttTimeoutMs: 100,
  maxRttTimeoutMs: 10_000,
  maxParallelism: 0,
};

const templates: Readonly<Record<TimingName, Template>> = {
  paranoid: { ...normal, scanDelayMs: 300_000, maxParallelism: 1 },
  sneaky: { ...normal, scanDelayMs: 15_000, maxParallelism: 1 },
  polite: { ...normal, scanDelayMs: 400, maxParallelism: 1 },
  normal,
  aggressive: { ...normal, initialRttTimeoutMs: 500, maxRttTimeoutMs: 1250, maxRetries: 6 },
  insane: {
    ...normal,
    initialRttTimeoutMs: 250,
    minRttTimeoutMs: 50,
    maxRttTimeoutMs: 300,
    maxRetries: 2,
    hostTimeoutMs: 900_000,
  },
};
