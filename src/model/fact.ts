/**
 * What a scan tells, piece by piece. The recorded facts are the lines of the NDJSON format; the others
 * (progress, warnings, the end of a host) are for whoever listens live.
 *
 * Times are ISO 8601 in UTC, round-trip times milliseconds, addresses canonical text.
 *
 * @module
 */

import type { ChangeFact, KeptFact, SeenFact } from './change-facts.ts';
import type { DeviceFact } from './device-fact.ts';
import type { ArrivedFact, ListeningFact } from './listener-facts.ts';
import type { DnsFact, NameTotals, TransferFact, ZoneFact } from './name-facts.ts';
import type { Trouble } from './observation.ts';
import type { OsFact } from './os-fact.ts';
import type { IcmpError } from './reply.ts';
import type { ServiceFact } from './service-fact.ts';
import type { PortTechniqueName } from './technique-name.ts';
import type { PortState, Protocol, Reason } from './verdict.ts';

/** The first fact: what was asked. */
export interface ScanFact {
  readonly type: 'scan';
  /** Its ordinal among the recorded facts, from 1. */
  readonly n: number;
  readonly schema: 1;
  readonly version: string;
  readonly startedAt: string;
  readonly args: readonly string[];
  readonly seed: number;
  /** What is asked of every host: technique, its protocol, the ports as ranges, how many. */
  readonly questions: readonly {
    readonly technique: PortTechniqueName;
    readonly protocol: Protocol;
    readonly ports: string;
    readonly count: number;
  }[];
  /** Who is asked, and who is not whatever else is said: ascending ranges such as `10.0.0.0-10.0.0.255,fe80::1`. */
  readonly targets: string;
  readonly excluded: string;
  /** The rest of the plan, without the secrets of proxies. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How a SYN looks on the wire, e.g. `linux: MSS, SACK, timestamps, window scale`. */
  readonly profile?: string;
}

/** A host was judged up or down. */
export interface HostFact {
  readonly type: 'host';
  readonly n: number;
  readonly host: string;
  readonly name?: string;
  /** All its names. */
  readonly names?: readonly string[];
  /** The name the user gave, where the target was a name. */
  readonly askedAs?: string;
  readonly state: 'up' | 'down' | 'unknown';
  readonly reason: Reason;
  readonly ttl?: number;
  readonly rttMs?: number;
  readonly mac?: string;
  readonly vendor?: string | null;
  readonly at: string;
}

/** One port's verdict under one technique. */
export interface PortFact {
  readonly type: 'port';
  readonly n: number;
  readonly host: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly technique: PortTechniqueName;
  readonly state: PortState;
  readonly reason: Reason;
  readonly ttl?: number;
  /** Who sent the deciding answer; absent where nothing came. */
  readonly from?: string;
  readonly rttMs?: number;
  readonly attempts: number;
  readonly service?: string;
  readonly at: string;
}

/** Ports of a host that share technique, state and reason. `ports` is a range list such as `1-21,23-65535`. */
export interface PortsFact {
  readonly type: 'ports';
  readonly n: number;
  readonly host: string;
  readonly protocol: Protocol;
  readonly ports: string;
  readonly technique: PortTechniqueName;
  readonly state: PortState;
  readonly reason: Reason;
  readonly count: number;
  /** Of silence: how often each was asked at least. */
  readonly attempts?: number;
  readonly at: string;
}

/** A statement about a filter or the path, with what it rests on and what would refute it. */
export interface FindingFact {
  readonly type: 'finding';
  readonly n: number;
  readonly host: string;
  readonly rule: string;
  readonly severity?: 'info' | 'low' | 'medium' | 'high';
  readonly claim: string;
  /** Of a hole: whether a real exchange through it proved it. */
  readonly confirmed?: boolean;
  readonly confidence: number;
  readonly evidence: readonly string[];
  /** The ordinals of the facts it rests on. */
  readonly facts: readonly number[];
  readonly refutedBy: string;
  readonly at: string;
}

