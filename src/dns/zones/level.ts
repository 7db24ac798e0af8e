/**
 * The names below one name: which of them are there, and which are only answered for. What decides, in this order:
 *
 * - Where made-up names do not exist, an answer is a name of its own, unless code answers for all names of its form.
 * - Where a wildcard record answers for them, it does so for nothing below a name that exists (RFC 4592, 2.2.1 and 3.3.1:
 *   the closest encloser). A made-up label and an asterisk before a name are answered by the wildcard where the name is
 *   not there, and do not exist where it is, whatever it shares with the wildcard. That a server keeps to it is tried at
 *   the wildcard itself, which is there, and at made-up names, which are not.
 * - Where the zone is signed, the label count of the signature says it (RFC 4034, 3.1.3).
 * - Else what a name is answered is compared, type by type, with what made-up names are.
 *
 * @module
 */

import type { UndecidedReason } from '../asker.ts';
import { isAskable, labelsOf, under } from '../message/labels.ts';
import { Control } from './control.ts';
import { kindsOf, madeUpLabel, type Random } from './made-up-labels.ts';
import { countedLabels, type Sight } from './read-answer.ts';
import type { ZoneBook } from './zone-book.ts';

/** Why a name that is answered for is left out. */
export const leftOutReasons = [
  'wildcard',
  'wildcard-signature',
  'like-wildcard',
  'pattern',
  'dname',
] as const;

/** One of {@link leftOutReasons}. */
export type LeftOutReason = (typeof leftOutReasons)[number];

/** What became of a name. */
export type Decision =
  | { readonly kind: 'there' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'left-out'; readonly reason: LeftOutReason }
  | { readonly kind: 'undecided'; readonly why: UndecidedReason };

/** How names below a name are decided. */
export type LevelMode = 'plain' | 'wildcard' | 'signed' | 'compared' | 'moved' | 'undecided';

/** Decides about the names directly below one. */
export class Level {
  readonly parent: string;
  readonly #book: ZoneBook;
  readonly #random: Random;
  readonly #control: Control;
  readonly #patterns = new Map<string, Promise<Control | undefined>>();
  readonly #ready: Promise<LevelMode>;
  /** The type that all are asked for first: one that is answered. */
  #type = 'A';
  #dnssec = false;
  #why: UndecidedReason = 'timeout';
  #answer = '';

  constructor(book: ZoneBook, parent: string, random: Random) {
    this.parent = parent;
    this.#book = book;
    this.#random = random;
    this.#control = new Control(book, () => this.#madeUp());
    this.#ready = this.#open();
  }

  /** How it decides, known after the first made-up names were answered. */
  get mode(): Promise<LevelMode> {
    return this.#ready;
  }

  /** What made-up names are answered, in words; empty where they do not exist. */
  get answer(): string {
    return this.#answer;
  }

