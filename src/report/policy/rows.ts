/**
 * The policy of a filter as every table shows it: a row a range, what is reached first.
 *
 * @module
 */

import type { Exposure, PolicyFact } from '../../model/fact.ts';

/** One range of the policy in words. */
export interface PolicyRow {
  /** One of the exposures; `unknown` where none is known. */
  readonly exposure: Exposure | 'unknown';
  /** What becomes of probes, and what else it may be. */
  readonly action: string;
  /** The hop where probes end, or the hops between which they do; '' where nothing is known of it. */
  readonly hop: string;
  /** '' where nothing is claimed. */
  readonly sure: string;
  readonly protocol: PolicyFact['protocol'];
  readonly ports: string;
}

/** The rows of a host's policy. */
export function policyRows(policies: readonly PolicyFact[]): readonly PolicyRow[] {
  return inOrder(policies).map((policy) => ({
    exposure: policy.exposure ?? 'unknown',
    action: actionText(policy),
    hop: hopText(policy),
    sure: policy.action === 'unknown' ? '' : `${Math.round(policy.confidence * 100)} %`,
    protocol: policy.protocol,
    ports: policy.ports,
  }));
}

/** A range of the policy as one text: `22,80/tcp: allow, exposed`. */
export function policyText(policy: PolicyFact): string {
  return `${policy.ports}/${policy.protocol}: ${fateText(policy)}`;
}

/** What becomes of probes there: `drop at hop 1-2, protected`. */
export function fateText(policy: PolicyFact): string {
  const hop = hopText(policy);
  const where = hop === '' ? '' : ` at hop ${hop}`;
  return `${actionText(policy)}${where}, ${policy.exposure ?? 'exposure unknown'}`;
}

/** How many ports a range list holds. */
export function portsIn(ranges: string): number {
  return ranges.split(',').reduce((sum, range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

/** What can be reached first, TCP before UDP, then by their first port. */
export function inOrder(policies: readonly PolicyFact[]): readonly PolicyFact[] {
  const firstPort = ({ ports }: PolicyFact) => Number.parseInt(ports, 10);
  return [...policies].sort(
    (a, b) =>
      rankOf[a.exposure ?? 'unknown'] - rankOf[b.exposure ?? 'unknown'] ||
      a.protocol.localeCompare(b.protocol) ||
      firstPort(a) - firstPort(b),
  );
}

/** `reject-icmp (admin-prohibited from 10.0.0.1) or drop`. */
function actionText({ action, icmp, by, host, alternatives = [] }: PolicyFact): string {
  const from = by === null ? undefined : `from ${by === host ? 'the host' : by}`;
  const how = [icmp ?? undefined, from].filter((part) => part !== undefined).join(' ');
  return [how === '' ? action : `${action} (${how})`, ...alternatives].join(' or ');
}

function hopText({ hop, hopRange }: PolicyFact): string {
  if (hop !== null) return String(hop);
  if (hopRange === undefined) return '';
  const [low, high] = hopRange;
  return low === high ? String(low) : `${low}-${high}`;
}

const rankOf: Readonly<Record<PolicyRow['exposure'], number>> = {
  hole: 0,
  exposed: 1,
  unknown: 2,
  unprotected: 3,
  protected: 4,
};
