/**
 * Kept scans, and when states were seen, by format: there is no scan and no summary, each fact is a line.
 *
 * @module
 */

import type { KeptFact, SeenFact } from '../../model/change-facts.ts';
import { printable } from '../escape.ts';
import { factShapes } from '../fact-shapes.ts';
import { csvRow, ndjsonLine } from '../lines.ts';
import { calendarTime, counted } from '../phrases.ts';

/** Makes text of a fact, its end included; a header comes with the first. */
export type KeptWriter = (fact: KeptFact | SeenFact) => string;

/** The formats by the names of the report registry. */
export const keptWriters = { normal: text, ndjson: ndjsonLine, csv } as const satisfies Readonly<
  Record<string, KeptWriter>
>;

/** The name of a format. */
export type KeptWriterName = keyof typeof keptWriters;

function text(fact: KeptFact | SeenFact): string {
  return `${printable(fact.type === 'kept' ? keptText(fact) : seenText(fact))}\n`;
}

function keptText({ name, startedAt, args, vantage, hostsUp, open, complete }: KeptFact): string {
  const found = `${counted(hostsUp, 'host')} up, ${counted(open, 'open port')}`;
  const cut = complete ? '' : ', incomplete';
  return `${name.padEnd(5)} ${calendarTime(startedAt)}  portolan ${args.join(' ')}  (${found}${cut}; from ${vantage})`;
}

function seenText({ host, protocol, port, state, firstSeen, lastSeen, lastLooked }: SeenFact): string {
  const since = `first seen ${calendarTime(firstSeen)}, last ${calendarTime(lastSeen)}`;
  const looked = lastLooked === lastSeen ? '' : `, looked at again until ${calendarTime(lastLooked)}`;
  return `${host} ${port}/${protocol} ${state}: ${since}${looked}`;
}

function csv(fact: KeptFact | SeenFact): string {
  const columns = ['type', 'n', ...Object.keys(factShapes[fact.type])];
  const head = fact.n === 1 ? `${columns.join(',')}\r\n` : '';
  return `${head}${csvRow(columns, fact as unknown as Readonly<Record<string, unknown>>)}`;
}
