/**
 * The names of a block of addresses. The tree of the reverse zone is descended digit by digit: what does not exist has
 * nothing below it (RFC 8020), so that the empty parts of a block of IPv6 cost a question each. A zone that is signed and
 * names its next name is walked instead.
 *
 * @module
 */

import { type Address, formatAddress } from '../../model/address.ts';
import { parseAddress } from '../../model/parse-address.ts';
import { isWithin, labelsOf, parentOf, under } from '../message/labels.ts';
import { reverseDomain } from '../reverse-domain.ts';
import { madeUpLabel, type Random } from './made-up-labels.ts';
import { inTurns } from './turns.ts';
import { walkNsec } from './walk-nsec.ts';
import type { ZoneBook } from './zone-book.ts';
import type { TellNews } from './zone-news.ts';

/** A block of addresses. */
export interface ReverseBlock {
  readonly first: Address;
  readonly prefixLength: number;
}

/** What a map came to. */
export interface ReverseMap {
  readonly names: number;
  readonly undecided: number;
}

/** Reads a block such as `10.0.0.0/24` or `2001:db8::/48`; undefined where it is none. Bits behind the prefix are cut. */
export function parseBlock(text: string): ReverseBlock | undefined {
  const [addressText = '', lengthText, ...rest] = text.split('/');
  const address = parseAddress(addressText);
  if (address === undefined || rest.length > 0) return undefined;
  const bits = address.family === 4 ? 32 : 128;
  const prefixLength =
    lengthText === undefined ? bits : /^\d{1,3}$/.test(lengthText) ? Number(lengthText) : bits + 1;
  if (prefixLength > bits) return undefined;
  const behind = BigInt(bits - prefixLength);
  return { first: { ...address, value: (address.value >> behind) << behind }, prefixLength };
}

/** Asks for all names of a block. */
export async function mapReverse(
  book: ZoneBook,
  block: ReverseBlock,
  random: Random,
  tell: TellNews,
): Promise<ReverseMap> {
  return new ReverseWalk(book, block, random, tell).walk();
}

class ReverseWalk {
  readonly #book: ZoneBook;
  readonly #block: ReverseBlock;
  readonly #random: Random;
  readonly #tell: TellNews;
  /** How many labels an address has in its zone, and how many values one of them. */
  readonly #depth: number;
  readonly #fan: number;
  #names = 0;
  #undecided = 0;

  constructor(book: ZoneBook, block: ReverseBlock, random: Random, tell: TellNews) {
    this.#book = book;
    this.#block = block;
    this.#random = random;
    this.#tell = tell;
    this.#depth = block.first.family === 4 ? 6 : 34;
    this.#fan = block.first.family === 4 ? 256 : 16;
  }

