/**
 * What an answer from a zone's own server says of the name that was asked for. Names are read with the records at the
 * name itself: the code of a chain of CNAMEs is that of its end (RFC 6604).
 *
 * @module
 */

import type { DnsOutcome, DnsRecord, UndecidedReason } from '../asker.ts';
import { isWithin, labelsOf, nameOfField } from '../message/labels.ts';

/** What was seen at a name for one type. */
export type Sight =
  | {
      readonly kind: 'records';
      /** The type of what stands there: the one that was asked for, or CNAME. */
      readonly type: string;
      readonly records: readonly DnsRecord[];
      /** How many labels the signature was made over, where there is one (RFC 4034, 3.1.3). */
      readonly signedLabels?: number;
    }
  /** The name is there, or a wildcard answers for it, without this type. */
  | { readonly kind: 'none'; readonly proof?: NsecProof }
  | { readonly kind: 'absent' }
  /** Another zone begins at or above the name. */
  | { readonly kind: 'referral'; readonly cut: string; readonly records: readonly DnsRecord[] }
  /** All below an ancestor is elsewhere (RFC 6672). */
  | { readonly kind: 'moved'; readonly by: DnsRecord }
  | { readonly kind: 'undecided'; readonly why: UndecidedReason };

/** An NSEC record that was shown as a proof. */
export interface NsecProof {
  readonly owner: string;
  readonly next: string;
  readonly types: readonly string[];
}

/** Reads the answer to a question for `name` and `type` at a server of `zone`. */
export function readAnswer(outcome: DnsOutcome, name: string, type: string, zone: string): Sight {
  if (outcome.kind === 'undecided') return { kind: 'undecided', why: outcome.why };
  if (outcome.rcode !== 'NOERROR' && outcome.rcode !== 'NXDOMAIN')
    return { kind: 'undecided', why: outcome.rcode === 'REFUSED' ? 'refused' : 'servfail' };
  // Most answers to guesses: nothing of them is read.
  const { records } = outcome;
  if (records.length === 0) return outcome.rcode === 'NXDOMAIN' ? absent : { kind: 'none' };
  const own: DnsRecord[] = [];
  let alias: DnsRecord | undefined;
  let signedLabels: number | undefined;
  for (const record of records) {
    if (record.section !== 'answer') continue;
    if (record.type === 'DNAME' && record.name !== name && isWithin(name, record.name))
      return { kind: 'moved', by: record };
    if (record.name !== name) continue;
    if (record.type === type) own.push(record);
    else if (record.type === 'CNAME') alias = record;
    else if (record.type === 'RRSIG') {
      const [covered, , labels] = record.value.split(' ', 3);
      if (covered === type || covered === 'CNAME') signedLabels = Number(labels);
    }
  }
  const signature = signedLabels === undefined ? {} : { signedLabels };
  if (own.length > 0) return { kind: 'records', type, records: own, ...signature };
  if (alias !== undefined) return { kind: 'records', type: 'CNAME', records: [alias], ...signature };
  if (outcome.rcode === 'NXDOMAIN') return absent;
  const cut = referralOf(records, name, zone, outcome.isAuthoritative);
  if (cut !== undefined) return { kind: 'referral', cut, records };
  const proof = nsecAt(records, name);
  // RFC 9824: a name that is not there is shown as one without types, or with the type NXNAME.
  if (proof?.types.every((each) => nameless.has(each))) return absent;
  return proof === undefined ? { kind: 'none' } : { kind: 'none', proof };
}

/** All NSEC records of an answer. */
export function nsecsOf(records: readonly DnsRecord[]): readonly NsecProof[] {
  return records
    .filter(({ type }) => type === 'NSEC')
    .map(({ name, value }) => {
      const [next = '', ...types] = value.split(' ');
      return { owner: name, next: nameOfField(next), types };
    });
}

/** How many labels a signature over a name counts: neither the root nor an asterisk (RFC 4034, 3.1.3). */
export function countedLabels(name: string): number {
  const labels = labelsOf(name);
  return labels[0] === '*' ? labels.length - 1 : labels.length;
}

/** Values as a set: sorted text. */
export function valuesOf(records: readonly DnsRecord[]): readonly string[] {
  return records.map(({ value }) => value).sort();
}

function nsecAt(records: readonly DnsRecord[], name: string): NsecProof | undefined {
  return nsecsOf(records).find(({ owner }) => owner === name);
}

function referralOf(
  records: readonly DnsRecord[],
  name: string,
  zone: string,
  isAuthoritative: boolean,
): string | undefined {
  if (isAuthoritative) return undefined;
  const isCut = (record: DnsRecord) =>
    record.section === 'authority' &&
    record.type === 'NS' &&
    record.name !== zone &&
    isWithin(record.name, zone) &&
    isWithin(name, record.name);
  return records.find(isCut)?.name;
}

const absent: Sight = Object.freeze({ kind: 'absent' });
/** What the record of a name that is not there lists. */
const nameless: ReadonlySet<string> = new Set(['RRSIG', 'NSEC', 'NXNAME', 'TYPE128']);
