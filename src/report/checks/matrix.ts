/**
 * A matrix of vantage points as text and as NDJSON.
 *
 * @module
 */

import type { MatrixCell, MatrixRow } from '../../model/matrix.ts';
import { formatPorts } from '../../model/ports.ts';
import { jsonLine, printable } from '../escape.ts';
import type { Out } from '../writer.ts';

/** What is told of a matrix, and where: a vantage point is called by the file of its record. */
export interface MatrixWriter {
  row(row: MatrixRow, out: Out): void;
  end(out: Out): void;
}

/** A table of what is not as it should be, or not the same everywhere; `tellsAll`: of everything. */
export function matrixText(vantages: readonly string[], tellsAll: boolean): MatrixWriter {
  const rows: { readonly row: MatrixRow; readonly ports: number[] }[] = [];
  const counts = vantages.map(() => ({ pass: 0, fail: 0, inconclusive: 0, 'not-looked': 0 }));
  return {
    row(row) {
      for (const [i, { result }] of row.cells.entries()) (counts[i] as (typeof counts)[number])[result]++;
      if (!tellsAll && row.cells.every(({ result }) => result === 'pass')) return;
      const last = rows.at(-1);
      if (last !== undefined && isAlike(last.row, row)) last.ports.push(row.port);
      else rows.push({ row, ports: [row.port] });
    },
    end(out) {
      const tell = (line: string) => out(`${printable(line).trimEnd()}\n`);
      for (const [i, vantage] of vantages.entries()) tell(`# ${i + 1}: ${vantage}`);
      const told = rows.map(({ row, ports }) => [
        hostOf(row),
        portsOf(row, ports),
        ...row.cells.map(cellText),
      ]);
      if (told.length > 0) tell('');
      if (told.length > 0)
        for (const line of table([['HOST', 'PORT', ...vantages.map((_, i) => `${i + 1}`)], ...told]))
          tell(line);
      tell('');
      const heads = ['', 'PASS', 'FAIL', 'INCONCLUSIVE', 'NOT LOOKED'];
      const sums = counts.map((count, i) => [`${i + 1}`, ...Object.values(count).map(String)]);
      for (const line of table([heads, ...sums])) tell(line);
    },
  };
}

/** A line a row, with the name of each vantage point in its cell. */
export function matrixNdjson(vantages: readonly string[]): MatrixWriter {
  let n = 0;
  return {
    row({ cells, ...row }, out) {
      const named = cells.map((cell, i) => ({ vantage: vantages[i], ...cell }));
      out(`${jsonLine({ type: 'matrix', n: ++n, ...row, cells: named })}\n`);
    },
    end: () => undefined,
  };
}

function isAlike(a: MatrixRow, b: MatrixRow): boolean {
  return (
    a.host === b.host &&
    a.protocol === b.protocol &&
    a.sourcePort === b.sourcePort &&
    a.port < b.port &&
    a.cells.every((cell, i) => cellText(cell) === cellText(b.cells[i] as MatrixCell))
  );
}

function hostOf({ host, name }: MatrixRow): string {
  return name === undefined || name === host ? host : `${name} (${host})`;
}

function portsOf({ protocol, sourcePort }: MatrixRow, ports: readonly number[]): string {
  const from = sourcePort === undefined ? '' : ` from port ${sourcePort}`;
  return `${protocol}/${formatPorts([...new Set(ports)].sort((a, b) => a - b))}${from}`;
}

function cellText(cell: MatrixCell): string {
  return cell.result === 'not-looked' ? '-' : `${cell.result} (${cell.found})`;
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  // What cannot be seen is written with more characters.
  const shown = rows.map((row) => row.map(printable));
  const widths = (shown[0] ?? []).map((_, column) =>
    Math.max(...shown.map((row) => (row[column] as string).length)),
  );
  return shown.map((row) => row.map((cell, column) => cell.padEnd(widths[column] as number)).join('  '));
}
