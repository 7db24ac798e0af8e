/**
 * Attempts under way on sockets: which token belongs to which transmission of which task. Tokens are small
 * integers the dialer hands back; a task may have several attempts open, the older ones waiting for a late
 * answer.
 *
 * @module
 */

import type { Host } from '../../engine/hosts/host.ts';

/** One open attempt. */
export interface Attempt {
  readonly host: Host;
  readonly question: number;
  readonly attempt: number;
  readonly startedUs: number;
}

/** Attempts by token. */
export class Attempts {
  readonly #byToken: (Attempt | undefined)[] = [];
  readonly #free: number[] = [];
  /** Open tokens of each host, to be closed when the host is done. */
  readonly #byHost = new Map<Host, Set<number>>();

  /** A free token for an attempt. */
  take(attempt: Attempt): number {
    const token = this.#free.pop() ?? this.#byToken.length;
    this.#byToken[token] = attempt;
    let tokens = this.#byHost.get(attempt.host);
    if (tokens === undefined) {
      tokens = new Set();
      this.#byHost.set(attempt.host, tokens);
    }
    tokens.add(token);
    return token;
  }

  at(token: number): Attempt | undefined {
    return this.#byToken[token];
  }

  release(token: number): void {
    const attempt = this.#byToken[token];
    if (attempt === undefined) return;
    this.#byToken[token] = undefined;
    this.#free.push(token);
    this.#byHost.get(attempt.host)?.delete(token);
  }

  /** The tokens still open for a host. */
  ofHost(host: Host): readonly number[] {
    return [...(this.#byHost.get(host) ?? [])];
  }

  /** The tokens still open for a host, which is forgotten. */
  endHost(host: Host): readonly number[] {
    const tokens = this.ofHost(host);
    this.#byHost.delete(host);
    return tokens;
  }

  /**
   * An open attempt whose task has been asked again since, or has been settled: the first to go when this
   * machine runs out of descriptors.
   */
  superseded(isNeeded: (attempt: Attempt) => boolean): number | undefined {
    for (const [token, attempt] of this.#open()) if (!isNeeded(attempt)) return token;
    return undefined;
  }

  /** The tokens of the open attempts that are meant. */
  those(areMeant: (attempt: Attempt) => boolean): readonly number[] {
    const tokens: number[] = [];
    for (const [token, attempt] of this.#open()) if (areMeant(attempt)) tokens.push(token);
    return tokens;
  }

  *#open(): Generator<readonly [number, Attempt]> {
    for (const tokens of this.#byHost.values()) {
      for (const token of tokens) {
        const attempt = this.#byToken[token];
        if (attempt !== undefined) yield [token, attempt];
      }
    }
  }
}
