/**
 * What was seen of one question, as numbers: the evidence a verdict rests on, and from which it can be computed
 * again. Silence and trouble of our own are observations as well.
 *
 * @module
 */

import { type Reason, verdictCode, verdictOf } from './verdict.ts';

/** What came back. The order is that of the numbers, which journals keep. */
export const observationKinds = [
  /** Nothing, to any transmission that counts. */
  'silence',
  /** A segment: `flags`, `window`, `options`. */
  'tcp',
  /** A datagram. */
  'udp',
  'init-ack',
  'abort',
  'echo-reply',
  'timestamp-reply',
  'mask-reply',
  /** A packet of the IP protocol that was asked about. */
  'protocol',
  /** An ICMP error: `meaning`, `icmpType`, `icmpCode`. */
  'icmp',
  /** What the kernel says of a connection; `unreachable` has a `meaning`. */
  'connected',
  'refused',
  'unreachable',
  /** Trouble on this side, or a host that stopped answering: `trouble`. Nothing was learnt. */
  'local',
  /** The host is found without a question: by its hardware address, by being this machine, by being named. */
  'arp',
  'neighbour',
  'localhost',
  'named',
] as const;

/** One of {@link observationKinds}. */
export type ObservationKind = (typeof observationKinds)[number];

/** The number of a kind. */
export const observationKind = Object.fromEntries(observationKinds.map((kind, i) => [kind, i])) as Readonly<
  Record<ObservationKind, number>
>;

/** Why nothing could be learnt; {@link Observation.trouble} counts in this order. `budget`: the user's bound on packets. */
export const troubles = [
  'local-error',
  'blocked',
  'host-timeout',
  'too-big',
  'port-in-use',
  'budget',
] as const;

/** One of {@link troubles}. */
export type Trouble = (typeof troubles)[number];

/** Why a port that met it could not be judged. */
export function reasonOf(trouble: Trouble): Reason {
  if (trouble === 'budget') return 'user-set';
  return trouble === 'port-in-use' ? 'local-error' : trouble;
}

/** No sender: nothing was received. */
export const noSender = 0xffff_fffe;
/** The target itself sent the answer. */
export const fromTarget = 0xffff_ffff;

/** Enough to tell what speaks there. */
export const mostDataBytes = 64;

/** As much of a datagram as fits into one packet of an Ethernet, and some: what listens there is read in it. */
export const mostDatagramBytes = 2048;

/** Enough of a quoted packet for an IPv6 header and a TCP header with the options that SYNs have. */
export const mostQuoteBytes = 80;

/** No bytes. */
const noData: Uint8Array = new Uint8Array(0);

/**
 * One observation. The object is filled again and again, so that a packet costs none: whoever keeps it copies it.
 * Numbers that do not belong to its kind are 0, or -1 where 0 says something.
 */
export class Observation {
  /** An index into {@link observationKinds}. */
  kind = 0;
  /** What the technique's table makes of it, see `verdictCode`. */
  code = 0;
  /** TCP: flags as in the header, and the window as it stands there (not scaled). */
  flags = 0;
  window = 0;
  /** TCP options: a number in the table of whoever read the packet (`OptionTable`), 0 for none. */
  options = 0;
  /** TCP: the sender's clock in the timestamps option, 0 for none. */
  timestamp = 0;
  /** IP: 1 with DF; the identification, -1 where there is none; time to live or hop limit, 0 where it is unknown. */
  dontFragment = 0;
  ipId = -1;
  ttl = 0;
  /** ICMP errors: an index into `icmpErrors`, the type and the code, -1 where they are unknown. */
  meaning = -1;
  icmpType = -1;
  icmpCode = -1;
  /**
   * The first bytes of a datagram, at most {@link mostDatagramBytes}, or of what was said on a connection, at most
   * {@link mostDataBytes}. Of an ICMP error about
   * a probe that was to end on its way, the headers it quotes, at most {@link mostQuoteBytes}.
   */
  data: Uint8Array = noData;
  /** An index into {@link troubles}. */
  trouble = 0;
  /** 1: the port said open, but so does every port of its host, and nothing showed a service on this one. */
  isDoubtful = 0;
  /** {@link fromTarget}, {@link noSender}, or a number in the list of whoever heard it. */
  sender = noSender;
  /** Which transmission was answered, 1 for the first, 0 for none; and how many were made. */
  attempt = 0;
  attempts = 0;
  /** Microseconds; -1 where it is unknown. */
  rttUs = -1;
  /** When it came, or when waiting ended: microseconds on the scan's clock. */
  atUs = 0;

  /** Begins anew with a kind: everything else is unknown. */
  begin(kind: number): void {
    this.kind = kind;
    this.code = 0;
    this.flags = 0;
    this.window = 0;
    this.options = 0;
    this.timestamp = 0;
    this.dontFragment = 0;
    this.ipId = -1;
    this.ttl = 0;
    this.meaning = -1;
    this.icmpType = -1;
    this.icmpCode = -1;
    this.data = noData;
    this.trouble = 0;
    this.isDoubtful = 0;
    this.sender = noSender;
    this.attempt = 0;
    this.attempts = 0;
    this.rttUs = -1;
    this.atUs = 0;
  }

  /** Becomes like another. */
  copy(from: Observation): void {
    this.kind = from.kind;
    this.code = from.code;
    this.flags = from.flags;
    this.window = from.window;
    this.options = from.options;
    this.timestamp = from.timestamp;
    this.dontFragment = from.dontFragment;
    this.ipId = from.ipId;
    this.ttl = from.ttl;
    this.meaning = from.meaning;
    this.icmpType = from.icmpType;
    this.icmpCode = from.icmpCode;
    this.data = from.data;
    this.trouble = from.trouble;
    this.isDoubtful = from.isDoubtful;
    this.sender = from.sender;
    this.attempt = from.attempt;
    this.attempts = from.attempts;
    this.rttUs = from.rttUs;
    this.atUs = from.atUs;
  }
}

/** Takes back that a port is open: so says every port of its host, and this one showed no service. */
export function doubt(seen: Observation): void {
  const { state, reason } = verdictOf(seen.code);
  seen.isDoubtful = 1;
  if (state === 'open') seen.code = verdictCode('open|filtered', reason);
}
