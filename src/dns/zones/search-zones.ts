/**
 * The search of zones as a whole: who serves them, transfers, walks, names from words, lists and records, and what is
 * wrong with them.
 *
 * @module
 */

import type { Asker } from '../asker.ts';
import { isWithin, labelsOf, nameOfField } from '../message/labels.ts';
import { findHijacks } from './find-hijack.ts';
import { danglingFinding, hijackFinding, lameFindings, walkFindings } from './findings.ts';
import type { LeftOutReason } from './level.ts';
import type { Random } from './made-up-labels.ts';
import { Neighbours } from './neighbours.ts';
import { mapReverse, type ReverseBlock } from './reverse-map.ts';
import { NameSearch } from './search-names.ts';
import { serviceNames } from './tables/service-names.ts';
import { transferZone } from './transfer-zones.ts';
import { inTurns } from './turns.ts';
import { walkNsec } from './walk-nsec.ts';
import { type Zone, ZoneBook } from './zone-book.ts';
import type { TellNews } from './zone-news.ts';

/** What is searched, and how. */
export interface ZoneSearch {
  readonly names: readonly string[];
  /** The types that are told. */
  readonly types: readonly string[];
  /** A transfer is told as a whole, whatever its types. */
  readonly tellsWholeTransfers: boolean;
  readonly wantsTransfers: boolean;
  readonly wantsSubdomains: boolean;
  /** The likeliest first. */
  readonly words: readonly string[];
  /** Names from lists: those within `names` are looked for. */
  readonly candidates: readonly string[];
  readonly reverse: readonly ReverseBlock[];
  /** Questions at most. */
  readonly mostQueries: number;
  readonly random: Random;
  /** The configured servers, each to be tried for lies; absent: whoever is configured. */
  readonly servers?: readonly string[];
  /** What is done, and what is to be done as far as is known. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** How it came out. */
export interface ZoneTotals {
  readonly asked: number;
  readonly found: number;
  readonly absent: number;
  readonly undecided: number;
  readonly leftOut: Readonly<Partial<Record<LeftOutReason, number>>>;
  /** Questions that were asked, repetitions of the asker's apart. */
  readonly queries: number;
  /** Whether all of it was done. */
  readonly isComplete: boolean;
}

/** Searches; never rejects for what the network does. */
export async function searchZones(search: ZoneSearch, asker: Asker, tell: TellNews): Promise<ZoneTotals> {
  return new Search(search, asker, tell).run();
}

/** About how many questions a search asks: words below each name and below some of what is found, addresses of blocks. */
export function forecastZones({
  names,
  wantsSubdomains,
  words,
  candidates,
  reverse,
}: Pick<ZoneSearch, 'names' | 'wantsSubdomains' | 'words' | 'candidates' | 'reverse'>): number {
  const opening = names.length * questionsAZone;
  const guesses = wantsSubdomains
    ? names.length * (words.length + serviceNames.length) + candidates.length
    : 0;
  const addresses = reverse.reduce((sum, { first, prefixLength }) => {
    const bits = (first.family === 4 ? 32 : 128) - prefixLength;
    return sum + (first.family === 4 ? 2 ** bits : Math.min(2 ** bits, questionsABlock));
  }, 0);
  return opening + guesses + addresses;
}

class Search {
  readonly #search: ZoneSearch;
  readonly #asker: Asker;
  readonly #tell: TellNews;
  readonly #book: ZoneBook;
  readonly #names: NameSearch;
  readonly #roots: readonly string[];
  readonly #zones: Zone[] = [];
  /** Zones of which every name is known. */
  readonly #whole = new Set<string>();
  /** Zones whose transfer and walk were tried. */
  readonly #tried = new Set<string>();
  readonly #aliases = new Map<string, string>();
  readonly #aliasFacts = new Map<string, number>();
  readonly #neighbours: Neighbours;
  readonly #forecast: number;
  /** Names that were found without a decision: by transfers alone, and of addresses. */
  #elsewhere = 0;
  #undecided = 0;
  #wasCut = false;

