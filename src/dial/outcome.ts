/**
 * What an errno says of a TCP connection that was tried.
 *
 * @module
 */

import { errnos } from '../system/errnos.ts';
import { type DialOutcome, dialOutcome, dialOutcomes } from './contract.ts';
import type { Read } from './dial.ts';

/**
 * The index of the outcome an errno stands for, when it came after connect() had begun. Linux folds ICMP
 * errors into few numbers (icmp_err_convert, icmpv6_err_convert); the outcome names the family.
 */
export function outcomeOf(errno: number): number {
  return table.get(errno) ?? local;
}

/** The same by name. */
export function outcomeNameOf(errno: number): DialOutcome {
  return dialOutcomes[outcomeOf(errno)] as DialOutcome;
}

/** What a read says that brings no bytes; an error that is none of the connection's own is told as it is. */
export function readEnd(errno: number): Read {
  if (errno === 0) return { kind: 'end' };
  const outcome = outcomeNameOf(errno);
  return outcome === 'connected' ? { kind: 'reset' } : { kind: 'failed', outcome, errno };
}

const meanings: Partial<Record<DialOutcome, readonly number[]>> = {
  // A reset or a shutdown of what had been established before we looked: it was open.
  connected: [0, errnos.EISCONN, errnos.ECONNRESET, errnos.EPIPE],
  refused: [errnos.ECONNREFUSED],
  'admin-prohibited': [errnos.EACCES, errnos.EPERM],
  'host-unreach': [errnos.EHOSTUNREACH, errnos.EHOSTDOWN],
  'net-unreach': [errnos.ENETUNREACH],
  'proto-unreach': [errnos.ENOPROTOOPT],
  // After the time-out: ICMP errors that prove nothing about a port. Isolated host, parameter problem,
  // fragmentation needed, source route failed.
  timeout: [errnos.ETIMEDOUT, errnos.ENONET, errnos.EPROTO, errnos.EMSGSIZE, errnos.EOPNOTSUPP],
};

const table: ReadonlyMap<number, number> = new Map(
  Object.entries(meanings).flatMap(([name, numbers]) =>
    numbers.map((n): [number, number] => [n, dialOutcome(name as DialOutcome)]),
  ),
);
const local = dialOutcome('local');
