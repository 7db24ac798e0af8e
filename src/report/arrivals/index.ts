/**
 * What a listener tells, by format. There is no scan and no summary: each fact is a line.
 *
 * @module
 */

import type { ArrivedFact, ListeningFact } from '../../model/listener-facts.ts';
import { csvCell, jsonLine, printable } from '../escape.ts';
import { factShapes } from '../fact-shapes.ts';
import { calendarTime } from '../phrases.ts';

/** Makes a line of a fact, its end included. */
export type ArrivalWriter = (fact: ListeningFact | ArrivedFact) => string;

/** The formats. */
export const arrivalWriters = { normal: text, ndjson, csv } as const satisfies Record<string, ArrivalWriter>;

/** The name of a format. */
export type ArrivalWriterName = keyof typeof arrivalWriters;

function ndjson(fact: ListeningFact | ArrivedFact): string {
  const values = fact as unknown as Readonly<Record<string, unknown>>;
  const fields = ['type', 'n', ...Object.keys(factShapes[fact.type])];
  return `${jsonLine(Object.fromEntries(fields.map((field) => [field, values[field]])))}\n`;
}

function text(fact: ListeningFact | ArrivedFact): string {
  if (fact.type === 'listening') {
    const where = fact.interface === null ? 'every interface' : fact.interface;
    const ports = [`tcp/${fact.tcp}`, `udp/${fact.udp}`].filter((one) => !one.endsWith('/')).join(', ');
    return `${printable(`# Portolan ${fact.version} listens on ${where} for ${ports} since ${calendarTime(fact.at)}`)}\n`;
  }
  const { at, from, to, protocol, port, technique, variant, ttl } = fact;
  const how = [technique, variant === 'plain' ? undefined : variant].filter((one) => one !== undefined);
  return `${printable(`${at} ${protocol}/${port} from ${from} to ${to}: ${how.join(', ')} (ttl ${ttl})`)}\n`;
}

/** A header row comes with the first fact, which is what is listened to. */
function csv(fact: ListeningFact | ArrivedFact): string {
  const values = fact as unknown as Readonly<Record<string, unknown>>;
  const row = columns.map((column) => {
    const value = values[column];
    if (value === undefined || value === null) return '';
    return csvCell(Array.isArray(value) ? value.join(' ') : (value as string | number));
  });
  const head = fact.type === 'listening' ? `${columns.join(',')}\r\n` : '';
  return `${head}${row.join(',')}\r\n`;
}

const columns = [
  'type',
  'from',
  'to',
  'protocol',
  'port',
  'technique',
  'variant',
  'ttl',
  'run',
  'interface',
  'addresses',
  'tcp',
  'udp',
  'keyCheck',
  'at',
] as const;
