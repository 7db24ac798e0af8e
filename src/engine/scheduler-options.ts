/**
 * What a scheduler is made from, and what it tells.
 *
 * @module
 */

import type { Observation } from '../model/observation.ts';
import type { AnswerRun } from './batch/batch.ts';
import type { Host, HostEnd } from './hosts/host.ts';
import type { ErrorMeter } from './limits/error-meter.ts';
import type { Batching } from './questions/asked-tables.ts';
import type { Questions } from './questions/questions.ts';
import type { LossEstimator } from './rate/loss.ts';
import type { RateFinder } from './rate/rate-finder.ts';
import type { RateBounds } from './rate/rate-terms.ts';
import type { RttBounds } from './rate/rtt.ts';

/** The bounds within which the scheduler finds its pace. Times are microseconds. */
export interface Limits {
  readonly rtt: RttBounds;
  readonly hostRate: RateBounds;
  readonly linkRate: RateBounds;
  /** Transmissions at most. */
  readonly maxAttempts: number;
  readonly scanDelayUs: number;
  readonly hostTimeoutUs: number;
  readonly maxParallelism: number;
  /** How long to wait for a host that stopped answering altogether before its ports are called blocked. */
  readonly blockedWaitUs: number;
  /** A host that is called blocked is left alone and asked so rarely; absent: again and again, until the time is over. */
  readonly banManners?: BanManners;
  /** Packets are dear: where none is seen to be lost, or a host drops nearly everything, silence is believed sooner. */
  readonly thrift?: Thrift;
}

/** How silence is believed where packets are dear. */
export interface Thrift {
  /**
   * By question: 1 where one silence will do as long as nothing is seen to be lost, 2 where that takes answers to many
   * others, 0 where it never does; absent: nowhere.
   */
  readonly spared?: Uint8Array;
}

/** How who seems to be banned behaves. */
export interface BanManners {
  /** After these times one question is put that had been answered; then the host is given up. Microseconds. */
  readonly pausesUs: readonly number[];
  /** How often it goes on, each time at a quarter of the rate. */
  readonly mostReturns: number;
}

/** What the scheduler tells. */
export interface SchedulerEvents {
  /** A question has its verdict by what was seen. The observation is used again: whoever keeps it copies it. */
  observed(host: Host, question: number, seen: Observation): void;
  /** The same for answers of a host that came together, where questions are asked in batches. `run` is used again. */
  readonly observedRun?: (host: Host, run: AnswerRun) => void;
  /** Everything about the host is decided. */
  hostDone(host: Host, end: HostEnd): void;
  /** The host stopped answering (true), or answers again (false). */
  blocked(host: Host, isBlocked: boolean, nowUs: number): void;
  /** A question that the host has answered before stayed without answer: its next hop may have become another machine. */
  readonly missed?: (host: Host, nowUs: number) => void;
  /** Nothing more is to reach the host for a while: what is open of it and sends by itself ends. Absent: nothing does. */
  readonly rest?: (host: Host) => void;
}

/** How a scheduler's hosts are asked. */
export interface SchedulerOptions {
  readonly questions: Questions;
  /** Hosts asked at the same time, at most. */
  readonly rows: number;
  readonly limits: Limits;
  readonly inOrder: boolean;
  /** The first positive answer settles the host (discovery). */
  readonly firstAnswerSettles: boolean;
  /** The pace of everything that shares this link. */
  readonly link: RateFinder;
  readonly linkLoss: LossEstimator;
  /** Who sends ICMP errors, in all phases. */
  readonly errors: ErrorMeter;
  /** Whether probes of a variant are to end on their way; absent: none are. */
  readonly isHopLimited?: (variant: number) => boolean;
  /** To ask many questions of a list at once, and take their answers; absent: one after the other. */
  readonly batching?: Batching;
}