  async walk(): Promise<ReverseMap> {
    const { first, prefixLength } = this.#block;
    const bitsALabel = first.family === 4 ? 8 : 4;
    const whole = Math.floor(prefixLength / bitsALabel);
    // The reverse name of the block, as far as its prefix fills labels.
    const labels = labelsOf(reverseDomain(formatAddress(first)));
    const top = labels.slice(labels.length - 2 - whole).join('.');
    const zone = await this.#book.zoneOf(top);
    if (zone === undefined) {
      this.#undecided++;
      this.#tell({ kind: 'undecided', name: top, why: 'lame' });
      return { names: 0, undecided: 1 };
    }
    const spare = prefixLength - whole * bitsALabel;
    // A prefix within a label: some of the values of the next one.
    const count = spare === 0 ? 1 : this.#fan >> spare;
    const from = Number(
      BigInt.asUintN(bitsALabel, first.value >> BigInt(this.#bits() - (whole + 1) * bitsALabel)),
    );
    const tops =
      spare === 0 ? [top] : Array.from({ length: count }, (_, at) => under(this.#digit(from + at), top));
    await this.#visit((await this.#walkSigned(zone.apex, tops)) ?? tops);
    return { names: this.#names, undecided: this.#undecided };
  }

  /**
   * Where a chain of NSEC records names all names of a zone, those of the block are asked for, wherever they stand. Returns
   * what is left to be descended, which are zones below it; undefined where there is no such chain.
   */
  async #walkSigned(apex: string, tops: readonly string[]): Promise<readonly string[] | undefined> {
    // A zone may be far larger than the block: no more of it is walked than the block itself would cost.
    const most = Math.min(mostWalked, 2 ** (this.#bits() - this.#block.prefixLength));
    if (most < fewestWalked) return undefined;
    const walk = await walkNsec(this.#book, apex, this.#random, most);
    if (walk.result !== 'walked') return undefined;
    const isWanted = (name: string) => tops.some((top) => isWithin(name, top));
    const cuts: string[] = [];
    await inTurns(walk.names, atOnce, async ([name, types]) => {
      if (name.startsWith('*.')) {
        if (isWanted(parentOf(name))) this.#tellWildcard(parentOf(name));
      } else if (types.includes('NS') && name !== apex) {
        if (isWanted(name)) cuts.push(name);
        else cuts.push(...tops.filter((top) => isWithin(top, name)));
      } else if (isWanted(name) && (types.includes('PTR') || types.includes('CNAME'))) await this.#ask(name);
    });
    return cuts;
  }

  /** Asks for these, and for what is below those that are there. */
  async #visit(names: readonly string[]): Promise<void> {
    let level: string[] = [];
    await inTurns(names, atOnce, async (name) => {
      if (await this.#ask(name)) level.push(name);
      else if (this.#fan === 256 && (await this.#isDeniedFalsely(name))) level.push(name);
    });
    while (level.length > 0 && labelsOf(level[0] as string).length < this.#depth) {
      if (level.length > largestLevel) {
        // Much is descended in parts, so that the memory is that of one of them.
        for (let at = 0; at < level.length; at += partOfLevel)
          await this.#descend(level.slice(at, at + partOfLevel));
        return;
      }
      level = await this.#below(level);
    }
  }

  async #descend(nodes: readonly string[]): Promise<void> {
    let level = nodes;
    while (level.length > 0 && labelsOf(level[0] as string).length < this.#depth)
      level = await this.#below(level);
  }

  /** What is there directly below names that are. */
  async #below(nodes: readonly string[]): Promise<string[]> {
    const lists = new Map<string, string[]>();
    await inTurns(nodes, atOnce, async (node) => {
      lists.set(node, await this.#children(node));
    });
    return nodes.flatMap((node) => lists.get(node) ?? []);
  }

  async #children(node: string): Promise<string[]> {
    const there: string[] = [];
    const visit = async (digit: number) => {
      const name = under(this.#digit(digit), node);
      const isLast = labelsOf(name).length === this.#depth;
      if ((await this.#ask(name)) || (this.#fan === 256 && !isLast && (await this.#isDeniedFalsely(name))))
        there.push(name);
    };
    const digits = Array.from({ length: this.#fan - 1 }, (_, at) => at + 1);
    await inTurns(digits, this.#fan, visit);
    const first = under(this.#digit(0), node);
    // A name that is there without a record has something below it: where nothing else is, this. Most digits are 0.
    const isImplied = this.#fan === 16 && there.length === 0 && labelsOf(first).length < this.#depth;
    if (isImplied) there.push(first);
    else await visit(0);
    if (there.length < this.#fan || !(await this.#isWildcard(node))) return there;
    this.#tellWildcard(node);
    return [];
  }

  #tellWildcard(node: string): void {
    this.#tell({
      kind: 'notice',
      message: `below ${node} every name is answered: its addresses are left out`,
    });
  }

  /** Whether a name of the tree is there; tells its records. */
  async #ask(name: string): Promise<boolean> {
    const sight = await this.#book.look(name, 'PTR');
    switch (sight.kind) {
      case 'records':
        for (const record of sight.records)
          if (record.type === 'PTR' || record.type === 'CNAME') {
            this.#names++;
            this.#tell({
              kind: 'record',
              record,
              via: 'reverse',
              ...(sight.server !== undefined && { server: sight.server }),
            });
          }
        // RFC 2317: the name behind an alias has the records.
        if (sight.type === 'CNAME') await this.#followAlias(sight.records[0]?.value);
        return true;
      case 'none':
        return true;
      case 'undecided':
        if (sight.why === 'stopped') return false;
        this.#undecided++;
        this.#tell({ kind: 'undecided', name, why: sight.why, via: 'reverse' });
        return false;
      case 'absent':
      case 'moved':
      case 'referral':
        return false;
    }
  }

  async #followAlias(target: string | undefined): Promise<void> {
    if (target === undefined) return;
    const name = target.replace(/\.$/, '').toLowerCase();
    const outcome = await this.#book.askConfigured(name, 'PTR');
    if (outcome.kind !== 'answer') return;
    for (const record of outcome.records)
      if (record.type === 'PTR' && record.section === 'answer' && record.name === name) {
        this.#names++;
        this.#tell({ kind: 'record', record, via: 'reverse', server: outcome.server });
      }
  }

  /** Whether everything below a name is answered: nothing would ever not exist there. */
  async #isWildcard(node: string): Promise<boolean> {
    const sights = await Promise.all(
      Array.from({ length: 2 }, () => this.#book.look(under(madeUpLabel(this.#random), node), 'PTR')),
    );
    return sights.every(({ kind }) => kind === 'records' || kind === 'none');
  }

  /** Whether a server denies a name with others below it, as some did before RFC 8020: a look at the likeliest. */
  async #isDeniedFalsely(name: string): Promise<boolean> {
    const missing = this.#depth - labelsOf(name).length;
    if (missing !== 1) return false;
    const sights = await Promise.all(
      likelyHosts.map((host) => this.#book.look(under(String(host), name), 'PTR')),
    );
    return sights.some(({ kind }) => kind === 'records');
  }

  #digit(value: number): string {
    return this.#fan === 16 ? value.toString(16) : String(value);
  }

  #bits(): number {
    return this.#block.first.family === 4 ? 32 : 128;
  }
}

const atOnce = 500;
const likelyHosts: readonly number[] = [1, 254];
const largestLevel = 65_536;
const mostWalked = 100_000;
const fewestWalked = 64;
const partOfLevel = 256;
