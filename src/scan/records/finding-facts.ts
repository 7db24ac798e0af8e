/**
 * What is said of hosts that limit their answers or stop giving them.
 *
 * @module
 */

import type { FindingFact, Unnumbered } from '../../model/fact.ts';

/** The host stopped answering `seconds` into the scan. */
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
    evidence: [`repeated probes to a port that had answered went unanswered from ${time} s on`],
    facts,
    refutedBy:
      'an answer from the same port to a probe from another address at the same time being absent too',
    at,
  };
}

/** The host sends only so many answers of a kind. */
export function limitFact(
  host: string,
  kind: 'rst' | 'icmp',
  perSecond: number,
  at: string,
  facts: readonly number[],
): Unnumbered<FindingFact> {
  const words = kind === 'rst' ? 'resets' : 'ICMP errors';
  return {
    type: 'finding',
    host,
    rule: `${kind}-rate-limit`,
    severity: 'info',
    claim: `consistent with a limit of about ${Number(perSecond.toPrecision(2))} ${words} per second`,
    confidence: 0.9,
    evidence: [
      `${words} came at ${Number(perSecond.toPrecision(3))} per second however fast probes were sent`,
    ],
    facts,
    refutedBy: 'more answers per second at a higher rate of probes',
    at,
  };
}
