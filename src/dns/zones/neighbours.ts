/** Names of the addresses around those that were found. @module */

import { formatAddress } from '../../model/address.ts';
import { parseAddress } from '../../model/parse-address.ts';
import type { DnsRecord } from '../asker.ts';
import { isWithin, nameOfField } from '../message/labels.ts';
import { reverseDomain } from '../reverse-domain.ts';
import { inTurns } from './turns.ts';
import type { ZoneBook } from './zone-book.ts';

/** Asks for the names of addresses near those of names, each address once. */
export class Neighbours {
  readonly #book: ZoneBook;
  readonly #asked = new Set<string>();
  #unanswered = 0;

  constructor(book: ZoneBook) {
    this.#book = book;
  }

  /** The names below `roots` that addresses in the same block of 16 have. */
  async namesAround(
    found: ReadonlyMap<string, readonly DnsRecord[]>,
    roots: readonly string[],
  ): Promise<readonly string[]> {
    const wanted: string[] = [];
    for (const records of found.values())
      for (const { type, value } of records) {
        const address = type === 'A' || type === 'AAAA' ? parseAddress(value) : undefined;
        if (address === undefined) continue;
        const first = address.value - (address.value % blockSize);
        for (let at = 0n; at < blockSize; at++) {
          const text = formatAddress({ ...address, value: first + at });
          if (this.#asked.has(text) || this.#asked.size >= mostAddresses) continue;
          this.#asked.add(text);
          wanted.push(text);
        }
      }
    const names = new Set<string>();
    await inTurns(wanted, atOnce, async (address) => {
      // Whoever refuses or is silent for the first of them is for the rest.
      if (this.#unanswered >= mostUnanswered) return;
      const outcome = await this.#book.askConfigured(reverseDomain(address), 'PTR');
      if (outcome.kind === 'undecided') {
        this.#unanswered++;
        return;
      }
      this.#unanswered = 0;
      for (const { type, value, section } of outcome.records)
        if (type === 'PTR' && section === 'answer') names.add(nameOfField(value));
    });
    return [...names].filter((name) => roots.some((root) => isWithin(name, root)));
  }
}

const blockSize = 16n;
const mostAddresses = 4096;
const atOnce = 16;
const mostUnanswered = 4;
