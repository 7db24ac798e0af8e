/**
 * `npm run bench`: how fast, how frugal and how right Portolan is, beside its peers on the same machine.
 *
 *     npm run bench                     every case
 *     npm run bench -- near-syn loss-5  these cases, or the groups `speed` and `truth`
 *     npm run bench -- --record         and keep the table in bench/RESULTS.md
 *     npm run bench -- --list           names only
 *
 * @module
 */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labMissing } from '../test/net/lab/requirements.ts';
import type { Case } from './case.ts';
import { firewallCases } from './cases/firewalls.ts';
import { limitCases } from './cases/limits.ts';
import { manyCases } from './cases/many.ts';
import { nameCases } from './cases/names.ts';
import { nearCases } from './cases/near.ts';
import { pathCases } from './cases/paths.ts';
import { recordCases } from './cases/records.ts';
import { silentCases } from './cases/silent.ts';
import { systemCases } from './cases/systems.ts';
import { troubleCases } from './cases/trouble.ts';
import { isInstalled } from './native.ts';
import { NotYet } from './scanners.ts';
import { header, type Line, linesOf, lineText, mergeResults } from './table.ts';

// Scans that are measured are kept where nobody looks for his own.
process.env['XDG_STATE_HOME'] ??= mkdtempSync(join(tmpdir(), 'portolan-state-'));

const cases: readonly Case[] = [
  ...nearCases,
  ...silentCases,
  ...manyCases,
  ...pathCases,
  ...limitCases,
  ...firewallCases,
  ...systemCases,
  ...troubleCases,
  ...nameCases,
  ...recordCases,
];

async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const strangers = names.filter((name) => !cases.some((each) => each.name === name || each.group === name));
  if (strangers.length > 0 || args.some((arg) => arg.startsWith('--') && !flags.includes(arg))) {
    console.error(
      `bench: cannot use ${strangers[0] ?? args.find((arg) => arg.startsWith('--'))}; known: ${knownNames()}`,
    );
    process.exitCode = 2;
    return;
  }
  if (args.includes('--list')) {
    for (const { name, group, about } of cases) console.log(`${name.padEnd(14)} ${group}  ${about}`);
    return;
  }
  const missing = labMissing();
  const chosen = cases.filter(
    ({ name, group }) => names.length === 0 || names.includes(name) || names.includes(group),
  );
  console.log(header());
  const lines: Line[] = [];
  for (const each of chosen) {
    for (const line of await measured(each, missing)) {
      lines.push(line);
      console.log(lineText(line));
    }
  }
  if (args.includes('--record')) record(lines);
}

/** The lines of one case; a case that cannot be measured says why in its line. */
async function measured(each: Case, missing: string | undefined): Promise<readonly Line[]> {
  const absent = each.needs.filter((program) => !isInstalled(program));
  const here = each.needsNoLab === true ? undefined : missing;
  const why = absent.length > 0 ? `not installed: ${absent.join(', ')}` : here;
  if (why !== undefined && each.name !== 'start-up') return linesOf(each, why);
  try {
    return linesOf(each, await each.measure(Number(process.env['PORTOLAN_BENCH_ROUNDS'] ?? each.rounds)));
  } catch (error) {
    if (error instanceof NotYet) return linesOf(each, 'not in this version');
    return linesOf(each, `failed: ${(error as Error).message.split('\n')[0]}`);
  }
}

function record(lines: readonly Line[]): void {
  const path = new URL('RESULTS.md', import.meta.url);
  let before = '';
  try {
    before = readFileSync(path, 'utf8');
  } catch {
    // The first record.
  }
  const order = cases.map(({ about }) => about);
  writeFileSync(path, mergeResults(before, lines, order));
}

function knownNames(): string {
  return ['speed', 'truth', ...cases.map(({ name }) => name), ...flags].join(' ');
}

const flags: readonly string[] = ['--record', '--list'];

// Whoever closes the pipe has seen enough; the beds are removed on the way out.
process.stdout.on('error', () => process.exit(0));
await main(process.argv.slice(2));
