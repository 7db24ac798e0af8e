/**
 * How questions leave a shard and answers come in: raw packets, the kernel's sockets, a sweep, or another shard.
 * A transport is synchronous and never waits: the shard does, for all of them at once.
 *
 * @module
 */

import type { OptionTable } from '../../engine/answers/option-table.ts';
import type { AnswerRun } from '../../engine/batch/batch.ts';
import type { Agenda } from '../../engine/hosts/agenda.ts';
import type { Host, HostEnd } from '../../engine/hosts/host.ts';
import type { HostRoute } from '../../engine/hosts/host-route.ts';
import type { Observation } from '../../model/observation.ts';
import type { Senders } from '../records/senders.ts';
import type { ShardConfig } from './config.ts';
import type { Candidate } from './host-source.ts';
import type { Machine } from './machine.ts';
import type { ShardTotals } from './messages.ts';
import type { LocalPath } from './outage.ts';
import type { Reporter } from './reporter.ts';

/** What a shard gives its transports. */
export interface TransportContext {
  readonly config: ShardConfig;
  readonly machine: Machine;
  readonly reporter: Reporter;
  /** Third parties that sent errors, under one numbering for all transports. */
  readonly senders: Senders;
  /** The TCP options of answers, likewise. */
  readonly options: OptionTable;
  /** Whether this machine's own way out is broken: something has happened that this would explain. */
  readonly isOut: (nowUs: number) => boolean;
}

/** A transport. Times are microseconds. */
export interface Transport {
  /** Descriptors that can be read when something has come. */
  readonly descriptors: readonly number[];
  /** Without which nothing leaves this machine or comes back. */
  readonly localPaths: Iterable<LocalPath>;
  /** Whether anything is being asked or listened for. */
  readonly isBusy: boolean;
  /** Takes in what has come, as much as must be so that sending is not starved. Returns how much it was. */
  receive(): number;
  /** Moves timers on. */
  handleTimeout(nowUs: number): void;
  /** Sends what may be sent now. Returns how much it was. */
  transmit(nowUs: number): number;
  /** When one of these must be called again. Asked right before the shard waits. */
  dueUs(nowUs: number): number;
  /** What was sent since `sinceUs` proved nothing (an outage): it is asked again. */
  voidSince(sinceUs: number, nowUs: number): void;
  /** How long an answer usually takes, or the given time where none is known. */
  typicalUs(fallbackUs: number): number;
  totals(): TransportTotals;
  /** Ends everything: what is not decided stays unsaid. */
  abort(): void;
  /** Gives back what it took of the system. */
  close(): void;
  /** Lets the event loop turn until something has come, for `timeoutMs` at most; absent: {@link descriptors} tell. */
  readonly turn?: ((timeoutMs: number) => Promise<void>) | undefined;
}

/** A transport that asks hosts, phase by phase: `phase` counts from 0 in the order it was given them. */
export interface HostTransport extends Transport {
  /** Finds the way to a host. */
  approach(candidate: Candidate, events: ApproachEvents): void;
  /** Hosts whose way is being looked for. */
  readonly approaching: number;
  hasRoom(phase: number): boolean;
  /** Whether a phase has hosts. */
  isAsking(phase: number): boolean;
  admit(phase: number, candidate: Candidate, route: TargetRoute | undefined, agenda: Agenda): void;
}

/** What is told of a host that is being asked; `host.phase` says in which phase. */
export interface HostEvents {
  /** A host begins to be asked from a list. */
  admitted(host: Host): void;
  observed(host: Host, question: number, seen: Observation): void;
  /** The same for answers that came together. */
  observedRun(host: Host, run: AnswerRun): void;
  hostDone(host: Host, end: HostEnd): void;
  blocked(host: Host, isBlocked: boolean, nowUs: number): void;
}

/** Who wants to know the way to a host. */
export interface ApproachEvents {
  /** `proof` is set when finding the way proved that the host is up. */
  reached(candidate: Candidate, route: TargetRoute | undefined, proof?: Proof): void;
  /** The host is down, or trouble of our own hides it (`isUnknown`). */
  lost(candidate: Candidate, isUnknown: boolean): void;
}

/** How packets reach a host. */
export interface TargetRoute extends HostRoute {
  /** The host is on the own link: no router lies between. */
  readonly isNear: boolean;
}

/** How a host may be found without a question. */
export type FoundBy = 'arp' | 'neighbour' | 'localhost';

/** What finding the way to a host proved. */
export interface Proof {
  /** How the host was found without a question. */
  readonly by: FoundBy;
  /** Microseconds, -1 where it is unknown. */
  readonly rttUs: number;
  readonly mac?: Uint8Array;
}

/** What a transport adds to the shard's counters. */
export type TransportTotals = ShardTotals;

/** Of a transport that counts nothing. */
export const nothingCounted: TransportTotals = {
  sentPackets: 0,
  sentBytes: 0,
  receivedPackets: 0,
  receivedBytes: 0,
  retransmitted: 0,
  judged: 0,
  firstLost: 0,
  droppedByKernel: 0,
  anomalies: 0,
  damaged: 0,
  ratePps: 0,
  rttUs: 0,
};
