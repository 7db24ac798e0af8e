/**
 * What is told of names: their records, zones, and the transfers that were tried.
 *
 * @module
 */

/** How a record or a name came to be known. */
export const nameSources = [
  'query',
  'axfr',
  'wordlist',
  'permutation',
  'nsec',
  'list',
  'record',
  'reverse',
  'neighbour',
  'certificate',
] as const;

/** One of {@link nameSources}. */
export type NameSource = (typeof nameSources)[number];

/** Why nothing could be learnt of a name. */
export type UndecidedName = 'timeout' | 'servfail' | 'refused' | 'lame' | 'malformed' | 'stopped' | 'budget';

/**
 * A record; or that a name has none (`answer`); or that nothing could be learnt of it (`undecided`). Exactly one of
 * `record`, `answer` and `undecided` is there.
 */
export interface DnsFact {
  readonly type: 'dns';
  readonly n: number;
  readonly name: string;
  /** The type of the record, such as `A`. */
  readonly record?: string;
  /** The presentation form of its data (RFC 1035, 5.1), as dig writes it. */
  readonly value?: string;
  readonly ttl?: number;
  /** NXDOMAIN: there is no such name. NODATA: there is, but without a record of the types that were asked for. */
  readonly answer?: 'NXDOMAIN' | 'NODATA';
  readonly undecided?: UndecidedName;
  /** The types of which nothing could be learnt, where that is not true of all that were asked for. */
  readonly types?: readonly string[];
  readonly via?: NameSource;
  /** Who said so. */
  readonly server?: string;
  readonly at: string;
}

/** A zone transfer that was tried. */
export interface TransferFact {
  readonly type: 'transfer';
  readonly n: number;
  readonly zone: string;
  readonly server: string;
  readonly result: 'complete' | 'refused' | 'tsig-required' | 'partial' | 'timeout';
  readonly records: number;
  readonly at: string;
}

/** What is known of a zone beside its records: how it is signed, and what it says about mail from it. */
export interface ZoneFact {
  readonly type: 'zone';
  readonly n: number;
  readonly zone: string;
  readonly dnssec: {
    /** `signed`: with a DS in the zone above; `island`: signed without; `broken`: a DS that no key fits; `unsigned`. */
    readonly chain: 'signed' | 'island' | 'broken' | 'unsigned' | 'unknown';
    /** The algorithms of its keys by their mnemonics, such as ECDSAP256SHA256. */
    readonly algorithms: readonly string[];
    /** When the first of the signatures that were seen expires. */
    readonly expiresAt?: string;
  };
  readonly mail: {
    /** The SPF record (RFC 7208), where there is one. */
    readonly spf?: string;
    /** What it says of all other senders. */
    readonly spfAll?: 'pass' | 'fail' | 'softfail' | 'neutral';
    /** The DMARC record (RFC 7489), and its policy. */
    readonly dmarc?: string;
    readonly dmarcPolicy?: string;
  };
  readonly at: string;
}

/** Of `dns`: what the summary says of names. */
export interface NameTotals {
  /** Names that were asked for. */
  readonly asked: number;
  /** Those with a record. */
  readonly found: number;
  /** Those that do not exist, or have no record of the types that were asked for. */
  readonly absent: number;
  readonly undecided: number;
  /** Names that were left out as a wildcard's, by the reason. */
  readonly leftOut?: Readonly<Record<string, number>>;
}
