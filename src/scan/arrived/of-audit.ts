/**
 * A listener beside an audit.
 *
 * @module
 */

import type { Heard } from '../../audit/arrival.ts';
import type { Policy } from '../../audit/policy.ts';
import { sourcePortsOf } from '../../audit/questions.ts';
import type { ResolvedPolicy } from '../../audit/resolve-targets.ts';
import { RangeSet } from '../../base/range-set.ts';
import type { Request } from '../../plan/request.ts';
import { addresseesIn } from './addressees.ts';
import type { ArrivalFeed } from './feed.ts';

/** What the listener says of the probes of a policy. */
export function heardOf({ arrivals, hasEnded }: ArrivalFeed, { rules }: ResolvedPolicy): Heard {
  const others = addresseesIn(RangeSet.union(rules.map(({ hosts }) => hosts)));
  const variants = new Set(rules.flatMap(({ rule }) => sourcePortsOf(rule).map(variantFrom)));
  return {
    arrival(host, protocol, port, sourcePort) {
      const technique = protocol === 'tcp' ? 'syn' : 'udp';
      const probe = { to: host, protocol, port, technique, variant: variantFrom(sourcePort) };
      const arrival = arrivals.of(probe, others, variants);
      // Of what was sent when nobody listened any more nothing is known.
      return hasEnded && arrival === 'not-arrived' ? undefined : arrival;
    },
    isReached: (host) => arrivals.reaches(host, others),
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
