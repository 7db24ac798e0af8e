/**
 * The policy of a filter as lines of the normal format: a table, and a picture of the port space.
 *
 * @module
 */

import type { PolicyFact } from '../../model/fact.ts';
import { printable } from '../escape.ts';
import { someRanges } from '../phrases.ts';
import type { ShowOptions } from '../writer.ts';
import { type PolicyRow, policyRows, portsIn } from './rows.ts';
import { cellKinds, kindsIn, portSpace } from './space.ts';

/** What a filter does with the ports of a host; no line where nothing is known of it. */
export function policyLines(policies: readonly PolicyFact[], show: ShowOptions): readonly string[] {
  if (policies.length === 0) return [];
  return ['', ...tableLines(policies, show), ...spaceLines(policies, show)];
}

/** The column that may be long is the last one. */
function tableLines(policies: readonly PolicyFact[], show: ShowOptions): readonly string[] {
  const ranges = policyRows(policies);
  const rows = ranges.map((row) => {
    const { exposure, action, hop, sure, protocol } = row;
    return [exposure, printable(action), hop, sure, `${protocol} ${portsText(row, ranges, show)}`];
  });
  const table = [['EXPOSURE', 'ACTION', 'HOP', 'SURE', 'PORTS'], ...rows];
  const widths = [0, 1, 2, 3].map((column) =>
    table.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0),
  );
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

/** What most ports have in common needs no long list: it is whatever stands in no other row. */
function portsText(row: PolicyRow, rows: readonly PolicyRow[], show: ShowOptions): string {
  const shortened = someRanges(row.ports, show);
  if (shortened === row.ports) return shortened;
  const count = portsIn(row.ports);
  const isMost = rows.every(({ protocol, ports }) => protocol !== row.protocol || portsIn(ports) <= count);
  return isMost ? `all others that were asked: ${count} ports (-v names them)` : shortened;
}

/** Nothing where the screen is too narrow. */
function spaceLines(policies: readonly PolicyFact[], { columns = wide }: ShowOptions): readonly string[] {
  const cellCount = columns >= wide ? wide - titleWidth : narrow - titleWidth;
  if (columns < narrow) return [];
  const lines = portSpace(policies, cellCount);
  const legend = kindsIn(lines).map((kind) => `${cellKinds[kind].sign} ${cellKinds[kind].word}`);
  return [
    '',
    ...lines.map(({ title, cells }) => {
      const signs = cells.map((kind) => (kind === undefined ? ' ' : cellKinds[kind].sign)).join('');
      return `${title.padEnd(titleWidth - 2)}|${signs}|`;
    }),
    `${' '.repeat(titleWidth - 2)} ${legend.join(', ')}`,
  ];
}

/** `tcp 1024-65535`, and a bar on both sides of the cells: 64 of them fit a usual terminal. */
const titleWidth = 16;
const wide = 80;
const narrow = 48;
