/**
 * The contract of a scan technique: what to send, and what each answer means.
 *
 * A technique is data. It opens no socket, keeps no state and reads no clock, so help text, documentation,
 * `explain` and tests are all derived from the same table.
 *
 * @module
 */

import type { IcmpError, Reply, TcpFlag } from '../model/reply.ts';
import type { PortState, Protocol, Reason } from '../model/verdict.ts';

/** A scan technique. */
export interface Technique {
  /** The name used in reports and by `explain`. */
  readonly name: string;
  /** Its command-line letters, e.g. `sS` or `PE`. */
  readonly flag: string;
  /** One line for the help text: what it tells apart, and at what cost. */
  readonly summary: string;
  /** What the answers are about; `host` for discovery. */
  readonly about: Protocol | 'host';
  /** What one probe carries. */
  readonly probe: ProbeShape;
  /** What probes leave by: raw packets, the kernel's own sockets, or either, as privileges allow. */
  readonly sends: 'packets' | 'sockets' | 'either';
  /** The only family it exists in; absent: both. */
  readonly onlyFamily?: 4;
  /** The technique that asks the same without privileges, which then has no letters of its own. */
  readonly withoutPrivilege?: string;
  /** Ports or protocols of a discovery probe that is told none; absent: it has none. */
  readonly usualPorts?: string;
  /** Its `open` is a handshake, which one responder can hold for every port. */
  readonly opensByHandshake?: true;
  /** What nmap's XML calls it; absent: nothing. */
  readonly xmlName?: string;
  /** How its probe looks on the wire beyond what {@link probe} says, in words for the report; absent: plain. */
  readonly profile?: string;
  /** Read top to bottom; the first row that matches decides. */
  readonly replies: readonly Row[];
  /** The state after the last retransmission went unanswered. */
  readonly silence: PortState;
}

/** The parts of a probe that differ between techniques. */
export type ProbeShape =
  | { readonly transport: 'tcp'; readonly flags: readonly TcpFlag[] }
  | { readonly transport: 'udp'; readonly payload: 'by-port' | 'empty' }
  | { readonly transport: 'sctp'; readonly chunk: 'init' }
  | { readonly transport: 'icmp'; readonly message: 'echo' | 'timestamp' | 'mask' }
  | { readonly transport: 'ip'; readonly header: 'by-protocol' }
  | { readonly transport: 'link'; readonly message: 'neighbour' }
  | { readonly transport: 'socket' };

/** One answer and its meaning. An ICMP row needs no reason: the error is the reason. */
export type Row =
  | { readonly when: Exclude<Pattern, IcmpPattern>; readonly state: PortState; readonly reason: Reason }
  | { readonly when: IcmpPattern; readonly state: PortState };

/** What a row asks of a reply. */
export type Pattern = TcpPattern | KindPattern | SctpPattern | IcmpPattern;

/** A TCP answer. Every flag listed must be set; others may be. */
interface TcpPattern {
  readonly tcp: readonly TcpFlag[];
  readonly window?: 'zero' | 'positive';
}

/** Any answer of this kind. */
interface KindPattern {
  readonly kind: Exclude<Reply['kind'], 'tcp' | 'icmp' | 'sctp'>;
}

/** An SCTP answer whose first chunk is this one. */
interface SctpPattern {
  readonly sctp: 'init-ack' | 'abort';
}

/** One of these errors, from the target itself if `sender` says so. */
interface IcmpPattern {
  readonly icmp: readonly IcmpError[];
  readonly sender?: 'target';
}

/** Lets the compiler check a technique's table where it is written. */
export function defineTechnique<const T extends Technique>(technique: T): T {
  return technique;
}
