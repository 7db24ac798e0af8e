/** Names as CSV: a row for each fact that is told. @module */

import type { RecordedFact } from '../../model/fact.ts';
import { csvCell } from '../escape.ts';
import type { ShowOptions, Writer } from '../writer.ts';

/** A writer of CSV (`-oC`). */
export function csv(_show: ShowOptions): Writer {
  return {
    name: 'csv',
    mediaType: 'text/csv',
    begin: (_scan, out) => out(`${columns.join(',')}\r\n`),
    fact(fact, out) {
      const values = valuesOf(fact);
      if (values === undefined) return;
      out(`${columns.map((column) => cell(values[column])).join(',')}\r\n`);
    },
  };
}

type Values = Readonly<Record<string, unknown>>;

function valuesOf(fact: RecordedFact): Values | undefined {
  switch (fact.type) {
    case 'dns':
      return { ...fact };
    case 'transfer':
      return { ...fact, name: fact.zone };
    case 'finding':
      return { ...fact, name: fact.host };
    case 'zone':
      return {
        type: fact.type,
        name: fact.zone,
        ...fact.dnssec,
        ...fact.mail,
        at: fact.at,
      };
    default:
      return undefined;
  }
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  return csvCell(Array.isArray(value) ? value.join(' ') : (value as string | number));
}

const columns = [
  'type',
  'name',
  'record',
  'value',
  'ttl',
  'answer',
  'undecided',
  'types',
  'via',
  'server',
  'result',
  'records',
  'chain',
  'algorithms',
  'expiresAt',
  'spf',
  'dmarc',
  'rule',
  'severity',
  'claim',
  'at',
];
