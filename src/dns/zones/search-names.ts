/**
 * Names below zones: from words, lists, records, permutations of what was found and names around addresses. Each name is
 * decided at its zone's own servers; names that are there are asked for all types, and names are looked for below them.
 *
 * @module
 */

import type { NameSource } from '../../model/name-facts.ts';
import type { DnsRecord, UndecidedReason } from '../asker.ts';
import { isAskable, isWithin, labelsOf, parentOf, under } from '../message/labels.ts';
import { keptRecord } from '../message/record.ts';
import { type Decision, type LeftOutReason, Level } from './level.ts';
import type { Random } from './made-up-labels.ts';
import { permutationsOf } from './permutations.ts';
import { inTurns } from './turns.ts';
import type { ZoneBook } from './zone-book.ts';
import { namesIn, type TellNews } from './zone-news.ts';

/** What the search works with. */
export interface NameSearchOptions {
  readonly book: ZoneBook;
  /** Names are looked for within these. */
  readonly roots: readonly string[];
  /** The types that are told. */
  readonly types: readonly string[];
  readonly random: Random;
  readonly tell: TellNews;
  /** Whether all names around a name are known from elsewhere: one that is not among them is not there. */
  readonly isKnown?: (name: string) => boolean;
  /** Why nothing is asked any more, where that is so. */
  readonly ended?: () => 'budget' | 'stopped' | undefined;
}

/** Finds names. */
export class NameSearch {
  /** What was found: the names and what stands there. */
  readonly found = new Map<string, readonly DnsRecord[]>();
  readonly leftOut = new Map<LeftOutReason, number>();
  readonly levels = new Map<string, Level>();
  /** Names of which a decision was wanted; those that do not exist are many and not kept by words. */
  asked = 0;
  absent = 0;
  undecided = 0;
  readonly #options: NameSearchOptions;
  readonly #decisions = new Map<string, Promise<Decision>>();
  readonly #spoken = new Set<string>();
  #news: string[] = [];
  #described: Promise<void> = Promise.resolve();

  constructor(options: NameSearchOptions) {
    this.#options = options;
  }

  /** Learns what stands at a name that was told of already. */
  async root(name: string): Promise<void> {
    this.#decisions.set(name, Promise.resolve({ kind: 'there' }));
    await this.#describe(name, undefined);
  }

  /** Takes what is known of a name from elsewhere. */
  adopt(name: string, records: readonly DnsRecord[]): void {
    if (!this.found.has(name)) this.#news.push(name);
    this.found.set(name, [...(this.found.get(name) ?? []), ...records]);
    this.#decisions.set(name, Promise.resolve({ kind: 'there' }));
    for (const record of records) this.#listen(record);
  }

  /** Whether nothing has turned up that was not followed. */
  get isQuiet(): boolean {
    return this.#spoken.size === 0 && this.#news.length === 0;
  }

  /** Asks for what stands at a name that is there, of the types that it is known to have. */
  async describeKnown(name: string, types: readonly string[], via: NameSource): Promise<void> {
    this.#decisions.set(name, Promise.resolve({ kind: 'there' }));
    await this.#describe(name, via, types);
  }

