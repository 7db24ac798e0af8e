/**
 * The question to all devices of a link at once, where everybody on it is a target: some answer nothing else.
 *
 * @module
 */

import { keyOf } from '../base/range-set.ts';
import { type SearchResult, searchLinks } from '../dial/multicast-search.ts';
import { parseAddress } from '../model/parse-address.ts';
import type { Plan } from '../plan/plan.ts';
import { allowedOf, portsOf } from '../plan/read-plan.ts';
import { listInterfaces } from '../system/interfaces.ts';
import { wholeLinks } from './whole-links.ts';

/** Asks; undefined where no link may be asked so. */
export async function searchDevices(
  plan: Plan,
  signal: AbortSignal | undefined,
  complain: (message: string) => void,
): Promise<SearchResult | undefined> {
  const links = wholeLinks(plan, listInterfaces());
  if (links.length === 0) return undefined;
  const { groupQuestions } = await import('../detect/device/index.ts');
  const avoided = portsOf(plan.excludedPorts, 'udp');
  const allowed = allowedOf(plan);
  const isAllowed = (text: string) => {
    const address = parseAddress(text);
    return address !== undefined && allowed.has(keyOf(address.family, address.value));
  };
  return searchLinks(
    links.map(({ from }) => ({ from, isAllowed })),
    groupQuestions().filter(({ port }) => !avoided.includes(port)),
    {
      intervalMs: Math.max(leastIntervalMs, 1000 / (plan.timing.maxRatePps || 1000), plan.timing.scanDelayMs),
      waitMs,
      complain,
      ...(signal !== undefined && { signal }),
    },
  );
}

const leastIntervalMs = 50;
/** Devices of UPnP wait up to a second (MX), those of WS-Discovery half of one. */
const waitMs = 1300;
