/**
 * How a zone is signed, and what it says about mail that comes in its name.
 *
 * Signatures are not checked: whether the chain holds follows from the digest in the zone above, the keys and the times.
 *
 * @module
 */

import { createHash } from 'node:crypto';

import type { ZoneFact } from '../model/name-facts.ts';
import type { Asker, DnsOutcome, DnsRecord } from './asker.ts';
import { nameBytes } from './message/domain-name.ts';
import { algorithmNames } from './message/present.ts';

/** What was learnt. */
export interface ZoneAnswer {
  readonly state: Pick<ZoneFact, 'zone' | 'dnssec' | 'mail'>;
  /** Records of other names that it rests on. */
  readonly records: readonly DnsRecord[];
  /** Something could not be learnt. */
  readonly undecided: boolean;
}

/** Asks about a zone. */
export async function askZone(asker: Asker, zone: string, nowMs = Date.now()): Promise<ZoneAnswer> {
  const signed = (type: string) => asker.ask({ name: zone, type, dnssec: true });
  const policyName = zone === '' ? '_dmarc' : `_dmarc.${zone}`;
  const [soa, keys, digests, texts, policies] = await Promise.all([
    signed('SOA'),
    signed('DNSKEY'),
    signed('DS'),
    asker.ask({ name: zone, type: 'TXT' }),
    asker.ask({ name: policyName, type: 'TXT' }),
  ]);
  const dmarc = textsOf(policies).find(({ text }) => /^v=DMARC1\s*(?:;|$)/.test(text));
  const spf = textsOf(texts).find(({ text }) => /^v=spf1(?: |$)/i.test(text));
  const spfAll = spf && spfAllOf(spf.text);
  const dmarcPolicy = dmarc && /(?:^|;)\s*p\s*=\s*(\w+)/.exec(dmarc.text)?.[1];
  return {
    state: {
      zone,
      dnssec: dnssecOf(zone, soa, keys, digests, nowMs),
      mail: {
        ...(spf !== undefined && { spf: spf.text }),
        ...(spfAll !== undefined && { spfAll }),
        ...(dmarc !== undefined && { dmarc: dmarc.text }),
        ...(dmarcPolicy !== undefined && { dmarcPolicy }),
      },
    },
    records: dmarc === undefined ? [] : [dmarc.record],
    undecided: [soa, keys, digests, texts, policies].some(({ kind }) => kind === 'undecided'),
  };
}

function dnssecOf(
  zone: string,
  soa: DnsOutcome,
  keys: DnsOutcome,
  digests: DnsOutcome,
  nowMs: number,
): ZoneFact['dnssec'] {
  const all = answersOf(keys, 'DNSKEY');
  const numbers = [...new Set(all.map(({ value }) => Number(value.split(' ')[2])))].sort((a, b) => a - b);
  const algorithms = numbers.map((number) => algorithmNames[number] ?? `algorithm ${number}`);
  const expiries = [soa, keys]
    .flatMap((outcome) => answersOf(outcome, 'RRSIG'))
    .flatMap(({ value }) => expiryOf(value) ?? []);
  const expiresMs = expiries.length === 0 ? undefined : Math.min(...expiries);
  return {
    chain: chainOf(zone, keys, digests, expiresMs, nowMs),
    algorithms,
    ...(expiresMs !== undefined && { expiresAt: new Date(expiresMs).toISOString() }),
  };
}

function chainOf(
  zone: string,
  keys: DnsOutcome,
  digests: DnsOutcome,
  expiresMs: number | undefined,
  nowMs: number,
): ZoneFact['dnssec']['chain'] {
  if (keys.kind === 'undecided' || digests.kind === 'undecided') return 'unknown';
  const all = answersOf(keys, 'DNSKEY');
  const above = answersOf(digests, 'DS');
  if (all.length === 0) return above.length === 0 ? 'unsigned' : 'broken';
  if (above.length === 0) return 'island';
  const isTimely = expiresMs !== undefined && expiresMs > nowMs;
  return isTimely && above.some((ds) => all.some((key) => fits(zone, ds.value, key.value)))
    ? 'signed'
    : 'broken';
}

/** Whether a DS record is the digest of a key (RFC 4034, 5.1.4). */
function fits(zone: string, ds: string, key: string): boolean {
  const [, algorithm, digestType, ...digest] = ds.split(' ');
  const [flags, protocol, keyAlgorithm, ...base64] = key.split(' ');
  const hash = hashes[Number(digestType)];
  const name = nameBytes(zone);
  if (hash === undefined || name === undefined || algorithm !== keyAlgorithm) return false;
  const data = Buffer.concat([
    name,
    Uint8Array.of(Number(flags) >> 8, Number(flags) & 255, Number(protocol), Number(keyAlgorithm)),
    Buffer.from(base64.join(''), 'base64'),
  ]);
  return createHash(hash).update(data).digest('hex').toUpperCase() === digest.join('').toUpperCase();
}

function answersOf(outcome: DnsOutcome, type: string): readonly DnsRecord[] {
  if (outcome.kind !== 'answer') return [];
  return outcome.records.filter((record) => record.section === 'answer' && record.type === type);
}

/** When a signature expires, in milliseconds. */
function expiryOf(value: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(value.split(' ')[4] ?? '') ?? [];
  if (second === undefined) return undefined;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** The TXT records of an answer, each with its strings joined and its escapes undone. */
function textsOf(outcome: DnsOutcome): readonly { readonly record: DnsRecord; readonly text: string }[] {
  return answersOf(outcome, 'TXT').map((record) => ({ record, text: joined(record.value) }));
}

function joined(value: string): string {
  const strings = value.match(/"(?:\\.|[^"\\])*"/gs) ?? [];
  return strings
    .map((one) => one.slice(1, -1).replaceAll(/\\(\d{3}|.)/gs, (_, code: string) => plain(code)))
    .join('');
}

function plain(code: string): string {
  return code.length === 3 ? String.fromCharCode(Number(code)) : code;
}

/** What the record says of senders that it does not name (RFC 7208, 5.1). */
function spfAllOf(text: string): 'pass' | 'fail' | 'softfail' | 'neutral' | undefined {
  const sign = /(?:^| )([+?~-]?)all(?: |$)/i.exec(text)?.[1];
  return sign === undefined ? undefined : spfWords[sign as keyof typeof spfWords];
}

const spfWords = { '': 'pass', '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' } as const;
/** RFC 4509, RFC 6605. */
const hashes: Readonly<Record<number, string>> = { 1: 'sha1', 2: 'sha256', 4: 'sha384' };
