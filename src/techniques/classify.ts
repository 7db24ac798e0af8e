/** Reads a technique's table. @module */

import type { Reply } from '../model/reply.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Pattern, Technique } from './technique.ts';

/** What `reply` proves, or `undefined` when the table gives it no meaning. */
export function classify(technique: Technique, reply: Reply): Verdict | undefined {
  const row = technique.replies.find((candidate) => matches(candidate.when, reply));
  if (row === undefined) return undefined;
  if ('reason' in row) return { state: row.state, reason: row.reason };
  return reply.kind === 'icmp' ? { state: row.state, reason: reply.error } : undefined;
}

/** Whether `reply` fulfils every condition of `pattern`. */
export function matches(pattern: Pattern, reply: Reply): boolean {
  if ('tcp' in pattern) {
    if (reply.kind !== 'tcp' || !pattern.tcp.every((flag) => reply.flags.has(flag))) return false;
    return pattern.window === undefined || (pattern.window === 'zero') === (reply.window === 0);
  }
  if ('sctp' in pattern) return reply.kind === 'sctp' && reply.chunk === pattern.sctp;
  if ('kind' in pattern) return reply.kind === pattern.kind;
  if (reply.kind !== 'icmp' || !pattern.icmp.includes(reply.error)) return false;
  return pattern.sender === undefined || pattern.sender === reply.sender;
}
