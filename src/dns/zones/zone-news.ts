/** What the search tells as it goes, and where names lie that records speak of. @module */

import type { FindingFact } from '../../model/fact.ts';
import type { NameSource, UndecidedName } from '../../model/name-facts.ts';
import type { DnsRecord, TransferOutcome } from '../asker.ts';
import { nameOfField } from '../message/labels.ts';

/** A fact in the making, or where the search stands. */
export type ZoneNews =
  | {
      readonly kind: 'record';
      readonly record: DnsRecord;
      readonly via: NameSource;
      readonly server?: string;
    }
  /** Nothing could be learnt of a name, or of these of its types. */
  | {
      readonly kind: 'undecided';
      readonly name: string;
      readonly why: UndecidedName;
      readonly types?: readonly string[];
      readonly via?: NameSource;
    }
  | {
      readonly kind: 'transfer';
      readonly zone: string;
      readonly server: string;
      readonly outcome: TransferOutcome;
    }
  | { readonly kind: 'finding'; readonly finding: ZoneFinding }
  | { readonly kind: 'notice'; readonly message: string };

/** A finding with the zone as its host. `facts` are the numbers that `tell` gave. */
export type ZoneFinding = Omit<FindingFact, 'type' | 'n' | 'at'>;

/** Tells; returns the number of the fact, 0 where it is none. */
export type TellNews = (news: ZoneNews) => number;

/** The names that a record speaks of. */
export function namesIn({ type, value }: DnsRecord): readonly string[] {
  const fields = value.split(' ');
  switch (type) {
    case 'CNAME':
    case 'DNAME':
    case 'NS':
    case 'PTR':
      return [nameOfField(value)];
    case 'MX':
    case 'HTTPS':
    case 'SVCB':
      return fields[1] === undefined || fields[1] === '.' ? [] : [nameOfField(fields[1])];
    case 'SRV':
      return fields[3] === undefined || fields[3] === '.' ? [] : [nameOfField(fields[3])];
    case 'SOA':
      return fields[0] === undefined ? [] : [nameOfField(fields[0])];
    case 'TXT':
      return [
        ...value.toLowerCase().matchAll(/(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.){1,20}[a-z][a-z0-9-]{1,62}/g),
      ].map(([name]) => name);
    default:
      return [];
  }
}
