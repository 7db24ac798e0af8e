/** What a look at names will take. @module */

import { errands } from './errands.ts';
import type { NamesRequest } from './names-request.ts';

/** How many questions it will take, as far as that is known before. */
export function forecastNames(request: NamesRequest): NamesForecast {
  const parts = errands
    .filter((errand) => errand.wants(request))
    .map((errand) => ({ part: errand.name, queries: errand.queries(request) }));
  return {
    names: request.names.length,
    queries: parts.reduce((sum, { queries }) => sum + queries, 0),
    parts,
  };
}

/** How many names there are, and how many questions each part asks. */
export interface NamesForecast {
  readonly names: number;
  readonly queries: number;
  readonly parts: readonly { readonly part: string; readonly queries: number }[];
}