/** What becomes of probes to these ports of a host, as far as it shows from here. */
export interface PolicyFact {
  readonly type: 'policy';
  readonly n: number;
  readonly host: string;
  readonly protocol: 'tcp' | 'udp';
  /** A range list such as `1-21,23-65535`. */
  readonly ports: string;
  readonly action: PolicyAction;
  /** What the ICMP error means that refuses, and who sends it. */
  readonly icmp: IcmpError | null;
  readonly by: string | null;
  /** The hop at which probes end, counted from 1, where that is certain. */
  readonly hop: number | null;
  /** Where it is not: the hops between which they end, both included. */
  readonly hopRange?: readonly [number, number];
  /** null: not known. */
  readonly exposure: Exposure | null;
  /** Other actions that look the same from here. */
  readonly alternatives?: readonly PolicyAction[];
  readonly confidence: number;
  readonly at: string;
}

/** What a filter may do with a probe; `unknown`: it could not be judged. */
export const policyActions = ['allow', 'drop', 'reject-rst', 'reject-icmp', 'proxy', 'unknown'] as const;

/** One of {@link policyActions}. */
export type PolicyAction = (typeof policyActions)[number];

/**
 * What it means for the host: a service that anyone can reach, one that a variant alone reaches, a port that nothing
 * filters and where nothing listens, one that is protected.
 */
export const exposures = ['exposed', 'hole', 'unprotected', 'protected'] as const;

/** One of {@link exposures}. */
export type Exposure = (typeof exposures)[number];

/** One question and what came back, for what a finding cites and where all evidence is wanted. */
export interface ProbeFact {
  readonly type: 'probe';
  readonly n: number;
  readonly host: string;
  readonly protocol: Protocol | 'icmp';
  /** Absent where the probe has none. */
  readonly port?: number;
  readonly technique: string;
  /** How the probe differs from the plain one of its technique. */
  readonly variant?: string;
  readonly attempts: number;
  /** null: silence, or nothing that could be learnt (`trouble`). */
  readonly reply: ProbeReply | null;
  /** Why nothing could be learnt. */
  readonly trouble?: Trouble;
  readonly from?: string;
  readonly rttMs?: number;
  readonly at: string;
}

/** What came back. A field is absent where it was not seen. */
export interface ProbeReply {
  readonly kind: 'tcp' | 'udp' | 'sctp' | 'icmp' | 'ip' | 'connection';
  /** TCP: a letter for each flag, such as `SA`. */
  readonly flags?: string;
  readonly window?: number;
  /** TCP options in their order, such as `mss,sack,ts,nop,wscale`, and what they say. */
  readonly options?: string;
  readonly mss?: number;
  readonly windowScale?: number;
  readonly timestamp?: number;
  readonly chunk?: 'init-ack' | 'abort';
  /** ICMP: what it means, or which reply it is. */
  readonly meaning?: IcmpError | 'echo-reply' | 'timestamp-reply' | 'mask-reply';
  readonly icmpType?: number;
  readonly icmpCode?: number;
  /** What became of a connection of the kernel's. */
  readonly outcome?: 'connected' | 'refused' | IcmpError;
  readonly ttl?: number;
  readonly df?: boolean;
  readonly ipId?: number;
  /** The first bytes, hexadecimal; of an ICMP error those of the packet it quotes. */
  readonly data?: string;
}

/** The path to a host, hop by hop; `address` is null where a hop stayed silent. */
export interface TraceFact {
  readonly type: 'trace';
  readonly n: number;
  readonly host: string;
  readonly protocol: Protocol | 'icmp';
  readonly port?: number;
  readonly reached: boolean;
  readonly hops: readonly {
    readonly ttl: number;
    readonly address: string | null;
    readonly name?: string;
    readonly rttMs?: number;
  }[];
  readonly at: string;
}

/** What a policy expects of one port of one host, what was found, and whether that is as it should be. */
export interface CheckFact {
  readonly type: 'check';
  readonly n: number;
  /** The name of the policy's rule. */
  readonly rule: string;
  /** An address; the name that the policy has, where no address of it is known. */
  readonly host: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly expected: Expected;
  readonly found: PortState;
  readonly result: CheckResult;
  /** Where the policy says so. */
  readonly line: number;
  /** The port it was asked from, where the rule names one. */
  readonly sourcePort?: number;
  /** The name that led to the host. */
  readonly name?: string;
  /** What the state rests on; absent where there is no verdict. */
  readonly reason?: Reason;
  /** How often it was asked; absent where it was not. */
  readonly attempts?: number;
  /** Why nothing can be said, or what else it rests on, in words. */
  readonly why?: string;
  /** Whether the probe arrived where a listener stands; absent: nobody knows. */
  readonly arrived?: boolean;
}

