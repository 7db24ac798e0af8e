/**
 * An audit for reading: what is not as it should be, with the policy's line, then the counts of each rule.
 *
 * @module
 */

import type { CheckFact, CheckResult } from '../../model/fact.ts';
import { printable } from '../escape.ts';
import { calendarTime, commandLine, counted, lossText, trafficText } from '../phrases.ts';
import type { Writer } from '../writer.ts';
import { CheckRuns, howOf, whatOf } from './check-runs.ts';
import type { CheckShow } from './check-show.ts';

/** A writer of text (`-oN`, and the screen); with `-v` it tells passes too. */
export function checkText({ file, verbosity }: CheckShow): Writer {
  const rules = new Map<string, Record<CheckResult, number>>();
  let tell: (line: string) => void = () => {};
  const runs = new CheckRuns((run) => {
    const { result, rule, line } = run.check;
    if (result === 'pass' && verbosity === 0) return;
    tell(`${words[result]} ${file}:${line} ${rule}: ${whatOf(run)}: ${howOf(run.check)}`);
  });
  return {
    name: 'text',
    mediaType: 'text/plain',
    begin(scan, out) {
      tell = (line) => out(`${printable(line)}\n`);
      tell(`# Portolan ${scan.version} started ${calendarTime(scan.startedAt)} as: ${commandLine(scan)}`);
    },
    fact(fact) {
      if (fact.type !== 'check') return;
      count(rules, fact);
      runs.take(fact);
    },
    end(summary) {
      runs.end();
      tell('');
      for (const line of tableOf(rules)) tell(line);
      tell('');
      const { pass = 0, fail = 0, inconclusive = 0 } = summary.checks ?? {};
      const outcome = fail > 0 ? 'violated' : inconclusive > 0 ? 'not decided' : 'kept';
      const all = counted(pass + fail + inconclusive, 'check');
      const seconds = (summary.elapsedMs / 1000).toFixed(2);
      tell(
        `# The policy is ${outcome}: ${all}, ${pass} passed, ${fail} failed, ${inconclusive} inconclusive, in ${seconds} seconds`,
      );
      tell(`# Packets: ${trafficText(summary)}`);
      const loss = lossText(summary);
      if (loss !== undefined) tell(`# Loss: ${loss}`);
      if (summary.exit === 'interrupted') tell('# Interrupted: what was not asked is inconclusive');
    },
  };
}

function count(rules: Map<string, Record<CheckResult, number>>, { rule, result }: CheckFact): void {
  let counts = rules.get(rule);
  if (counts === undefined) {
    counts = { pass: 0, fail: 0, inconclusive: 0 };
    rules.set(rule, counts);
  }
  counts[result]++;
}

function tableOf(rules: ReadonlyMap<string, Readonly<Record<CheckResult, number>>>): readonly string[] {
  const rows = [
    ['PASS', 'FAIL', 'INCONCLUSIVE', 'RULE'],
    ...Array.from(rules, ([rule, { pass, fail, inconclusive }]) => [
      `${pass}`,
      `${fail}`,
      `${inconclusive}`,
      rule,
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  return rows.map((row) =>
    row.map((cell, column) => (column < 3 ? cell.padStart(widths[column] as number) : cell)).join('  '),
  );
}

const words = { pass: 'PASS', fail: 'FAIL', inconclusive: 'INCONCLUSIVE' } as const;
