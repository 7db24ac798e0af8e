/** `--dry-run`: what a scan would cost, as text. Nothing is sent. @module */

import { type ExitCode, exitCode } from '../base/errors.ts';
import { buildPlan, readEnvironment } from '../plan/build-plan.ts';
import type { Cost, Forecast } from '../plan/forecast.ts';
import { quoted } from '../plan/quoted.ts';
import { jsonLine, printable } from '../report/escape.ts';
import { forecast } from '../scan/phases/forecast.ts';
import { optionWords } from './option-words.ts';
import { mustWrite, print } from './print.ts';
import { clock } from './progress.ts';
import type { ScanCall } from './scan-call.ts';
import { Screen } from './screen.ts';
import { openFile } from './sink.ts';
import type { World } from './world.ts';

/** Plans the scan and prints the forecast: as text, and with `-oJ` as one line of JSON. */
export async function forecastScan({ request, outputs }: ScanCall, world: World): Promise<ExitCode> {
  // The normal format is what the screen shows unless a record goes there.
  const records = outputs.filter(({ format }) => format === 'ndjson');
  const isRecord = records.some(({ path }) => path === '-');
  const files = records
    .filter(({ path }) => path !== '-')
    .map(({ path }) => ({ path, place: openFile(path) }));
  const environment = readEnvironment();
  const plan = await buildPlan(request, environment, { words: optionWords });
  const screen = new Screen(world);
  for (const warning of plan.warnings) screen.notice(`portolan: warning: ${warning}`);
  const { interfaces } = environment;
  const cost = forecast(plan, { ...(interfaces !== undefined && { interfaces }) }, optionWords);
  const record = `${jsonLine({ type: 'forecast', schema: 1, ...cost })}\n`;
  for (const { path, place } of files) {
    mustWrite(quoted(path), () => {
      place.write(record);
      place.close();
    });
  }
  print(isRecord ? record : describeForecast(cost), world);
  return plan.incomplete ? exitCode.incomplete : exitCode.done;
}

/** The forecast as lines of text: a row for each case that bounds the cost. */
export function describeForecast(told: Forecast): string {
  const { hosts, questions, allAnswer, noneAnswers, nobodyThere, assumptions } = told;
  const isAsked = noneAnswers !== undefined;
  const cases: readonly (readonly [string, Cost | undefined])[] = [
    [isAsked ? 'every port answers' : 'everybody answers', allAnswer],
    ['no port answers', noneAnswers],
    ['nobody is there', nobodyThere],
  ];
  const rows = cases.flatMap(([name, cost]) => (cost === undefined ? [] : [rowOf(`if ${name}`, cost)]));
  const heads = ['', 'packets', 'bytes', told.rate === 'bounded' ? 'time' : 'time, about', 'per target'];
  return [
    'Forecast; nothing was sent.',
    '',
    `Targets:     ${count(hosts)}`,
    `Questions:   ${count(questions)} (ports of targets, by technique)`,
    '',
    ...aligned([heads, ...rows]),
    ...(assumptions.length === 0 ? [] : ['', 'Assumed:']),
    ...assumptions.map((line) => `  - ${line}`),
    '',
  ]
    .map(printable)
    .join('\n');
}

function rowOf(name: string, { packets, bytes, durationMs, perTarget }: Cost): readonly string[] {
  const each = `${count(perTarget.packets)} packets, ${size(perTarget.bytes)}`;
  return [name, count(packets), size(bytes), duration(durationMs), each];
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join('   ')
      .trimEnd(),
  );
}

function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? Math.round(value) : value.toPrecision(3)} ${units[unit]}`;
}

/** Seconds for the short ones, a clock for the long ones. */
function duration(timeMs: number): string {
  return timeMs < 60_000 ? `${(timeMs / 1000).toPrecision(2)} s` : clock(timeMs);
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
