/**
 * How a kept scan ended: the last block of its journal, which is found from behind.
 *
 * @module
 */

import { closeSync, openSync } from 'node:fs';
import type { SummaryFact } from '../../model/fact.ts';
import type { Plan } from '../../plan/plan.ts';
import { withoutSecrets } from '../scan-fact.ts';
import { endBytes, readEnd } from './block.ts';

/** What the last block says. */
export interface KeptEnd {
  readonly startedAt: string;
  /** The words of its command, the last of them left out where they are many. */
  readonly args: readonly string[];
  /** From where it looked. */
  readonly vantage: string;
  readonly summary: SummaryFact;
}

/** The end of the kept scan in a file; undefined: it is none, or not finished. */
export function keptEnd(path: string): KeptEnd | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const payload = readEnd(descriptor);
    return payload && (JSON.parse(new TextDecoder().decode(payload)) as KeptEnd);
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** The end as text that fits its block. */
export function endText(plan: Plan, end: Omit<KeptEnd, 'args'>): string {
  const args = [...withoutSecrets(plan.args)];
  for (;;) {
    const text = JSON.stringify({ ...end, vantage: end.vantage.slice(0, 200), args });
    if (Buffer.byteLength(text) < endBytes - 64 || args.length === 0) return text;
    args.splice(-Math.ceil(args.length / 4));
  }
}
