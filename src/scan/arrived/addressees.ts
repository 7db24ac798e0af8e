/** Whom probes are sent to, as what arrived is compared with it. @module */

import { keyOf, type RangeSet } from '../../base/range-set.ts';
import { parseAddress } from '../../model/parse-address.ts';
import type { Addressees } from './arrivals.ts';

/** The addresses of a set. */
export function addresseesIn(all: RangeSet): Addressees {
  const v4 = all.v4.size;
  return {
    has(text) {
      const address = parseAddress(text);
      return address !== undefined && all.has(keyOf(address.family, address.value));
    },
    count: (family) => (family === 4 ? v4 : Number(all.size) - v4),
  };
}
