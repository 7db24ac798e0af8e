/** What a forecast says of a host that stays silent, against what the engine does with one. @module */

import { expect, test } from 'vitest';
import { type SilentHost, silentCourse } from '../../src/plan/silent-course.ts';
import { chooseTiming } from '../../src/plan/timing.ts';
import type { HostModel } from './network.ts';
import { normalLimits, simulate } from './run.ts';

const discovery = { techniques: ['ping-echo'], techniqueOf: new Uint8Array(1), portOf: new Uint16Array(1) };
const rttUs = 20_000;

interface Row {
  readonly heard: SilentHost['heard'];
  readonly questions: number;
  readonly hosts?: number;
  readonly maxRatePps?: number;
  readonly maxRetries?: number;
}

/** What is sent and how long it takes: as it is forecast, and as it is. */
function compare({ heard, questions, hosts = 1, maxRatePps, maxRetries }: Row) {
  const timing = chooseTiming({
    targets: [],
    ...(maxRatePps !== undefined && { maxRatePps }),
    ...(maxRetries !== undefined && { maxRetries }),
  });
  const linkPps = maxRatePps ?? 20_000;
  const ratePps = Math.min(normalLimits.hostRate.startPps, linkPps);
  const topPps = linkPps / hosts;
  const course = silentCourse({
    questions,
    heard,
    ratePps,
    topPps,
    leastPps: 1,
    rttMs: rttUs / 1000,
    timing,
  });
  const host: HostModel = { port: () => 'drop', ...(heard === 'echo' && { echoesPerSecond: 1000 }) };
  const bounded = { startPps: ratePps, minPps: 1, maxPps: maxRatePps ?? Number.POSITIVE_INFINITY };
  const outcome = simulate({
    seed: 1,
    path: { rttUs },
    hosts: new Array<HostModel>(hosts).fill(host),
    ports: questions,
    limits: {
      maxAttempts: (maxRetries ?? 7) + 1,
      hostRate: bounded,
      linkRate: { ...bounded, startPps: Math.min(linkPps, normalLimits.linkRate.startPps) },
    },
    ...(heard === 'echo' && { discovery }),
  });
  return {
    packets: [
      hosts * (course.sendings * questions + course.echoes),
      outcome.sent - (heard === 'echo' ? hosts : 0),
    ],
    durationMs: [course.durationMs, outcome.elapsedMs],
  } as const;
}

const rows: readonly Row[] = [
  ...[1, 20, 63, 64, 100, 300, 500, 600, 1000, 5000, 20_000].map(
    (questions) => ({ heard: 'echo', questions }) as const,
  ),
  ...[1, 20, 63, 64, 300, 1000, 5000].map((questions) => ({ heard: 'nothing', questions }) as const),
  { heard: 'echo', questions: 300, maxRetries: 1 },
  { heard: 'echo', questions: 1000, maxRetries: 1 },
  { heard: 'echo', questions: 1000, maxRetries: 0 },
  { heard: 'nothing', questions: 300, maxRetries: 1 },
  { heard: 'nothing', questions: 300, maxRetries: 0 },
  { heard: 'echo', questions: 300, hosts: 20 },
  { heard: 'echo', questions: 200, hosts: 20, maxRatePps: 500 },
  { heard: 'nothing', questions: 200, hosts: 20, maxRatePps: 500 },
  ...[50, 500, 5000].flatMap(
    (maxRatePps) =>
      [
        { heard: 'echo', questions: 100, maxRatePps },
        { heard: 'echo', questions: 1000, maxRatePps },
        { heard: 'nothing', questions: 500, maxRatePps },
      ] as const,
  ),
];

test.each(rows.map((row) => [JSON.stringify(row), row] as const))('a silent host: %s', (_, row) => {
  const { packets, durationMs } = compare(row);
  expect(Math.abs(packets[1] / packets[0] - 1), String(packets)).toBeLessThan(0.1);
  expect(Math.abs(durationMs[1] / durationMs[0] - 1), String(durationMs)).toBeLessThan(0.15);
});
