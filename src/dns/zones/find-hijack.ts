/** Resolvers that answer for what does not exist: known by made-up names that the zone's own servers deny. @module */

import { under } from '../message/labels.ts';
import { madeUpLabel, type Random } from './made-up-labels.ts';
import { valuesOf } from './read-answer.ts';
import type { ZoneBook } from './zone-book.ts';

/** A resolver that was caught, with what it said. */
export interface Hijack {
  readonly server: string;
  readonly name: string;
  readonly values: readonly string[];
}

/** Asks each configured server for names of a zone that do not exist; `servers` absent: whoever is configured. */
export async function findHijacks(
  book: ZoneBook,
  zone: string,
  servers: readonly string[] | undefined,
  random: Random,
): Promise<readonly Hijack[]> {
  const found = await Promise.all(
    (servers ?? [undefined]).map(async (server): Promise<Hijack | undefined> => {
      let last: Hijack | undefined;
      // Twice: a name may be made up by two.
      for (let attempt = 0; attempt < 2; attempt++) {
        const name = under(madeUpLabel(random), zone);
        const outcome = await book.askConfigured(name, 'A', server === undefined ? undefined : [server]);
        if (outcome.kind !== 'answer') return undefined;
        const records = outcome.records.filter(({ type, section }) => type === 'A' && section === 'answer');
        if (records.length === 0) return undefined;
        const own = await book.look(name, 'A');
        if (own.kind !== 'absent') return undefined;
        last = { server: outcome.server, name, values: valuesOf(records) };
      }
      return last;
    }),
  );
  return found.filter((hijack) => hijack !== undefined);
}
