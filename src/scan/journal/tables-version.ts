/**
 * The version of everything that gives the numbers in a journal their meaning: techniques, states, reasons and
 * the form of the records. A journal written under another one cannot be read right.
 *
 * @module
 */

import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { portStates, reasons } from '../../model/verdict.ts';
import { hostTechniques, portTechniques } from '../../techniques/index.ts';
import { recordKind, recordWords, traceProtocols } from '../shard/messages.ts';

/** Sixteen hexadecimal digits that change with any of the tables. */
export function tablesVersion(): string {
  const tables = [
    planForm,
    endianness(),
    portStates,
    reasons,
    recordKind,
    recordWords,
    traceProtocols,
    portTechniques,
    hostTechniques,
  ];
  return createHash('sha256').update(JSON.stringify(tables)).digest('hex').slice(0, 16);
}

/** Changes when a plan of before would be carried out otherwise. */
const planForm = 1;
