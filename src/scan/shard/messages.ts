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
  /** Of a sweep: questions that nothing answered, and those that could not be asked from here. */
  readonly swept?: { readonly silent: number; readonly unsent: number };
  readonly droppedByKernel: number;
  readonly anomalies: number;
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
      /** Records of {@link recordWords} words, see {@link recordKind}. */
      readonly records: Uint32Array<ArrayBuffer>;
      /** Senders seen for the first time, in order. */
      readonly senders: readonly string[];
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

/**
 * A record: host number; question number or kind; verdict code with ttl and attempts above it; round-trip time
 * in microseconds or `nothing`; sender.
 */
export const recordWords = 5;

/** Records that are no verdict, told by their second word. */
export const recordKind = {
  /** Everything is said; third word: 0 done, 1 blocked, 2 timed out, 3 local trouble. */
  hostDone: 0xffff_ffff,
  /** The host is up or down, like a verdict. */
  hostState: 0xffff_fffe,
  /** Its hardware address in the third and fourth word. */
  hardware: 0xffff_fffd,
  /** It stopped answering; fourth word: milliseconds since the scan began. */
  blocked: 0xffff_fffc,
  /** It limits its answers; third word: the kind of answer, fourth: answers per 1000 seconds. */
  limited: 0xffff_fffb,
  /** A hop of the way to it: the TTL, the round-trip time, the sender as in a verdict. */
  hop: 0xffff_fffa,
  /** The hops said before are a way: reached or not in bit 0 and the protocol above it, then the port. */
  trace: 0xffff_fff9,
  /**
   * It says open for ports that hold no service: rule in bits 0-3, basis in bits 4-7, window above them; two
   * canaries in the fourth word, the third in the fifth.
   */
  pretender: 0xffff_fff8,
} as const;

/** The lowest kind: what lies below is a question's number. */
export const lowestKind = recordKind.pretender;

/** What a way can be traced with, in the order of `recordKind.trace`. */
export const traceProtocols = ['icmp', 'tcp', 'udp', 'sctp'] as const;

/** A round-trip time that was not measured. */
export const nothing = 0xffff_ffff;
