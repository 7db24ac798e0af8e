/**
 * Changes as CSV: a row each, with what was seen before and after as states and in words.
 *
 * @module
 */

import type { ChangeFact } from '../../model/change-facts.ts';
import { csvRow } from '../lines.ts';
import { sideText } from './words.ts';
import type { ChangeWriter } from './writer.ts';

/** A writer of CSV. */
export function csvChanges(): ChangeWriter {
  return {
    name: 'csv',
    mediaType: 'text/csv',
    begin: (out) => out(`${columns.join(',')}\r\n`),
    change: (change, out) => out(csvRow(columns, fieldsOf(change))),
  };
}

function fieldsOf(change: ChangeFact): Readonly<Record<string, unknown>> {
  const { before, after, ...fields } = change;
  return {
    ...fields,
    stateBefore: before?.state,
    stateAfter: after?.state,
    before: sideText(before),
    after: sideText(after),
    attempts: after?.attempts,
  };
}

const columns = [
  'type',
  'host',
  'name',
  'protocol',
  'port',
  'change',
  'stateBefore',
  'stateAfter',
  'before',
  'after',
  'attempts',
  'certain',
  'at',
];
