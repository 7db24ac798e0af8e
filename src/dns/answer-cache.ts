/**
 * What servers answered, for as long as they said it holds, in bounded memory.
 *
 * @module
 */

import type { DnsOutcome } from './asker.ts';

/** Answers by question. */
export class AnswerCache {
  readonly #most: number;
  readonly #entries = new Map<string, { readonly outcome: DnsOutcome; readonly untilMs: number }>();

  /** `most`: how many are kept; the oldest goes first. */
  constructor(most = mostEntries) {
    this.#most = most;
  }

  get(key: string, nowMs: number): DnsOutcome | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (nowMs < entry.untilMs) return entry.outcome;
    this.#entries.delete(key);
    return undefined;
  }

  put(key: string, outcome: DnsOutcome, ttl: number, nowMs: number): void {
    if (ttl <= 0) return;
    if (this.#entries.size >= this.#most) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { outcome, untilMs: nowMs + Math.min(ttl, longestTtl) * 1000 });
  }
}

const mostEntries = 10_000;
/** Seconds: a run is no name server. */
const longestTtl = 3600;
