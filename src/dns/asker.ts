/**
 * Who asks name servers: the one interface between what is wanted to be known about names and how servers are asked.
 *
 * Names are absolute text without the trailing dot, in lower case ('' is the root); a byte that is not printable, a dot
 * within a label and a backslash are escaped as in RFC 1035, 5.1 (`\.`, `\\`, `\DDD`).
 *
 * @module
 */

/** One record of an answer. */
export interface DnsRecord {
  /** Its owner. */
  readonly name: string;
  /** `A`, `MX`, `TYPE65280`… */
  readonly type: string;
  readonly ttl: number;
  /** The presentation form of its data (RFC 1035, 5.1), as dig writes it. */
  readonly value: string;
  /** The same as dns-packet decodes it. */
  readonly data: unknown;
  readonly section: 'answer' | 'authority' | 'additional';
}

/** What is asked. */
export interface DnsQuestion {
  readonly name: string;
  readonly type: string;
  /** Signatures and proofs are wanted as well (the DO bit of RFC 3225). */
  readonly dnssec?: boolean;
  /** Whether the server shall ask others (RD); by default only where none was named. */
  readonly recursive?: boolean;
}

/** What became of a question. A code such as NXDOMAIN is an answer. */
export type DnsOutcome =
  | {
      readonly kind: 'answer';
      readonly rcode: 'NOERROR' | 'NXDOMAIN' | (string & {});
      /** The server says that it is its own zone (AA). */
      readonly isAuthoritative: boolean;
      /** The server says that it has checked the signatures (AD). */
      readonly isAuthentic: boolean;
      readonly records: readonly DnsRecord[];
      readonly server: string;
      readonly rttMs: number;
    }
  | { readonly kind: 'undecided'; readonly why: UndecidedReason; readonly server?: string };

/** Why nothing could be learnt, be it for the moment; `stopped`: nobody waited for it any more. */
export type UndecidedReason = 'timeout' | 'servfail' | 'refused' | 'lame' | 'malformed' | 'stopped';

/** How a transfer ended. */
export interface TransferOutcome {
  readonly result: 'complete' | 'refused' | 'tsig-required' | 'partial' | 'timeout';
  /** How many records were handed over, the SOA at the end not counted. */
  readonly records: number;
}

/** What it cost: datagrams and messages by TCP; bytes are those of the messages. */
export interface AskingCounts {
  readonly sent: number;
  readonly received: number;
  readonly retransmitted: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** Asks name servers. */
export interface Asker {
  /**
   * Never rejects. Retries, rotation over `servers` (the configured ones if absent), pace and cache are its own.
   * Servers are `address`, `address:port` or `[v6]:port`.
   */
  ask(question: DnsQuestion, servers?: readonly string[]): Promise<DnsOutcome>;
  /**
   * A zone transfer (RFC 5936) by TCP. `take` gets the records as they come, a message at a time; those of a transfer
   * that is not `complete` are a part of the zone. Never rejects.
   */
  transfer(
    zone: string,
    server: string,
    take: (records: readonly DnsRecord[]) => void,
  ): Promise<TransferOutcome>;
  readonly counts: AskingCounts;
  /** What is under way ends as `stopped`, and whatever is asked from now on. */
  stop(): void;
}
