/**
 * Which probes have been told: one that comes twice, from two interfaces of a bridge or from a network that doubles
 * packets, is told once.
 *
 * @module
 */

import type { ReadMark } from './mark-reader.ts';

/** Remembers the latest probes. Times are microseconds. */
export class HeardBefore {
  /** When each was heard, oldest first. */
  readonly #heard = new Map<string, number>();

  /** Whether a probe was heard before, and not so long ago that another scan may have sent it; it is remembered. */
  has({ flags, port, code, sourcePort, counter }: ReadMark, to: string, nowUs: number): boolean {
    const key = `${flags} ${port} ${code} ${sourcePort} ${counter} ${to}`;
    const before = this.#heard.get(key);
    if (before !== undefined && nowUs - before < forgottenUs) return true;
    this.#heard.delete(key);
    this.#heard.set(key, nowUs);
    if (this.#heard.size > mostHeard) this.#heard.delete(this.#heard.keys().next().value as string);
    return false;
  }
}

const forgottenUs = 60_000_000;
/** Two scans of all ports. */
const mostHeard = 131_072;
