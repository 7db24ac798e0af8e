/** What is wanted to be known of names. Typed and inert: nothing was looked up or asked yet. @module */

/** A look at names. */
export interface NamesRequest {
  /** In lower case, without the dot at the end, as `dns/asker.ts` has them. */
  readonly names: readonly string[];
  /** Types of records by their names; absent: the common ones. */
  readonly types?: readonly string[];
  /** `address`, `address:port` or `[v6]:port`; absent: those of this system. */
  readonly dnsServers?: readonly string[];
  /** Messages that may be sent, repetitions included. */
  readonly budget?: number;
  /** Questions a second at each server, at most; absent: what each bears. */
  readonly ratePerSecond?: number;
  /** Zone transfers are tried at every name server. */
  readonly wantsTransfers?: boolean;
  /** Names below `names` are looked for. */
  readonly wantsSubdomains?: boolean;
  /** A file of labels, one a line; absent: the built-in ones. */
  readonly wordlist?: string;
  /** Files that hold names, in whatever form. */
  readonly nameLists?: readonly string[];
  /** Blocks of addresses, such as `10.0.0.0/24`, whose names are asked for. */
  readonly reverse?: readonly string[];
  /** A new file in which what is answered is kept. */
  readonly journal?: string;
  /** The journal of an earlier look to go on with. */
  readonly resume?: string;
  /** What was typed, for the record. */
  readonly args?: readonly string[];
}

/** What is asked for where nothing else is said. */
export const commonTypes: readonly string[] = [
  'A',
  'AAAA',
  'CNAME',
  'NS',
  'SOA',
  'MX',
  'TXT',
  'SRV',
  'CAA',
  'PTR',
  'DS',
  'DNSKEY',
  'HTTPS',
  'SVCB',
];