  constructor(search: ZoneSearch, asker: Asker, tell: TellNews) {
    this.#search = search;
    this.#asker = asker;
    this.#roots = [...new Set(search.names)];
    this.#forecast = forecastZones(search);
    this.#tell = (news) => {
      const fact = tell(news);
      if (news.kind === 'record' && news.record.type === 'CNAME') {
        this.#aliases.set(news.record.name, nameOfField(news.record.value));
        this.#aliasFacts.set(news.record.name, fact);
      }
      return fact;
    };
    const ended = () =>
      search.signal?.aborted === true || this.#book.isStopped
        ? ('stopped' as const)
        : this.#book.asked >= search.mostQueries
          ? ('budget' as const)
          : undefined;
    this.#book = new ZoneBook(asker, {
      mayAsk: () => {
        const may = ended() === undefined;
        if (!may) this.#wasCut = true;
        search.onProgress?.(this.#book.asked, this.#forecast);
        return may;
      },
      onZone: (zone) => this.#zones.push(zone),
    });
    this.#names = new NameSearch({
      book: this.#book,
      roots: this.#roots,
      types: search.types,
      random: search.random,
      tell: this.#tell,
      ended,
      isKnown: (name) => this.#isKnown(name),
    });
    this.#neighbours = new Neighbours(this.#book);
  }

  async run(): Promise<ZoneTotals> {
    for (const root of this.#roots) await this.#root(root);
    for (const block of this.#search.reverse) {
      const { names, undecided } = await mapReverse(this.#book, block, this.#search.random, this.#tell);
      this.#elsewhere += names;
      this.#undecided += undecided;
    }
    await this.#aliasesToNowhere();
    for (const finding of lameFindings(this.#zones)) this.#tell({ kind: 'finding', finding });
    this.#levels();
    if (this.#wasCut && !this.#book.isStopped && this.#search.signal?.aborted !== true)
      this.#tell({
        kind: 'notice',
        message: `the budget of ${this.#search.mostQueries} queries is spent: what was left is not decided`,
      });
    const names = this.#names;
    const found = [...names.found.values()].filter((records) => records.length > 0).length;
    return {
      asked: names.asked,
      found: found + this.#elsewhere,
      absent: names.absent,
      undecided: names.undecided + this.#undecided,
      leftOut: Object.fromEntries(names.leftOut),
      queries: this.#book.asked,
      isComplete: !this.#wasCut && !this.#book.isStopped && names.undecided + this.#undecided === 0,
    };
  }

  async #root(root: string): Promise<void> {
    const zone = await this.#book.zoneOf(root);
    if (zone === undefined || zone.servers.length === 0) {
      this.#undecided++;
      const why = zone === undefined ? this.#book.whyNoZone(root) : 'lame';
      this.#tell({ kind: 'undecided', name: root, why });
      return;
    }
    const hijacks = await findHijacks(this.#book, zone.apex, this.#search.servers, this.#search.random);
    for (const { server, name, values } of hijacks)
      this.#tell({ kind: 'finding', finding: hijackFinding(zone.apex, server, name, values) });
    const isApex = zone.apex === root;
    if (this.#search.wantsTransfers && isApex) await this.#transfer(zone);
    if (!this.#search.wantsSubdomains) return;
    if (!this.#names.found.has(root)) await this.#names.root(root);
    if (isApex) await this.#walk(zone);
    await this.#guess(root);
  }

  async #transfer(zone: Zone): Promise<void> {
    this.#tried.add(zone.apex);
    const cuts = new Set<string>();
    const { types, tellsWholeTransfers } = this.#search;
    let last = '';
    const tell: TellNews = (news) =>
      news.kind === 'record' && !tellsWholeTransfers && !types.includes(news.record.type)
        ? 0
        : this.#tell(news);
    const { isComplete, undecided } = await transferZone(this.#asker, zone, tell, (record) => {
      // Servers send the records of a name together.
      if (!this.#search.wantsSubdomains && record.name !== last) this.#elsewhere++;
      last = record.name;
      if (!this.#search.wantsSubdomains || !isWithin(record.name, zone.apex)) return;
      const { name, type, ttl, value, section } = record;
      if (type === 'NS' && name !== zone.apex) cuts.add(name);
      this.#names.adopt(name, [{ name, type, ttl, value, section, data: undefined }]);
    });
    this.#undecided += undecided;
    await inTurns(cuts, 20, async (cut) => {
      await this.#book.zoneOf(cut);
    });
    if (isComplete) this.#whole.add(zone.apex);
  }

  /** Walks a zone where it can be walked, and asks for what stands at the names. */
  async #walk(zone: Zone): Promise<void> {
    this.#tried.add(zone.apex);
    if (this.#whole.has(zone.apex)) return;
    const walk = await walkNsec(this.#book, zone.apex, this.#search.random);
    for (const finding of walkFindings(zone.apex, walk)) this.#tell({ kind: 'finding', finding });
    if (walk.result === 'hashed')
      this.#tell({ kind: 'notice', message: `${zone.apex}: ${walk.evidence.join(', ')}` });
    if (walk.result === 'broken')
      this.#tell({ kind: 'notice', message: `${zone.apex} cannot be walked: ${walk.evidence.join(', ')}` });
    await inTurns(walk.names, atOnce, ([name, types]) => this.#names.describeKnown(name, types, 'nsec'));
    if (walk.result === 'walked') this.#whole.add(zone.apex);
  }

  async #guess(root: string): Promise<void> {
    const { words, candidates } = this.#search;
    const names = this.#names;
    const isGuessed = (parent: string) => !this.#isKnown(`guess.${parent}`);
    names.takeNews();
    if (isGuessed(root)) {
      await names.words(root, words);
      await names.names(
        serviceNames.map((service) => `${service}.${root}`),
        'wordlist',
      );
    }
    await names.names(
      candidates.filter((name) => isWithin(name, root)),
      'list',
    );
    // What was found leads to more, until nothing new comes of it.
    let longLists = mostLongLists;
    for (let round = 0; round < mostRounds; round++) {
      await names.names(names.takeSpoken(), 'record');
      await names.names(await this.#neighbours.namesAround(names.found, this.#roots), 'neighbour');
      if (isGuessed(root)) await names.names(names.permutations(root), 'permutation');
      const news = names.takeNews().filter((name) => name !== root && isWithin(name, root));
      for (const zone of [...this.#zones]) {
        if (this.#tried.has(zone.apex) || !isWithin(zone.apex, root) || zone.servers.length === 0) continue;
        if (this.#search.wantsTransfers) await this.#transfer(zone);
        await this.#walk(zone);
      }
      if (news.length === 0 && names.isQuiet) break;
      // Those that show something below them come first: empty ones, and zones.
      const isLikely = (name: string) =>
        names.found.get(name)?.length === 0 || this.#book.closest(name)?.apex === name ? 0 : 1;
      const isServed = (name: string) => this.#book.closest(name)?.servers.length !== 0;
      const parents = news
        .filter(
          (name) =>
            isGuessed(name) &&
            isServed(name) &&
            isParent(name) &&
            labelsOf(name).length < labelsOf(root).length + deepest,
        )
        .sort((a, b) => isLikely(a) - isLikely(b));
      for (const parent of parents) {
        const isLong = longLists-- > 0;
        await names.words(parent, isLong ? words : words.slice(0, shortList));
      }
    }
  }

  /** Whether all names of the zone that a name is in are known. */
  #isKnown(name: string): boolean {
    const zone = this.#book.closest(name);
    return zone !== undefined && this.#whole.has(zone.apex);
  }

  async #aliasesToNowhere(): Promise<void> {
    await inTurns(this.#aliases, 100, async ([name, target]) => {
      const zone = this.#book.closest(name);
      if (zone === undefined || target === '') return;
      let server = '';
      for (let attempt = 0; attempt < 2; attempt++) {
        const own = this.#book.closest(target);
        if (own !== undefined && own.servers.length > 0) {
          const sight = await this.#book.look(target, 'A');
          if (sight.kind !== 'absent') return;
          server = `the servers of ${own.apex}`;
        } else {
          const outcome = await this.#book.askConfigured(target, 'A');
          const isAbsent =
            outcome.kind === 'answer' &&
            outcome.rcode === 'NXDOMAIN' &&
            !outcome.records.some((record) => record.section === 'answer' && record.name === target);
          if (!isAbsent) return;
          server = outcome.server;
        }
      }
      const fact = this.#aliasFacts.get(name) ?? 0;
      const finding = danglingFinding(zone.apex, name, target, server, fact === 0 ? [] : [fact]);
      this.#tell({ kind: 'finding', finding });
    });
  }

  /** Tells where names are answered for that are not there. */
  #levels(): void {
    for (const level of this.#names.levels.values())
      if (level.answer !== '')
        this.#tell({
          kind: 'notice',
          message: `below ${level.parent} every name is answered: ${level.answer}`,
        });
  }
}

/** Services and the like have nothing below them that words would find. */
function isParent(name: string): boolean {
  const label = labelsOf(name)[0] as string;
  return !label.startsWith('_') && label !== '*';
}

/** Finding its servers, trying them and what made-up names are answered. */
const questionsAZone = 30;
/** Of IPv6 nobody knows how many; as many as some ten hosts take. */
const questionsABlock = 2000;
const atOnce = 1000;
/** The whole list is tried below so many of the names that were found, its beginning below the others. */
const mostLongLists = 20;
const shortList = 200;
const mostRounds = 8;
const deepest = 6;
