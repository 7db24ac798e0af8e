/**
 * What is said of hosts that limit their answers or stop giving them.
 *
 * @module
 */

import type { FindingFact, Unnumbered } from '../../model/fact.ts';
import type { LimitedKind } from './host-records.ts';

/** The host answered last `seconds` into the scan. */
export function blockedFact(
  host: string,
  seconds: number,
  at: string,
  facts: readonly number[],
): Unnumbered<FindingFact> {
  const time = seconds.toFixed(1);
  return {
    type: 'finding',
    host,
    rule: 'scan-blocked',
    severity: 'info',
    claim: `${host} stopped answering ${time} s into the scan, on ports that had answered before`,
    confidence: 0.95,
    evidence: [
      `its last answer came ${time} s into the scan; repeated probes to ports that had answered went unanswered after it`,
    ],
    facts,
    refutedBy:
      'silence to a probe of the same port from another address at the same time: the host is gone, or the way to it',
    at,
  };
}

/** Somebody lets only so many answers of a kind through; `perSecond` is undefined where their number is not known. */
export function limitFact(
  host: string,
  kind: LimitedKind,
  perSecond: number | undefined,
  sender: string | undefined,
  at: string,
  facts: readonly number[],
): Unnumbered<FindingFact> {
  const words = `${limitedWords[kind]}${sender === undefined ? '' : ` sent by ${sender}`}`;
  const about = perSecond === undefined ? undefined : Number(perSecond.toPrecision(2));
  return {
    type: 'finding',
    host,
    rule: `${kind}-rate-limit`,
    severity: 'info',
    claim:
      about === undefined
        ? `consistent with a limit on ${words}`
        : `consistent with a limit of about ${about} ${words} per second`,
    confidence: perSecond === undefined ? 0.8 : 0.9,
    evidence: [
      perSecond === undefined
        ? `${words} came for a smaller share of the probes than at first, though others were answered as before`
        : `${words} came at ${Number(perSecond.toPrecision(3))} per second however fast probes were sent`,
      // What SYNs bring is resets as well, where hardly a port is open.
      ...(kind === 'rst'
        ? ['a filter that lets only so many SYNs through to the host looks the same here']
        : []),
    ],
    facts,
    refutedBy: 'more answers per second at a higher rate of probes',
    at,
  };
}

const limitedWords = { rst: 'resets', icmp: 'ICMP errors', syn: 'answers to SYNs' } as const;
