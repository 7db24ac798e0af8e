/**
 * What an answer looks like: its kind, and whose it may be.
 *
 * @module
 */

import type { FilteredProtocol, Seen } from './contract.ts';

/**
 * What a plain probe met. `open`: a service; `closed`: the word of a host where nothing listens, or of somebody in its
 * name; `refused`: an ICMP error that the host's own stack does not give for a closed port; `silent`; `unknown`: trouble
 * on this side, a block, or what says nothing of the port.
 */
export type Kind = 'open' | 'closed' | 'refused' | 'silent' | 'unknown';

/** The kind of an answer. */
export function kindOf(protocol: FilteredProtocol, seen: Seen): Kind {
  switch (seen.answer) {
    case 'silence':
      return 'silent';
    case 'connected':
    case 'udp':
      return 'open';
    case 'refused':
      return 'closed';
    case 'tcp':
      return (seen.flags & reset) !== 0 ? 'closed' : (seen.flags & syn) !== 0 ? 'open' : 'unknown';
    case 'icmp':
      // A loop on the way is nobody's rule.
      if (seen.meaning === 'time-exceeded') return 'unknown';
      return protocol === 'udp' && seen.meaning === 'port-unreach' && seen.from === undefined
        ? 'closed'
        : 'refused';
    case 'in-use':
    case 'unknown':
      return 'unknown';
  }
}

/** Whether a probe came to the host, or to whoever speaks in its name: any segment or datagram of its own. */
export function isReached(protocol: FilteredProtocol, seen: Seen): boolean {
  return seen.answer === 'tcp' || kindOf(protocol, seen) === 'open' || kindOf(protocol, seen) === 'closed';
}

/** Answers of one text come from one rule, as far as they show it. */
export function lookOf(protocol: FilteredProtocol, seen: Seen): string {
  const kind = kindOf(protocol, seen);
  if (kind === 'closed' && seen.answer === 'tcp')
    return `closed ${seen.ttl} ${seen.window > 0 ? 'window' : ''} ${seen.dontFragment ? 'df' : ''}`;
  if (kind === 'refused') return `refused ${seen.meaning} ${seen.from ?? ''}`;
  return kind;
}

/**
 * How many routers an answer passed, by the usual first values of TTL (RFC 1700: 64; 32, 128 and 255 are others').
 * undefined where its TTL was not seen.
 */
export function routersPassed({ ttl }: Pick<Seen, 'ttl'>): number | undefined {
  if (ttl <= 0) return undefined;
  return (usualTtls.find((first) => first >= ttl) ?? 255) - ttl;
}

/** What came, in a few words for sentences of evidence. */
export function describe(seen: Seen): string {
  switch (seen.answer) {
    case 'silence':
      return `silence to ${countOf(seen.attempts, 'transmission')}`;
    case 'tcp': {
      const name =
        (seen.flags & reset) !== 0 ? 'a reset' : (seen.flags & syn) !== 0 ? 'a SYN-ACK' : 'a segment';
      return seen.ttl > 0 ? `${name} with TTL ${seen.ttl}` : name;
    }
    case 'udp':
      return 'a datagram';
    case 'icmp':
      return `ICMP ${seen.meaning ?? 'error'} from ${seen.from ?? 'the host itself'}`;
    case 'connected':
      return seen.greeting !== undefined && seen.greeting.length > 0
        ? `a connection, and a greeting of ${seen.greeting.length} bytes`
        : 'a connection';
    case 'refused':
      return 'a refusal of the connection';
    case 'in-use':
      return 'nothing, since the source port is in use on this machine';
    case 'unknown':
      return 'nothing that can be judged';
  }
}

/** `1 port`, `3 ports`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const syn = 0x02;
const reset = 0x04;
const usualTtls = [32, 64, 128, 255];
