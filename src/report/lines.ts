/**
 * Facts that come without a scan and a summary around them, as lines of NDJSON and rows of CSV.
 *
 * @module
 */

import type { RecordedFact } from '../model/fact.ts';
import { csvCell, jsonLine } from './escape.ts';
import { factShapes } from './fact-shapes.ts';

/** A fact as a line of NDJSON, its fields in the documented order, its end included. */
export function ndjsonLine(fact: RecordedFact): string {
  const values = fact as unknown as Readonly<Record<string, unknown>>;
  const fields = ['type', 'n', ...Object.keys(factShapes[fact.type])];
  return `${jsonLine(Object.fromEntries(fields.map((field) => [field, values[field]])))}\n`;
}

/** Fields as a row of CSV. */
export function csvRow(columns: readonly string[], values: Readonly<Record<string, unknown>>): string {
  const cells = columns.map((column) => {
    const value = values[column];
    if (value === undefined || value === null) return '';
    if (Array.isArray(value)) return csvCell(value.join(' '));
    return csvCell(typeof value === 'number' || typeof value === 'string' ? value : String(value));
  });
  return `${cells.join(',')}\r\n`;
}
