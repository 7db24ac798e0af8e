/** The rows and probes of a technique in words. @module */

import { icmpErrors } from '../../model/reply.ts';
import type { Pattern, ProbeShape } from '../../techniques/technique.ts';

/** What an answer must look like. */
export function describePattern(pattern: Pattern): string {
  if ('tcp' in pattern) {
    const window = pattern.window === undefined ? '' : `, window ${pattern.window}`;
    return `TCP with ${pattern.tcp.map((letter) => flagNames[letter]).join('+')}${window}`;
  }
  if ('sctp' in pattern) return `SCTP ${pattern.sctp.toUpperCase()}`;
  if ('kind' in pattern) return kinds[pattern.kind];
  const which =
    pattern.icmp.length === icmpErrors.length ? 'any ICMP error' : `ICMP ${pattern.icmp.join(', ')}`;
  return `${which}${pattern.sender === 'target' ? ' from the target itself' : ''}`;
}

/** What is sent. */
export function describeProbe(probe: ProbeShape): string {
  switch (probe.transport) {
    case 'tcp':
      return probe.flags.length === 0
        ? 'a TCP segment without flags'
        : `a TCP segment with ${probe.flags.map((letter) => flagNames[letter]).join('+')}`;
    case 'udp':
      return probe.payload === 'by-port'
        ? 'the datagram that the port’s service answers'
        : 'an empty datagram';
    case 'sctp':
      return 'an SCTP INIT chunk';
    case 'icmp':
      return `an ICMP ${probe.message} request`;
    case 'ip':
      return 'an IP packet with a header of the protocol';
    case 'link':
      return 'an ARP request (IPv4) or a neighbour solicitation (IPv6)';
    case 'socket':
      return 'a connection by the operating system';
  }
}

const flagNames = { F: 'FIN', S: 'SYN', R: 'RST', P: 'PSH', A: 'ACK', U: 'URG', E: 'ECE', C: 'CWR' } as const;

const kinds = {
  udp: 'any datagram',
  'echo-reply': 'ICMP echo reply',
  'timestamp-reply': 'ICMP timestamp reply',
  'mask-reply': 'ICMP address mask reply',
  protocol: 'any packet of the protocol',
  neighbour: 'an answer with a hardware address',
  connected: 'the connection is made',
  refused: 'the connection is refused',
} as const;
