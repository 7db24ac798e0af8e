/**
 * The native record: one JSON object a line, in the order in which the facts arrived.
 *
 * @module
 */

import type { RecordedFact } from '../model/fact.ts';
import { jsonLine } from './escape.ts';
import { factShapes } from './fact-shapes.ts';
import { Ordinals } from './ordinals.ts';
import type { ShowOptions, Writer } from './writer.ts';

/** A writer of NDJSON (`-oJ`). */
export function ndjson(_show: ShowOptions): Writer {
  const ordinals = new Ordinals();
  return {
    name: 'ndjson',
    mediaType: 'application/x-ndjson',
    fact: (fact, out) => out(`${jsonLine(inOrder(fact, ordinals))}\n`),
  };
}

/** Brings the fields into the documented order and leaves out all others. */
function inOrder(fact: RecordedFact, ordinals: Ordinals): object {
  const values = fact as unknown as Readonly<Record<string, unknown>>;
  const ordered: Record<string, unknown> = { type: fact.type, n: ordinals.next(fact.n) };
  for (const field of fieldsOf[fact.type] ?? []) ordered[field] = values[field];
  if (fact.type === 'finding') ordered['facts'] = ordinals.here(fact.facts);
  return ordered;
}

/** The fields of each kind of fact, in order. */
const fieldsOf = Object.fromEntries(
  Object.entries(factShapes).map(([type, shape]) => [type, Object.keys(shape)]),
) as Partial<Record<RecordedFact['type'], readonly string[]>>;
