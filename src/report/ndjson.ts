/**
 * The native record: one JSON object a line, in the order in which the facts arrived.
 *
 * @module
 */

import type { RecordedFact } from '../model/fact.ts';
import { jsonLine } from './escape.ts';
import type { ShowOptions, Writer } from './writer.ts';

/** A writer of NDJSON (`-oJ`). */
export function ndjson(_show: ShowOptions): Writer {
  return {
    name: 'ndjson',
    mediaType: 'application/x-ndjson',
    fact: (fact, out) => out(`${jsonLine(inOrder(fact))}\n`),
  };
}

/** Brings the fields into the documented order and leaves out all others. */
function inOrder(fact: RecordedFact): object {
  const values = fact as unknown as Readonly<Record<string, unknown>>;
  const ordered: Record<string, unknown> = { type: fact.type };
  for (const field of fieldsOf[fact.type]) ordered[field] = values[field];
  return ordered;
}

/** Every field of every kind of line, in documented order; absent ones are left out by JSON itself. */
const fieldsOf = {
  scan: ['schema', 'version', 'startedAt', 'args', 'seed', 'questions', 'profile'],
  host: ['host', 'name', 'askedAs', 'state', 'reason', 'ttl', 'rttMs', 'mac', 'vendor', 'at'],
  port: [
    'host',
    'protocol',
    'port',
    'technique',
    'state',
    'reason',
    'ttl',
    'from',
    'rttMs',
    'attempts',
    'service',
    'at',
  ],
  ports: ['host', 'protocol', 'ports', 'technique', 'state', 'reason', 'count', 'at'],
  service: [
    'host',
    'protocol',
    'port',
    'name',
    'product',
    'version',
    'info',
    'cpe',
    'tls',
    'confidence',
    'at',
  ],
  os: ['host', 'matches', 'at'],
  finding: ['host', 'rule', 'severity', 'claim', 'confidence', 'evidence', 'refutedBy', 'at'],
  trace: ['host', 'protocol', 'port', 'reached', 'hops', 'at'],
  summary: [
    'finishedAt',
    'elapsedMs',
    'hosts',
    'packets',
    'bytes',
    'ports',
    'silent',
    'loss',
    'complete',
    'exit',
  ],
} as const satisfies { readonly [Type in RecordedFact['type']]: FieldsOf<Type> };

type FieldsOf<Type> = readonly Exclude<keyof Extract<RecordedFact, { readonly type: Type }>, 'type'>[];
