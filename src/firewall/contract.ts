/**
 * What is said between a scan and whoever infers the filter before a host: what was seen of its ports, what is to be
 * asked next, and what follows from the answers. Nothing here knows a packet, a clock or a socket.
 *
 * @module
 */

import type { FindingFact, PolicyFact } from '../model/fact.ts';
import type { IcmpError } from '../model/reply.ts';
import type { PortTechniqueName } from '../model/technique-name.ts';

/** The transports whose ports a firewall is asked about. */
export type FilteredProtocol = 'tcp' | 'udp';

/** What came of one question. The plain scan's answers that look alike are one object. */
export interface Seen {
  /**
   * `silence`: nothing, to any of `attempts`. `connected` and `refused`: what the kernel said of a connection. `in-use`:
   * the source port is taken on this machine, so nothing was asked. `unknown`: trouble on this side, or blocked.
   */
  readonly answer: 'silence' | 'tcp' | 'udp' | 'icmp' | 'connected' | 'refused' | 'in-use' | 'unknown';
  /** TCP: the flag bits as in the header, the window as it stands there, the options in order (`mss,sack,ts`). */
  readonly flags: number;
  readonly window: number;
  readonly options: string;
  /** What the answer's IP header had; 0, false and -1 where it was not seen. */
  readonly ttl: number;
  readonly dontFragment: boolean;
  readonly ipId: number;
  /** ICMP errors: what it means. */
  readonly meaning?: IcmpError;
  /** Who sent it; absent: the host itself, or nobody. */
  readonly from?: string;
  /** Microseconds, -1 where it is unknown. */
  readonly rttUs: number;
  /** How many transmissions were made. */
  readonly attempts: number;
  /** The first bytes that a service said by itself. */
  readonly greeting?: Uint8Array;
  /** ICMP errors about hop-limited probes: how the probe looked there. */
  readonly quote?: Quote;
}

/** A probe as an ICMP error quotes it; what it stops before is absent. */
export interface Quote {
  /** The differentiated services code point, and the two bits of explicit congestion notification. */
  readonly dscp: number;
  readonly ecn: number;
  readonly dontFragment: boolean;
  /** TCP: the options in order (`mss,sack,ts`), and what they say. */
  readonly options?: string;
  readonly mss?: number;
  readonly windowScale?: number;
}

/** What the plain scan knows of a host when its filter is looked at. */
export interface FirewallView {
  /** Its address, as facts name it. */
  readonly host: string;
  readonly family: 4 | 6;
  /** Anything came from the host itself: while it was looked for, or from a port. */
  readonly hasAnswered: boolean;
  /** The TTL with which its echo came, where that is known. */
  readonly echoTtl?: number;
  /** It is on the own link, or this machine itself: no router lies between. */
  readonly isNear: boolean;
  readonly isOwn: boolean;
  /** The packets that it was sent so far, as far as it is known. */
  sentPackets(): number;
  /** The ports that were asked, ascending. */
  readonly ports: Readonly<Record<FilteredProtocol, readonly number[] | Uint16Array>>;
  /** What SYN (or a datagram) brought. */
  plain(protocol: FilteredProtocol, port: number): Seen;
  /** Ports that must not be asked though they are not among {@link ports}. */
  isExcluded(protocol: FilteredProtocol, port: number): boolean;
  /** Limits on answers that the scan has found, by what is limited. */
  readonly limits: readonly ('rst' | 'icmp' | 'syn')[];
  /** The host stopped answering in the middle of the scan. */
  readonly isBlocked: boolean;
  /** It says open for ports that hold no service: what the responder check named it. */
  readonly pretence?: 'syn-proxy' | 'redirect-all' | 'tarpit';
  /** Loss of the path as the scan estimates it, 0 to 1; undefined where nothing could show it. */
  readonly loss?: number;
}

/** A question of the firewall's own. */
export interface FirewallQuestion {
  readonly protocol: FilteredProtocol;
  /** `connect` is a real connection through the kernel, from the variant's source port. */
  readonly technique: PortTechniqueName;
  readonly port: number;
  /** A name of `firewallVariants`; empty: plain. */
  readonly variant: string;
  /** One silence will do, as long as nothing is seen to be lost. */
  readonly isOnce?: boolean;
}

/** A range of the effective policy, as a `policy` fact tells it. */
export type PolicyRange = Omit<PolicyFact, 'type' | 'n' | 'host' | 'at'> & {
  /** What it rests on: places in the order in which answers were folded. */
  readonly cites: readonly number[];
};

/** What was inferred, as a `finding` fact tells it. */
export type FirewallFinding = Omit<FindingFact, 'type' | 'n' | 'host' | 'facts' | 'at'> & {
  /** What it rests on: places in the order in which answers were folded. */
  readonly cites: readonly number[];
};

/** All that follows from what was seen. */
export interface Conclusions {
  readonly policy: readonly PolicyRange[];
  readonly findings: readonly FirewallFinding[];
  /** What was otherwise at the end than in the scan, in sentences; empty: nothing. */
  readonly changed: readonly string[];
  /** What a bound on packets or an early end left out, in words; empty: nothing. */
  readonly leftOut: readonly string[];
}

/** Infers the filter before one host. */
export interface Inference {
  /** What is to be asked now, beyond what was given before; empty, with nothing outstanding: it is done. */
  agenda(): readonly FirewallQuestion[];
  /** Takes what came of a question. */
  fold(question: FirewallQuestion, seen: Seen): void;
  conclude(): Conclusions;
}
