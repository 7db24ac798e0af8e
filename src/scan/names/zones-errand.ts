/** Zones: transfers, names below them, reverse maps, and what is wrong with them. @module */

import { randomInt } from 'node:crypto';
import { SeededRandom } from '../../base/random.ts';
import { JournalledAsker } from '../../dns/zones/journalled-asker.ts';
import { forecastZones, searchZones } from '../../dns/zones/search-zones.ts';
import type { Errand } from './errand.ts';
import { openNamesJournal } from './names-journal.ts';
import { materialOf } from './names-material.ts';
import { commonTypes, type NamesRequest } from './names-request.ts';

/** Searches zones. */
export const zonesErrand: Errand = {
  name: 'zones',
  wants: ({ wantsTransfers, wantsSubdomains, reverse = [] }) =>
    wantsTransfers === true || wantsSubdomains === true || reverse.length > 0,
  queries: (request) => forecastZones(searchOf(request)),
  async run({ request, asker, servers, signal, tell, count, leaveOpen, progress }) {
    const search = searchOf(request);
    if (search.refusedWords > 0)
      tell({
        kind: 'notice',
        message: `${search.refusedWords} lines of the word list are no labels and were left out`,
      });
    const journal = openNamesJournal(request, () => randomInt(2 ** 32 - 1));
    const random = new SeededRandom(journal?.seed ?? randomInt(2 ** 32 - 1));
    try {
      const totals = await searchZones(
        {
          ...search,
          random: (bound) => random.nextBelow(bound),
          servers,
          signal,
          onProgress: progress,
        },
        journal === undefined ? asker : new JournalledAsker(asker, journal.write, journal.past),
        tell,
      );
      const { asked, found, absent, undecided, leftOut, isComplete } = totals;
      count({ asked, found, absent, undecided, leftOut });
      if (!isComplete) leaveOpen();
    } finally {
      journal?.close();
    }
  },
};

function searchOf(request: NamesRequest) {
  const { names, types = commonTypes, wantsTransfers = false, wantsSubdomains = false } = request;
  return {
    names,
    types,
    wantsTransfers,
    wantsSubdomains,
    tellsWholeTransfers: request.types === undefined,
    mostQueries: Number.POSITIVE_INFINITY,
    ...materialOf(request),
  };
}
