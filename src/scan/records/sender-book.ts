/**
 * The third parties all shards heard from, under one numbering: what is kept of a host may come from several
 * shards, each with numbers of its own.
 *
 * @module
 */

import { fromTarget, noSender } from '../../model/observation.ts';
import type { Numbering } from './numbering.ts';

/** Senders by number, through all shards. */
export class SenderBook {
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number here of a shard's sender. */
  enter(sender: number, numbering: Numbering): number {
    if (sender >= noSender) return sender;
    const text = numbering.senderOf(sender);
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }

  /** Who an entered sender is; `host` is the target itself. Undefined where nothing was received. */
  textOf(sender: number, host: string): string | undefined {
    if (sender === noSender) return undefined;
    return sender === fromTarget ? host : this.#texts[sender];
  }
}