  /** Decides about a name directly below. */
  async decide(name: string): Promise<Decision> {
    const mode = await this.#ready;
    switch (mode) {
      case 'plain':
        return this.#decidePlain(name);
      case 'wildcard':
        return this.#decideByEncloser(name);
      case 'signed':
        return this.#decideBySignature(name);
      case 'compared':
        return this.#decideByComparison(name, this.#control, 'like-wildcard');
      case 'moved':
        return { kind: 'left-out', reason: 'dname' };
      case 'undecided':
        return { kind: 'undecided', why: this.#why };
    }
  }

  async #open(): Promise<LevelMode> {
    for (const type of typesCompared) {
      this.#type = type;
      const sights = await Promise.all(times(controls, () => this.#look(this.#madeUp())));
      const moved = sights.find((sight) => sight.kind === 'moved');
      if (moved !== undefined) {
        this.#answer = `DNAME ${moved.by.value}`;
        return 'moved';
      }
      const lost = sights.find((sight) => sight.kind === 'undecided');
      if (lost !== undefined) {
        this.#why = lost.why;
        // Nobody answers at all: another type is no better.
        if (lost.why === 'stopped' || lost.why === 'lame') return 'undecided';
        continue;
      }
      if (sights.every((sight) => sight.kind === 'absent')) return 'plain';
      return this.#openAnswered(sights);
    }
    return 'undecided';
  }

  /** Made-up names are answered. */
  async #openAnswered(sights: readonly Sight[]): Promise<LevelMode> {
    const signed = await Promise.all(
      times(controls, async () => {
        const name = this.#madeUp();
        return { name, sight: await this.#book.look(name, this.#type, { dnssec: true }) };
      }),
    );
    // RFC 9824: they are said not to exist in the proof alone.
    if (signed.every(({ sight }) => sight.kind === 'absent')) {
      this.#dnssec = true;
      return 'plain';
    }
    const shown = sights.find((sight) => sight.kind === 'records');
    this.#answer =
      shown === undefined ? 'no data' : `${shown.type} ${shown.records.map(({ value }) => value).join(', ')}`;
    // The question that decides, put to a name that is there (the wildcard's own) and to ones that are not.
    const [there, not] = await Promise.all([
      Promise.all(times(2, () => this.#look(this.#below(under('*', this.parent))))),
      Promise.all(times(controls, () => this.#look(this.#below(under('*', this.#madeUp()))))),
    ]);
    if (there.every((sight) => sight.kind === 'absent') && not.every(isAnswered)) return 'wildcard';
    const isSynthesised = ({ name, sight }: (typeof signed)[number]) =>
      sight.kind === 'records' &&
      sight.signedLabels !== undefined &&
      sight.signedLabels < countedLabels(name);
    return signed.every(isSynthesised) ? 'signed' : 'compared';
  }

  async #decidePlain(name: string): Promise<Decision> {
    let sight = await this.#look(name);
    if (sight.kind === 'absent') return sight;
    if (this.#isCut(name)) return { kind: 'there' };
    // One type that fails says nothing of the others.
    if (sight.kind === 'undecided' && sight.why !== 'stopped')
      for (const type of typesCompared) {
        if (type === this.#type) continue;
        const other = await this.#book.look(name, type, { dnssec: this.#dnssec });
        if (other.kind === 'undecided') continue;
        sight = other;
        break;
      }
    if (sight.kind === 'undecided' || sight.kind === 'absent') return sight;
    if (sight.kind === 'moved') return { kind: 'left-out', reason: 'dname' };
    for (const control of await this.#patternsOf(name)) {
      const decision = await this.#decideByComparison(name, control, 'pattern');
      if (decision.kind !== 'there') return decision;
    }
    return { kind: 'there' };
  }

  async #decideByEncloser(name: string): Promise<Decision> {
    const below = this.#below(under('*', name));
    if (!isAskable(below)) return this.#decideByComparison(name, this.#control, 'like-wildcard');
    const sight = await this.#look(below);
    if (sight.kind === 'absent' || sight.kind === 'moved' || this.#isCut(name)) return { kind: 'there' };
    if (sight.kind === 'undecided') return sight;
    return { kind: 'left-out', reason: 'wildcard' };
  }

  async #decideBySignature(name: string): Promise<Decision> {
    const sight = await this.#book.look(name, this.#type, { dnssec: true });
    if (this.#isCut(name)) return { kind: 'there' };
    if (sight.kind === 'absent' || sight.kind === 'undecided') return sight;
    if (sight.kind === 'none' && sight.proof !== undefined) return { kind: 'there' };
    if (sight.kind === 'records' && sight.signedLabels !== undefined)
      return sight.signedLabels < countedLabels(name)
        ? { kind: 'left-out', reason: 'wildcard-signature' }
        : { kind: 'there' };
    return this.#decideByComparison(name, this.#control, 'like-wildcard');
  }

  async #decideByComparison(name: string, control: Control, reason: LeftOutReason): Promise<Decision> {
    let lost: Extract<Sight, { kind: 'undecided' }> | undefined;
    for (const type of typesCompared) {
      const sight = await this.#book.look(name, type, { dnssec: this.#dnssec });
      if (this.#isCut(name)) return { kind: 'there' };
      const comparison = await control.compare(name, type, sight);
      // That a name of a level that answers for everything does not exist is a difference, but no name.
      if (comparison === 'differs') return sight.kind === 'absent' ? { kind: 'absent' } : { kind: 'there' };
      if (sight.kind === 'undecided') {
        if (sight.why === 'stopped') return sight;
        // A type that fails for all of them says nothing.
        if (await control.isAnswered(type)) lost = sight;
      }
    }
    return lost ?? { kind: 'left-out', reason };
  }

  /** Controls of those forms of which everything is answered. */
  async #patternsOf(name: string): Promise<readonly Control[]> {
    const found = await Promise.all(
      kindsOf(labelsOf(name)[0] as string).map(({ key, make }) => {
        const known = this.#patterns.get(key);
        if (known !== undefined) return known;
        const made = () => under(make(this.#random), this.parent);
        const pattern = Promise.all(times(controls, () => this.#look(made()))).then((sights) =>
          sights.every(isAnswered) ? new Control(this.#book, made, this.#dnssec) : undefined,
        );
        this.#patterns.set(key, pattern);
        return pattern;
      }),
    );
    return found.filter((control) => control !== undefined);
  }

  #look(name: string): Promise<Sight> {
    return this.#book.look(name, this.#type, { dnssec: this.#dnssec });
  }

  #isCut(name: string): boolean {
    return this.#book.closest(name)?.apex === name;
  }

  #madeUp(): string {
    return this.#below(this.parent);
  }

  #below(name: string): string {
    return under(madeUpLabel(this.#random), name);
  }
}

/** The types by which names are told apart. */
export const typesCompared: readonly string[] = [
  'A',
  'AAAA',
  'MX',
  'TXT',
  'NS',
  'SRV',
  'CAA',
  'HTTPS',
  'PTR',
];

function isAnswered({ kind }: Sight): boolean {
  return kind === 'records' || kind === 'none';
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

const controls = 3;
