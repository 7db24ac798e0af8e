/**
 * The checks of an audit as comma-separated values (RFC 4180), a row a check.
 *
 * @module
 */

import type { CheckFact } from '../../model/fact.ts';
import { csvCell } from '../escape.ts';
import type { Writer } from '../writer.ts';

/** A writer of CSV (`-oC`). */
export function checkCsv(): Writer {
  return {
    name: 'csv',
    mediaType: 'text/csv',
    begin: (_scan, out) => out(`${columns.join(',')}\r\n`),
    fact(fact, out) {
      if (fact.type !== 'check') return;
      const cells = columns.map((column) => {
        const value = fact[column];
        return value === undefined ? '' : csvCell(typeof value === 'boolean' ? String(value) : value);
      });
      out(`${cells.join(',')}\r\n`);
    },
  };
}

const columns = [
  'type',
  'rule',
  'host',
  'name',
  'protocol',
  'port',
  'sourcePort',
  'expected',
  'found',
  'reason',
  'result',
  'line',
  'why',
  'arrived',
] as const satisfies readonly (keyof CheckFact)[];
