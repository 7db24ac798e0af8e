/**
 * Host discovery: the same tables, read as "somebody is there". A row's state `open` means up; silence and
 * errors from elsewhere say nothing, which the tables write as `filtered`.
 *
 * @module
 */

import { anySegmentIsUp, errorFromTargetIsUp } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** TCP SYN ping. */
export const pingSyn = defineTechnique({
  name: 'ping-syn',
  flag: 'PS',
  summary: 'SYN to the listed ports (80): any segment back means up',
  about: 'host',
  probe: { transport: 'tcp', flags: ['S'] },
  sends: 'packets',
  withoutPrivilege: 'ping-connect',
  usualPorts: '80',
  replies: [...anySegmentIsUp, errorFromTargetIsUp],
  silence: 'filtered',
});

/** TCP ACK ping. */
export const pingAck = defineTechnique({
  name: 'ping-ack',
  flag: 'PA',
  summary: 'ACK to the listed ports (80): gets past filters that only stop SYN',
  about: 'host',
  probe: { transport: 'tcp', flags: ['A'] },
  sends: 'packets',
  usualPorts: '80',
  replies: [...anySegmentIsUp, errorFromTargetIsUp],
  silence: 'filtered',
});

/** UDP ping. */
export const pingUdp = defineTechnique({
  name: 'ping-udp',
  flag: 'PU',
  summary: 'Datagram to the listed ports (40125): an answer or a port-unreachable means up',
  about: 'host',
  probe: { transport: 'udp', payload: 'by-port' },
  sends: 'packets',
  // Nothing is registered there, so that a live host says so.
  usualPorts: '40125',
  replies: [{ when: { kind: 'udp' }, state: 'open', reason: 'udp-response' }, errorFromTargetIsUp],
  silence: 'filtered',
});

/** SCTP INIT ping. */
export const pingSctp = defineTechnique({
  name: 'ping-sctp',
  flag: 'PY',
  summary: 'SCTP INIT to the listed ports (80)',
  about: 'host',
  probe: { transport: 'sctp', chunk: 'init' },
  sends: 'packets',
  usualPorts: '80',
  replies: [
    { when: { sctp: 'init-ack' }, state: 'open', reason: 'init-ack' },
    { when: { sctp: 'abort' }, state: 'open', reason: 'abort' },
    errorFromTargetIsUp,
  ],
  silence: 'filtered',
});

/** ICMP echo, ICMPv6 echo. */
export const pingEcho = defineTechnique({
  name: 'ping-echo',
  flag: 'PE',
  summary: 'ICMP echo request',
  about: 'host',
  probe: { transport: 'icmp', message: 'echo' },
  sends: 'packets',
  replies: [{ when: { kind: 'echo-reply' }, state: 'open', reason: 'echo-reply' }, errorFromTargetIsUp],
  silence: 'filtered',
});

/** ICMP timestamp; IPv4 only. */
export const pingTimestamp = defineTechnique({
  name: 'ping-timestamp',
  flag: 'PP',
  summary: 'ICMP timestamp request (IPv4)',
  about: 'host',
  probe: { transport: 'icmp', message: 'timestamp' },
  sends: 'packets',
  onlyFamily: 4,
  replies: [
    { when: { kind: 'timestamp-reply' }, state: 'open', reason: 'timestamp-reply' },
    errorFromTargetIsUp,
  ],
  silence: 'filtered',
});

/** ICMP address mask; IPv4 only, obsolete (RFC 6918) but still answered by some. */
export const pingMask = defineTechnique({
  name: 'ping-mask',
  flag: 'PM',
  summary: 'ICMP address mask request (IPv4)',
  about: 'host',
  probe: { transport: 'icmp', message: 'mask' },
  sends: 'packets',
  onlyFamily: 4,
  replies: [{ when: { kind: 'mask-reply' }, state: 'open', reason: 'mask-reply' }, errorFromTargetIsUp],
  silence: 'filtered',
});

/** One packet of each listed IP protocol. */
export const pingProtocol = defineTechnique({
  name: 'ping-protocol',
  flag: 'PO',
  summary: 'A packet of each listed IP protocol (1, 2, 4)',
  about: 'host',
  probe: { transport: 'ip', header: 'by-protocol' },
  sends: 'packets',
  usualPorts: '1,2,4',
  replies: [{ when: { kind: 'protocol' }, state: 'open', reason: 'proto-response' }, errorFromTargetIsUp],
  silence: 'filtered',
});

/** ARP request or neighbour solicitation, on the own link. */
export const pingNeighbour = defineTechnique({
  name: 'ping-neighbour',
  flag: 'PR',
  summary: 'ARP request or neighbour solicitation, on the own link',
  about: 'host',
  probe: { transport: 'link', message: 'neighbour' },
  sends: 'packets',
  replies: [{ when: { kind: 'neighbour' }, state: 'open', reason: 'arp-response' }],
  silence: 'filtered',
});

/** connect() to the listed ports, for those without privileges. */
export const pingConnect = defineTechnique({
  name: 'ping-connect',
  flag: 'PS',
  summary: 'Connection to the listed ports (80, 443), without privileges',
  about: 'host',
  probe: { transport: 'socket' },
  sends: 'sockets',
  usualPorts: '80,443',
  replies: [
    { when: { kind: 'connected' }, state: 'open', reason: 'connected' },
    { when: { kind: 'refused' }, state: 'open', reason: 'refused' },
    errorFromTargetIsUp,
  ],
  silence: 'filtered',
});
