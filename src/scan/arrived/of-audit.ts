/**
 * A listener beside an audit.
 *
 * @module
 */

import type { ArrivedOf } from '../../audit/arrival.ts';
import type { Policy } from '../../audit/policy.ts';
import { sourcePortsOf } from '../../audit/questions.ts';
import type { ResolvedPolicy } from '../../audit/resolve-targets.ts';
import { badRequest } from '../../base/errors.ts';
import { keyOf, RangeSet } from '../../base/range-set.ts';
import { named } from '../../base/words.ts';
import { parseAddress } from '../../model/parse-address.ts';
import type { Request } from '../../plan/request.ts';
import type { ScanOptions } from '../scan.ts';
import type { Addressees } from './arrivals.ts';
import type { ArrivalFeed, ArrivalSource } from './feed.ts';

/** Waits until a listener listens that has the scan's key. */
export async function openFeed(
  source: ArrivalSource,
  { key, signal }: Pick<ScanOptions, 'key' | 'signal'>,
): Promise<ArrivalFeed> {
  if (key === undefined)
    throw badRequest(`${named('arrived')} tells of marked probes: wanted ${named('key')} beside it`);
  const { checkKey } = await import('../mark-key.ts');
  checkKey(key);
  const { ArrivalFeed } = await import('./feed.ts');
  const feed = new ArrivalFeed(source, key);
  await feed.begin(signal);
  return feed;
}

/** What the listener says of the probes of a policy. */
export function arrivedOfAll({ arrivals, hasEnded }: ArrivalFeed, { rules }: ResolvedPolicy): ArrivedOf {
  const others = addresseesIn(RangeSet.union(rules.map(({ hosts }) => hosts)));
  const variants = new Set(rules.flatMap(({ rule }) => sourcePortsOf(rule).map(variantFrom)));
  return (host, protocol, port, sourcePort) => {
    const technique = protocol === 'tcp' ? 'syn' : 'udp';
    const probe = { to: host, protocol, port, technique, variant: variantFrom(sourcePort) };
    const arrival = arrivals.of(probe, others, variants);
    // Of what was sent when nobody listened any more nothing is known.
    return hasEnded && arrival === 'not-arrived' ? undefined : arrival;
  };
}

function addresseesIn(all: RangeSet): Addressees {
  const v4 = all.v4.size;
  return {
    has(text) {
      const address = parseAddress(text);
      return address !== undefined && all.has(keyOf(address.family, address.value));
    },
    count: (family) => (family === 4 ? v4 : Number(all.size) - v4),
  };
}

function variantFrom(sourcePort: number | undefined): string {
  return sourcePort === undefined ? 'plain' : `source-port ${sourcePort}`;
}

/**
 * How it is asked where somebody listens, unless the user says otherwise. Who listens shows that the host is there, whatever
 * its filter makes of questions for that. What became of a datagram need not come back, so the host's limit on errors is
 * not waited for; five that get lost one after the other are one in three million where one in twenty does.
 */
export function besideListener(
  { rules }: Pick<Policy, 'rules'>,
  asked: Pick<Request, 'timing' | 'minRatePps' | 'maxRatePps' | 'maxRetries' | 'scanDelayMs'>,
): Pick<Request, 'discovery' | 'maxRetries' | 'minRatePps'> {
  const { timing, minRatePps, maxRatePps, maxRetries, scanDelayMs } = asked;
  const isTimed = [timing, minRatePps, maxRatePps, maxRetries, scanDelayMs].some((one) => one !== undefined);
  const asksUdp = rules.some(({ expectations }) => expectations.some(({ protocol }) => protocol === 'udp'));
  return {
    discovery: 'skip',
    ...(asksUdp && !isTimed && { maxRetries: listenedRetries, minRatePps: listenedPps }),
  };
}

const listenedRetries = 4;
const listenedPps = 200;