/** What a policy may expect of a port. `not-open` is anything else that can be told from open. */
export type Expected = 'open' | 'closed' | 'filtered' | 'not-open';

/** How a check came out. */
export const checkResults = ['pass', 'fail', 'inconclusive'] as const;

/** One of these. */
export type CheckResult = (typeof checkResults)[number];

/** The last fact: totals, loss, and whether everything was judged. */
export interface SummaryFact {
  readonly type: 'summary';
  readonly n: number;
  readonly finishedAt: string;
  readonly elapsedMs: number;
  readonly hosts: {
    readonly up: number;
    readonly down: number;
    /** Those of which it is not known whether they are up: not asked, or hidden by trouble on this side. */
    readonly unknown: number;
    readonly total: number;
  };
  readonly packets: { readonly sent: number; readonly received: number; readonly retransmitted: number };
  readonly bytes: { readonly sent: number; readonly received: number };
  /**
   * Packets that came to the scan's ports and answered none of its probes, where there were any; `wrongChecksum` would
   * have, but for a checksum that no host sends.
   */
  readonly anomalies?: { readonly packets: number; readonly wrongChecksum: number };
  /** Every state that occurred, with its count. */
  readonly ports: Readonly<Partial<Record<PortState, number>>>;
  /**
   * Hosts of whose ports none answered, where there were any: whether somebody limits what they are asked would show in
   * answers alone, so open ports may have been missed.
   */
  readonly silentHosts?: number;
  /** Of a sweep: questions that nothing answered. They are in no other count. */
  readonly silent?: number;
  readonly loss?: {
    readonly estimate: number;
    readonly low: number;
    readonly high: number;
    readonly missedOpenExpected: number;
  };
  /** Of an audit: how many checks came out how. */
  readonly checks?: Readonly<Record<CheckResult, number>>;
  /** Of a look at names: how many there were. */
  readonly names?: NameTotals;
  readonly complete: boolean;
  readonly exit: 'done' | 'incomplete' | 'interrupted' | 'failed';
}

/** The facts that are written down. */
export type RecordedFact =
  | ScanFact
  | HostFact
  | PortFact
  | PortsFact
  | ServiceFact
  | OsFact
  | DeviceFact
  | PolicyFact
  | FindingFact
  | ProbeFact
  | TraceFact
  | CheckFact
  | ListeningFact
  | ArrivedFact
  | DnsFact
  | TransferFact
  | ZoneFact
  | ChangeFact
  | KeptFact
  | SeenFact
  | SummaryFact;

/** A recorded fact before it has its ordinal. */
export type Unnumbered<F extends RecordedFact = RecordedFact> = F extends RecordedFact ? Omit<F, 'n'> : never;

/** One that is being made: copying what is known of it together costs more than setting it, field by field. */
export type Draft<F extends RecordedFact> = {
  -readonly [Field in keyof Unnumbered<F>]: Unnumbered<F>[Field];
};

/** Everything about this host has been said. */
export interface HostDoneFact {
  readonly type: 'host-done';
  readonly host: string;
}

/** Something the user should know that is no result, in one line. */
export interface WarningFact {
  readonly type: 'warning';
  /** Nothing is wrong: it is only worth knowing. */
  readonly isNotice?: true;
  readonly message: string;
}

/** Where the scan stands. `etaMs` is absent while nothing can be said. */
export interface ProgressFact {
  readonly type: 'progress';
  /** `starting`, `discovery`, `ports` or `sweep`. */
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly elapsedMs: number;
  readonly etaMs?: number;
  readonly ratePps: number;
  readonly hostsUp: number;
  readonly open: number;
}

/** Everything a scan yields. */
export type Fact = RecordedFact | HostDoneFact | WarningFact | ProgressFact;
