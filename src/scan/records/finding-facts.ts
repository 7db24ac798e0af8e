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

/** What is limited, and what shows that it is no other kind. */
export interface LimitExplained
  extends Partial<Pick<FindingFact, 'evidence' | 'facts' | 'refutedBy' | 'confidence'>> {
  readonly kind: LimitedKind;
}

/** Somebody lets only so many answers of a kind through; `perSecond` is undefined where their number is not known. */
export function limitFact(
  host: string,
  { kind, evidence, facts: shown = [], refutedBy, confidence = 1 }: LimitExplained,
  perSecond: number | undefined,
  sender: string | undefined,
  at: string,
  facts: readonly number[],
): Unnumbered<FindingFact> {
  const isQuestions = kind === 'syn' && evidence !== undefined;
  const words = `${isQuestions ? 'SYNs that get through' : limitedWords[kind]}${sender === undefined ? '' : ` sent by ${sender}`}`;
  const about = perSecond === undefined ? undefined : Number(perSecond.toPrecision(2));
  const came = limitedWords[kind];
  // What SYNs bring is resets as well, where hardly a port is open.
  const alike =
    kind === 'rst' ? ['a filter that lets only so many SYNs through to the host looks the same here'] : [];
  return {
    type: 'finding',
    host,
    rule: `${kind}-rate-limit`,
    severity: 'info',
    claim:
      about === undefined
        ? `consistent with a limit on ${words}`
        : `consistent with a limit of about ${about} ${words} per second`,
    confidence: Math.min(confidence, perSecond === undefined ? 0.8 : 0.9),
    evidence: [
      perSecond === undefined
        ? `${came} came for a smaller share of the probes than at first, though others were answered as before`
        : `${came} came at ${Number(perSecond.toPrecision(3))} per second however fast probes were sent`,
      ...(evidence ?? alike),
    ],
    facts: [...new Set([...facts, ...shown])].sort((a, b) => a - b),
    refutedBy: refutedBy ?? 'more answers per second at a higher rate of probes',
    at,
  };
}

const limitedWords = { rst: 'resets', icmp: 'ICMP errors', syn: 'answers to SYNs' } as const;