  /** Looks for each word below a name. */
  async words(parent: string, words: Iterable<string>, via: NameSource = 'wordlist'): Promise<void> {
    await inTurns(words, atOnce, async (word) => {
      const name = under(word, parent);
      if (this.#options.ended?.() !== undefined || this.#decisions.has(name) || !isAskable(name)) return;
      if (word.includes('.')) await this.consider(name, via);
      // Most are absent: nothing is kept of them.
      else this.#settle(name, via, await this.#levelAt(parent).decide(name));
    });
    await this.#described;
  }

  /** Looks for names, given whole. */
  async names(names: Iterable<string>, via: NameSource): Promise<void> {
    await inTurns(names, atOnce, (name) => this.consider(name, via));
    await this.#described;
  }

  /** Decides about a name, and describes it where it is there. */
  async consider(name: string, via: NameSource): Promise<void> {
    const isWanted = this.#options.roots.some((root) => name !== root && isWithin(name, root));
    if (!isWanted || this.#decisions.has(name) || !isAskable(name) || labelsOf(name)[0] === '*') return;
    if (this.#options.ended?.() !== undefined) return;
    const decision = await this.#decide(name);
    this.#settle(name, via, decision);
  }

  /** Names that records spoke of since it was last asked. */
  takeSpoken(): readonly string[] {
    const names = [...this.#spoken];
    this.#spoken.clear();
    return names;
  }

  /** Names that were found since it was last asked. */
  takeNews(): readonly string[] {
    const names = this.#news;
    this.#news = [];
    return names;
  }

  /** What may stand beside what was found below a zone. */
  permutations(zone: string): readonly string[] {
    const below = [...this.found.keys()].filter((name) => name !== zone && isWithin(name, zone));
    return permutationsOf(below).filter((name) => !this.#decisions.has(name));
  }

  /** The level below a name. */
  #levelAt(parent: string): Level {
    let level = this.levels.get(parent);
    if (level === undefined) {
      level = new Level(this.#options.book, parent, this.#options.random);
      this.levels.set(parent, level);
    }
    return level;
  }

  #decide(name: string): Promise<Decision> {
    const known = this.#decisions.get(name);
    if (known !== undefined) return known;
    const decided = this.#decideNew(name);
    this.#decisions.set(name, decided);
    return decided;
  }

  async #decideNew(name: string): Promise<Decision> {
    if (this.#options.isKnown?.(name) === true) return { kind: 'absent' };
    const parent = parentOf(name);
    if (this.#options.roots.includes(parent)) return this.#levelAt(parent).decide(name);
    const above = await this.#decide(parent);
    if (above.kind === 'there') return this.#levelAt(parent).decide(name);
    if (above.kind === 'undecided') return above;
    if (above.kind === 'left-out' && proven.has(above.reason)) return above;
    if (above.kind === 'absent') {
      // RFC 8020 was written for servers that deny a name with others below it.
      const sight = await this.#options.book.look(name, 'A');
      if (sight.kind === 'absent' || sight.kind === 'undecided') return sight;
    }
    return this.#levelAt(parent).decide(name);
  }

  #settle(name: string, via: NameSource, decision: Decision): void {
    this.asked++;
    switch (decision.kind) {
      case 'absent':
        this.absent++;
        break;
      case 'left-out':
        this.leftOut.set(decision.reason, (this.leftOut.get(decision.reason) ?? 0) + 1);
        break;
      case 'undecided':
        // What was not asked is said once, of all of it.
        if (this.#options.ended?.() !== undefined) break;
        this.undecided++;
        this.#options.tell({ kind: 'undecided', name, why: decision.why, via });
        break;
      case 'there': {
        this.#decisions.set(name, Promise.resolve(decision));
        const before = this.#described;
        const describing = this.#describe(name, via);
        this.#described = Promise.all([before, describing]).then(() => undefined);
      }
    }
  }

  /** Asks for all types of a name that is there. */
  async #describe(name: string, via: NameSource | undefined, known?: readonly string[]): Promise<void> {
    const { book, tell } = this.#options;
    if (this.found.has(name)) return;
    this.found.set(name, []);
    this.#news.push(name);
    const records: DnsRecord[] = [];
    const lost: string[] = [];
    let why: UndecidedReason = 'timeout';
    const take = async (type: string) => {
      const sight = await book.look(name, type);
      if (sight.kind === 'undecided') {
        lost.push(type);
        why = sight.why;
      } else if (sight.kind === 'records' && !records.some((one) => one.type === 'CNAME')) {
        for (const record of sight.records) {
          records.push(keptRecord(record));
          this.#listen(record);
          if (via !== undefined && this.#options.types.includes(record.type))
            tell({
              kind: 'record',
              record,
              via,
              ...(sight.server !== undefined && { server: sight.server }),
            });
        }
      }
    };
    const wanted = this.#types();
    if (known !== undefined)
      await Promise.all(
        ['A', 'CNAME', ...wanted].filter((type) => known.includes(type)).map((type) => take(type)),
      );
    else {
      await take('A');
      // RFC 1034, 3.6.2: nothing stands beside an alias.
      if (!records.some(({ type }) => type === 'CNAME')) await Promise.all(wanted.map((type) => take(type)));
    }
    const zone = book.closest(name);
    if (zone?.apex === name && zone.servers.length === 0)
      for (const record of zone.delegation) {
        records.push(record);
        this.#listen(record);
        if (via !== undefined && this.#options.types.includes('NS')) tell({ kind: 'record', record, via });
      }
    this.found.set(name, records);
    if (lost.length === 0 || via === undefined || this.#options.ended?.() !== undefined) return;
    if (records.length === 0) this.undecided++;
    const types = lost.filter((type) => this.#options.types.includes(type));
    if (types.length > 0) tell({ kind: 'undecided', name, why, via, ...(records.length > 0 && { types }) });
  }

  #types(): readonly string[] {
    // Addresses are wanted of all: names lead to them, and they to names.
    return [...new Set(['AAAA', ...this.#options.types])].filter((type) => type !== 'A' && type !== 'CNAME');
  }

  #listen(record: DnsRecord): void {
    for (const name of namesIn(record))
      if (!this.#decisions.has(name) && this.#options.roots.some((root) => isWithin(name, root)))
        this.#spoken.add(name);
  }
}

/** Reasons that hold for all below as well. */
const proven: ReadonlySet<LeftOutReason> = new Set(['wildcard', 'wildcard-signature', 'dname']);
/** Questions under way; the asker keeps the pace. More of them only live longer than the young generation of the heap. */
const atOnce = 1000;
