/**
 * Notices when resets may come from somebody on the way who sends them for every address, so that hosts seem
 * up where nobody lives.
 *
 * @module
 */

import { named } from '../../base/words.ts';
import type { Reason } from '../../model/verdict.ts';

/** Watches by what hosts are found. */
export class ResetSuspicion {
  readonly #resetsByTtl = new Float64Array(256);
  #otherwise = 0;

  /** A host was found up by an answer with this TTL (0: not known). */
  note(reason: Reason, ttl: number): void {
    if (reason === 'reset') this.#resetsByTtl[ttl]!++;
    else if (!withoutRouter.has(reason)) this.#otherwise++;
  }

  /**
   * What to tell the user, if anything. Hosts are asked in several ways at once and the first answer counts:
   * among many living ones some are found by an echo or a SYN+ACK, and not all of them are equally far away.
   */
  warning(): string | undefined {
    const total = this.#resetsByTtl.reduce((sum, count) => sum + count, 0);
    const ttl = this.#resetsByTtl.indexOf(total);
    if (this.#otherwise > 0 || total < fewest || ttl <= 0) return undefined;
    return `All ${total} hosts are up by resets with TTL ${ttl} alone: consistent with a firewall that resets for every address; try ${named('ignoreResets')}`;
  }
}

/** What is known without a packet through a router. */
const withoutRouter: ReadonlySet<Reason> = new Set(['localhost', 'arp-response', 'nd-response', 'user-set']);
const fewest = 32;
