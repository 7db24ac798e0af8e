/**
 * What the main thread and a shard say to each other. Everything is declared here.
 *
 * @module
 */

/** Which words of `Resources.control` say what. */
export const controlWord = { stop: 0, batchesRead: 1, mayBegin: 2 } as const;

/** Counters of a shard, for progress and the summary. */
export interface ShardTotals {
  readonly sentPackets: number;
  readonly sentBytes: number;
  readonly receivedPackets: number;
  readonly receivedBytes: number;
  readonly retransmitted: number;
  /** First transmissions of answered tasks, and how many of them were lost. */
  readonly judged: number;
  readonly firstLost: number;
  /** Samples of paths to hosts that hardly ever answer, and how many of them were lost; absent: none. */
  readonly sampled?: number;
  readonly sampleLost?: number;
  /** The same of those alone that were echoes; absent: none were. */
  readonly echoed?: number;
  readonly echoesLost?: number;
  /** Of a sweep: questions that nothing answered, and those that could not be asked from here. */
  readonly swept?: { readonly silent: number; readonly unsent: number };
  readonly droppedByKernel: number;
  /** Packets for us that answer nothing that was asked, and how many of them would, but for their wrong checksum. */
  readonly anomalies: number;
  readonly damaged: number;
  readonly ratePps: number;
  readonly rttUs: number;
}

/** What a shard says last. */
export type ShardEnd =
  | { readonly type: 'done'; readonly totals: ShardTotals }
  | {
      readonly type: 'failed';
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
      readonly stack?: string;
    };

/** What a shard says. */
export type ShardMessage = ShardReport | ShardEnd;

/** What a shard reports, its last counters included. */
export type ShardReport =
  | Extract<ShardEnd, { readonly type: 'done' }>
  | {
      readonly type: 'batch';
      /** Frames one after the other, see `records/frame.ts`. */
      readonly records: Uint8Array<ArrayBuffer>;
    }
  | {
      readonly type: 'progress';
      readonly phase: string;
      readonly totals: ShardTotals;
    }
  | {
      /** Packets, or the description of an interface, as a `Recorder` hands them over. */
      readonly type: 'evidence';
      readonly blocks: Uint8Array<ArrayBuffer>;
    }
  | { readonly type: 'warning'; readonly message: string; readonly incomplete: boolean }
  | { readonly type: 'trace'; readonly line: string };
