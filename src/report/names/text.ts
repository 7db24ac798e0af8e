/**
 * Names for reading: a tree, each name below the one that it belongs to, with its records.
 *
 * @module
 */

import type { FindingFact, SummaryFact } from '../../model/fact.ts';
import type { DnsFact, TransferFact, ZoneFact } from '../../model/name-facts.ts';
import { printable } from '../escape.ts';
import { bySeverity, counted, endingText, startText } from '../phrases.ts';
import type { ShowOptions, Writer } from '../writer.ts';

/** A writer of text (`-oN`, and the screen). A tree is known when the last name of it is, so all of it comes at the end. */
export function text(show: ShowOptions): Writer {
  const tree = new NameTree(show);
  return {
    name: 'normal',
    mediaType: 'text/plain',
    begin(scan, out) {
      out(`${printable(startText(scan))}\n`);
    },
    fact(fact) {
      switch (fact.type) {
        case 'dns':
          tree.take(fact);
          return;
        case 'zone':
          tree.zones.push(fact);
          return;
        case 'transfer':
          tree.transfers.push(fact);
          return;
        case 'finding':
          tree.findings.push(fact);
      }
    },
    end(summary, _scan, out) {
      for (const line of tree.lines()) out(`${printable(line)}\n`);
      out(`\n${totalLines(summary).map(printable).join('\n')}\n`);
    },
  };
}

/** Names, and what is known of them. */
class NameTree {
  readonly zones: ZoneFact[] = [];
  readonly transfers: TransferFact[] = [];
  readonly findings: FindingFact[] = [];
  readonly #show: ShowOptions;
  /** Most names have one record; there may be very many. */
  readonly #names = new Map<string, DnsFact | DnsFact[]>();

  constructor(show: ShowOptions) {
    this.#show = show;
  }

  take(fact: DnsFact): void {
    const known = this.#names.get(fact.name);
    if (known === undefined) this.#names.set(fact.name, fact);
    else if (Array.isArray(known)) known.push(fact);
    else this.#names.set(fact.name, [known, fact]);
  }

  *lines(): Generator<string> {
    const open: string[] = [];
    for (const name of inTree([...this.#names.keys()])) {
      while (open.length > 0 && !isBelow(name, open.at(-1) as string)) open.pop();
      const indent = '  '.repeat(open.length);
      if (open.length === 0) yield '';
      yield `${indent}${name === '' ? '.' : name}`;
      const known = this.#names.get(name);
      if (Array.isArray(known)) for (const fact of known) yield `${indent}  ${this.#lineOf(fact)}`;
      else if (known !== undefined) yield `${indent}  ${this.#lineOf(known)}`;
      open.push(name);
    }
    for (const zone of this.zones) yield* zoneLines(zone);
    if (this.transfers.length > 0) yield '';
    for (const { zone, server, result, records } of this.transfers)
      yield `Transfer of ${zone} from ${server}: ${transferWords[result]}${records > 0 ? `, ${counted(records, 'record')}` : ''}`;
    if (this.findings.length > 0) yield '';
    for (const { host, rule, severity, claim, evidence } of bySeverity(this.findings)) {
      yield `${severity === undefined ? '' : `[${severity}] `}${host}: ${rule}: ${claim}`;
      if (this.#show.verbosity > 0) for (const one of evidence) yield `  - ${one}`;
    }
  }

  #lineOf({ record, value, ttl, answer, undecided, types, via, server }: DnsFact): string {
    if (answer !== undefined) return answer === 'NXDOMAIN' ? '(no such name)' : '(no such record)';
    if (undecided !== undefined)
      return `(undecided: ${undecided}${types === undefined ? '' : `, ${types.join(' ')}`})`;
    const how =
      this.#show.verbosity > 0 && via !== undefined
        ? `  (${via}${server === undefined ? '' : ` ${server}`})`
        : '';
    return `${(record ?? '').padEnd(6)} ${String(ttl).padStart(6)}  ${value}${how}`;
  }
}

function* zoneLines({ zone, dnssec, mail }: ZoneFact): Generator<string> {
  const { chain, algorithms, expiresAt } = dnssec;
  const with_ = algorithms.length === 0 ? '' : `; ${algorithms.join(', ')}`;
  const until = expiresAt === undefined ? '' : `; the first signature expires ${expiresAt}`;
  yield '';
  yield `Zone ${zone === '' ? '.' : zone}`;
  yield `  DNSSEC: ${chainWords[chain]}${with_}${until}`;
  const spf = mail.spf === undefined ? 'no SPF' : `SPF, all others: ${mail.spfAll ?? 'nothing said'}`;
  const dmarc =
    mail.dmarc === undefined ? 'no DMARC' : `DMARC, policy: ${mail.dmarcPolicy ?? 'none that can be read'}`;
  yield `  Mail: ${spf}; ${dmarc}`;
}

function totalLines(summary: SummaryFact): readonly string[] {
  const { names, packets, complete } = summary;
  const { asked = 0, found = 0, absent = 0, undecided = 0, leftOut = {} } = names ?? {};
  const parts = [`${found} found`, `${absent} absent`, ...(undecided > 0 ? [`${undecided} undecided`] : [])];
  const left = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`);
  return [
    `# Portolan ${endingText(summary)}: ${counted(asked, 'name')} asked, ${parts.join(', ')}`,
    ...(left.length > 0 ? [`# Left out as a wildcard's: ${left.join(', ')}`] : []),
    `# Queries: ${packets.sent} sent, ${packets.received} answered, ${packets.retransmitted} repeated`,
    ...(complete ? [] : ['# Not complete: what could not be decided is unknown, not absent']),
  ];
}

/** Names below those above them, in the order of labels from the right. */
function inTree(names: readonly string[]): readonly string[] {
  // No label has a character that stands before this one.
  const keyed = names.map((name) => ({ name, key: labelsOf(name).join('\0') }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ name }) => name);
}

/** The labels of a name, the rightmost first. */
function labelsOf(name: string): readonly string[] {
  if (!name.includes('\\')) return name.split('.').reverse();
  return (name.match(/(?:\\.|[^.\\])+/gs) ?? []).reverse();
}

function isBelow(name: string, other: string): boolean {
  return other !== '' && name.endsWith(`.${other}`);
}

const chainWords = {
  signed: 'signed, and the zone above vouches for a key of it',
  island: 'signed, but the zone above says nothing of it',
  broken: 'broken: what the zone above says fits no key or signature that is valid',
  unsigned: 'not signed',
  unknown: 'could not be learnt',
} as const satisfies Record<ZoneFact['dnssec']['chain'], string>;

const transferWords = {
  complete: 'complete',
  refused: 'refused',
  'tsig-required': 'refused without a signature (TSIG)',
  partial: 'broken off',
  timeout: 'no answer in time',
} as const satisfies Record<TransferFact['result'], string>;
