/** Runs a look at names: from what was typed to reports and exit code. @module */

import { type ExitCode, exitCode } from '../base/errors.ts';
import { jsonLine } from '../report/escape.ts';
import { writers } from '../report/index.ts';
import { nameWriters } from '../report/names/index.ts';
import { withHosts } from '../report/names/with-hosts.ts';
import { forecastNames } from '../scan/names/forecast-names.ts';
import type { NamesCall } from './names-call.ts';
import { print } from './print.ts';
import { Screen } from './screen.ts';
import { tellFacts } from './tell-facts.ts';
import type { World } from './world.ts';

type Call = Extract<NamesCall, { wants: 'names' | 'forecast' }>;

/** Looks, and returns the code to end with. */
export async function runNames({ request, outputs, view, found }: Call, world: World): Promise<ExitCode> {
  const screen = new Screen(world);
  const { queries } = forecastNames(request);
  if (queries >= manyQueries || view.verbosity > 0)
    screen.notice(
      `portolan: forecast: ${queries} queries${boundText(request.budget)}, and what answers lead to`,
    );
  const show = { openOnly: view.openOnly, reason: view.reason, verbosity: view.verbosity };
  const { code } = await tellFacts(
    {
      view,
      show,
      reports: outputs.map(({ path, format }) => ({
        path,
        writer:
          found === undefined || format !== 'normal'
            ? nameWriters[format](show)
            : withHosts(nameWriters[format](show), writers[format](show)),
        isText: format === 'normal',
      })),
      readsInput: false,
      facts: async (options) =>
        found === undefined ? world.names(request, options) : world.namesAndScan(request, found, options),
    },
    screen,
    world,
  );
  return code;
}

/** `--dry-run`: how many queries it would take, as text, or as a line of JSON with `-oJ -`. */
export function forecastCall({ request, outputs }: Call, world: World): ExitCode {
  const { names, queries, parts } = forecastNames(request);
  const isRecord = outputs.some(({ format, path }) => format === 'ndjson' && path === '-');
  const { budget } = request;
  const told = {
    type: 'forecast',
    schema: 1,
    names,
    queries,
    parts,
    ...(budget !== undefined && { budget }),
  };
  const lines = [
    'Forecast; nothing was sent.',
    '',
    `Names:    ${names}`,
    `Queries:  ${queries}${boundText(budget)}, and what answers lead to`,
    ...parts.map(({ part, queries: some }) => `  ${part}: ${some}`),
    '',
  ];
  print(isRecord ? `${jsonLine(told)}\n` : lines.join('\n'), world);
  return exitCode.done;
}

function boundText(budget: number | undefined): string {
  return budget === undefined ? '' : ` (at most ${budget})`;
}

/** So many that whoever waits for them wants to know. */
const manyQueries = 1000;
