/**
 * The table of results, on the screen and in RESULTS.md.
 *
 * @module
 */

import { cpus, release } from 'node:os';
import type { Case, Row } from './case.ts';

/** One line of the table, cell by cell. */
export type Line = readonly [
  name: string,
  portolan: string,
  peer: string,
  ratio: string,
  bar: string,
  holds: string,
];

/** The lines of a case: its rows, or one line that says why there are none. */
export function linesOf({ about }: Case, rows: readonly Row[] | string): readonly Line[] {
  if (typeof rows === 'string') return [[about, rows, '–', '–', '–', '–']];
  return rows.map(({ part, portolan, peer, ratio, bar, holds }) => [
    part === undefined ? about : `${about}: ${part}`,
    portolan,
    peer,
    ratio === undefined ? '–' : ratio.toFixed(2),
    bar,
    bar === '–' ? '–' : holds ? 'yes' : 'NO',
  ]);
}

/** The first lines on the screen. */
export function header(): string {
  return `${machine()}\n${lineText(titles)}\n${'─'.repeat(widths.reduce((sum, width) => sum + width + 2, 0))}`;
}

/** A line on the screen. */
export function lineText(line: Line): string {
  return line
    .map((cell, i) => cell.padEnd(widths[i] as number))
    .join('  ')
    .trimEnd();
}

/**
 * RESULTS.md with these lines in it: those of a case measured again replace the old ones, others stay. Each says
 * when and where it was measured.
 */
export function mergeResults(before: string, lines: readonly Line[], order: readonly string[]): string {
  const caseOf = (name: string) => order.find((about) => name === about || name.startsWith(`${about}: `));
  const measured = new Set(lines.map(([name]) => caseOf(name)));
  const kept = before
    .split('\n')
    .filter((line) => /^\|\s*(?!\s|case |-+ *\|)/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
    .filter(([name]) => caseOf(name as string) !== undefined && !measured.has(caseOf(name as string)));
  const date = new Date().toISOString().slice(0, 10);
  const rows = [...kept, ...lines.map((line) => [...line, date])].sort(
    (a, b) =>
      order.indexOf(caseOf(a[0] as string) as string) - order.indexOf(caseOf(b[0] as string) as string),
  );
  const table = [[...titles, 'date'], ...rows];
  const wide = table.reduce<readonly number[]>(
    (most, cells) => cells.map((cell, i) => Math.max(most[i] ?? 3, cell.length)),
    [],
  );
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(wide[i] as number)).join(' | ')} |`;
  const [head, ...body] = table.map(row);
  return `${[
    '# Results',
    '',
    'Written by `npm run bench -- --record`. docs/performance.md says how each row is measured.',
    '',
    `Machine of the newest rows: ${machine()}.`,
    '',
    head,
    `| ${wide.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...body,
  ].join('\n')}\n`;
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, kernel ${release()}, Node ${process.versions.node}`;
}

const titles: Line = ['case', 'Portolan', 'peer', 'ratio', 'bar', 'holds'];
const widths = [48, 34, 30, 6, 20, 5];
