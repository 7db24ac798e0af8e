/**
 * Walking a signed zone along its NSEC records (RFC 4034, 4): each names the next name and its types. Several walkers
 * start at places spread over the zone; each ends where another began. A server that makes its proofs up as it is asked
 * (RFC 4470, RFC 9824) is told by proofs that end just behind the name that was asked for.
 *
 * @module
 */

import type { DnsRecord } from '../asker.ts';
import { compareNames, isAskable, isWithin, labelBytes, labelsOf, under } from '../message/labels.ts';
import { madeUpLabel, type Random } from './made-up-labels.ts';
import { type NsecProof, nsecsOf } from './read-answer.ts';
import type { ZoneBook } from './zone-book.ts';

/** What a walk came to. */
export interface Walk {
  /**
   * `walked`: the whole chain is known. `hashed`: NSEC3. `lies`: the proofs are made up. `unsigned`: there are none.
   * `broken`: the chain leads nowhere. `undecided`: too little was answered.
   */
  readonly result: 'walked' | 'hashed' | 'lies' | 'unsigned' | 'broken' | 'undecided';
  /** Names and their types; of a walk that did not end, those it came to. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly queries: number;
  /** What was seen, in words: of lies the proofs, of a hashed zone its parameters. */
  readonly evidence: readonly string[];
}

/** Walks a zone. */
export async function walkNsec(
  book: ZoneBook,
  apex: string,
  random: Random,
  most = mostNames,
): Promise<Walk> {
  const walker = new Walker(book, apex, random, most);
  return walker.walk();
}

/** What one walker has before it. */
interface Stretch {
  /** The name whose record is asked for next. */
  name: string;
  /** Where it ends; the apex is the end of all. */
  end: string;
}

class Walker {
  readonly #book: ZoneBook;
  readonly #apex: string;
  readonly #random: Random;
  readonly #most: number;
  readonly #chain = new Map<string, NsecProof>();
  readonly #active = new Set<Stretch>();
  #queries = 0;
  #lies: string[] = [];
  #trouble: 'broken' | 'undecided' | undefined;
  #evidence: string[] = [];
  #begun = 0;
  #deniesTruly = true;
  /** At how many names one of them is asked for. */
  #nextTrial = firstTrial;
  #wake: () => void = () => undefined;

  constructor(book: ZoneBook, apex: string, random: Random, most: number) {
    this.#book = book;
    this.#apex = apex;
    this.#random = random;
    this.#most = most;
  }

  async walk(): Promise<Walk> {
    const start = await this.#ask(this.#apex, 'NSEC');
    if (start === undefined) return this.#end('undecided');
    const nsec = nsecsOf(start).find(({ owner }) => owner === this.#apex);
    if (nsec === undefined) return this.#withoutNsec(start);
    if (this.#isLie(this.#apex, nsec) && (await this.#liesAgain())) return this.#end('lies');
    this.#chain.set(this.#apex, nsec);
    const walkers = [this.#follow({ name: nsec.next, end: this.#apex })];
    // Others begin where names are, one for each so many that are known: few questions are asked twice.
    while (this.#active.size > 0) {
      const isWorthIt =
        (this.#begun + 1) * namesAWalker < this.#chain.size && this.#active.size < mostWalkers;
      if (isWorthIt && this.#isGoing()) walkers.push(this.#begin());
      else await this.#step();
    }
    await Promise.all(walkers);
    if (this.#lies.length >= liesAtMost) return this.#end('lies');
    if (this.#trouble !== undefined) return this.#end(this.#trouble);
    return this.#end(this.#isWhole() ? 'walked' : 'undecided');
  }

  #isGoing(): boolean {
    return this.#lies.length < liesAtMost && this.#trouble === undefined && this.#chain.size < this.#most;
  }

  /** Until a walker has come on, or stands. */
  #step(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Walks a stretch to its end, or to where somebody has been. */
  async #follow(stretch: Stretch): Promise<void> {
    this.#active.add(stretch);
    while (this.#isGoing() && stretch.name !== stretch.end && !this.#chain.has(stretch.name)) {
      const { name } = stretch;
      const nsec = await this.#proofOf(name);
      if (nsec === undefined) {
        if (this.#isGoing()) this.#trouble ??= 'undecided';
        break;
      }
      if (nsec.next !== this.#apex && compareNames(nsec.next, name) <= 0)
        this.#break(nsec, 'stands before it');
      else if (!isWithin(nsec.next, this.#apex)) this.#break(nsec, 'is outside of the zone');
      else {
        this.#isLie(name, nsec);
        this.#chain.set(name, nsec);
        stretch.name = nsec.next;
        if (this.#chain.size >= this.#nextTrial) await this.#try(nsec);
        this.#wake();
      }
    }
    this.#active.delete(stretch);
    this.#wake();
  }

  /** A chain that never ends is made up of names that are denied when somebody asks for them: now and then one is. */
  async #try(nsec: NsecProof): Promise<void> {
    this.#nextTrial = this.#chain.size * 2;
    if (nsec.next === this.#apex || !isAskable(nsec.next)) return;
    const zone = this.#book.closest(this.#apex);
    if (zone === undefined) return;
    for (let attempt = 0; attempt < trialsAtMost; attempt++) {
      this.#queries++;
      const outcome = await this.#book.ask(nsec.next, 'A', false, zone.servers);
      if (outcome.kind !== 'answer' || outcome.rcode !== 'NXDOMAIN') return;
    }
    this.#break(nsec, 'does not exist, its servers say');
  }

  #break({ owner, next }: NsecProof, why: string): void {
    this.#evidence.push(`${owner} NSEC ${next}: the next name ${why}`);
    this.#trouble = 'broken';
  }

  /** Begins in the middle of a stretch: what denies a name there says which names stand around it. */
  async #begin(): Promise<void> {
    this.#begun++;
    const all = [...this.#active];
    if (all.length === 0) return;
    const split = all[this.#random(all.length)] as Stretch;
    // The first is a made-up one, whose proof is nobody's neighbour by chance.
    const isFirst = this.#begun === 1;
    const name = isFirst
      ? under(madeUpLabel(this.#random), this.#apex)
      : nameBetween(split.name, split.end, this.#apex);
    if (name === undefined || !this.#deniesTruly) return;
    const { end } = split;
    const records = await this.#ask(name, nobodysType);
    const nsec =
      records === undefined ? undefined : nsecsOf(records).find((proof) => covers(proof, name, this.#apex));
    if (nsec === undefined || !isWithin(nsec.owner, this.#apex) || !isWithin(nsec.next, this.#apex)) return;
    // Names have true records, and denials are made up: the chain is walked from end to end.
    if (isFirst && this.#isLie(name, nsec)) this.#deniesTruly = false;
    const isAhead = compareNames(split.name, name) < 0 && (end === this.#apex || compareNames(name, end) < 0);
    if (!this.#deniesTruly || !isAhead || this.#chain.has(nsec.owner)) return;
    this.#chain.set(nsec.owner, nsec);
    // Whoever walked to the end walks to here.
    if (split.end === end) split.end = nsec.owner;
    await this.#follow({ name: nsec.next, end });
  }

  /** The record of a name: asked for, or shown where the name just behind it is denied. */
  async #proofOf(name: string): Promise<NsecProof | undefined> {
    const records = await this.#ask(name, 'NSEC');
    const own = records === undefined ? undefined : nsecsOf(records).find(({ owner }) => owner === name);
    if (own !== undefined) return own;
    // At a cut the record is not always given; behind all below the name it must be.
    const behind = nameBehind(name);
    if (!isAskable(behind)) return undefined;
    const denied = await this.#ask(behind, 'NSEC');
    return denied === undefined ? undefined : nsecsOf(denied).find(({ owner }) => owner === name);
  }

  async #ask(name: string, type: string): Promise<readonly DnsRecord[] | undefined> {
    const zone = this.#book.closest(this.#apex);
    if (zone === undefined) return undefined;
    this.#queries++;
    const outcome = await this.#book.ask(name, type, true, zone.servers);
    return outcome.kind === 'answer' ? outcome.records : undefined;
  }

  /** Whether a proof is one made for the name that was asked for; remembers it. */
  #isLie(name: string, { owner, next }: NsecProof): boolean {
    const isNext = next === under('\\000', owner) || next === nameBehind(owner);
    // RFC 4470, 4: between two names that nobody has, the one asked for in the middle.
    const isAround = owner !== name && isClose(owner, name) && isClose(name, next);
    if (!isNext && !isAround) return false;
    this.#lies.push(`${name}: NSEC from ${owner} to ${next}`);
    return true;
  }

  /** A name `\000` below another is allowed to be there: made-up names show whether proofs are. */
  async #liesAgain(): Promise<boolean> {
    for (let attempt = 1; attempt < liesAtMost; attempt++) {
      const name = under(madeUpLabel(this.#random), this.#apex);
      const records = await this.#ask(name, nobodysType);
      const proofs = records === undefined ? [] : nsecsOf(records);
      const nsec = proofs.find((proof) => proof.owner === name || covers(proof, name, this.#apex));
      if (nsec === undefined || !this.#isLie(name, nsec)) return false;
    }
    return true;
  }

  async #withoutNsec(start: readonly DnsRecord[]): Promise<Walk> {
    const hashed = start.filter(({ type }) => type === 'NSEC3');
    if (hashed.length === 0) return this.#end('unsigned');
    const parameters = await this.#ask(this.#apex, 'NSEC3PARAM');
    const shown =
      parameters?.find(({ type }) => type === 'NSEC3PARAM')?.value ??
      (hashed[0] as DnsRecord).value.split(' ').slice(0, 4).join(' ');
    this.#evidence.push(nsec3Words(shown));
    // RFC 7129, B: made up around the hash that was asked for.
    for (let attempt = 0; attempt < liesAtMost; attempt++) {
      const records = await this.#ask(under(madeUpLabel(this.#random), this.#apex), nobodysType);
      for (const { name, type, value } of records ?? []) {
        const next = value.split(' ')[4];
        if (type !== 'NSEC3' || next === undefined) continue;
        const distance = hashOf(next) - hashOf(labelsOf(name)[0] as string);
        if (distance > 0n && distance <= 2n) {
          this.#lies.push(`NSEC3 from ${labelsOf(name)[0]} to ${next.toLowerCase()}: ${distance} apart`);
          break;
        }
      }
    }
    return this.#end(this.#lies.length >= liesAtMost ? 'lies' : 'hashed');
  }

  #isWhole(): boolean {
    let name = this.#apex;
    for (let steps = 1; ; steps++) {
      const nsec = this.#chain.get(name);
      if (nsec === undefined) return false;
      if (nsec.next === this.#apex) return steps === this.#chain.size;
      if (steps > this.#chain.size) return false;
      name = nsec.next;
    }
  }

  #end(result: Walk['result']): Walk {
    const evidence = result === 'lies' ? [...this.#evidence, ...this.#lies] : this.#evidence;
    const names =
      result === 'lies' ? new Map() : new Map([...this.#chain].map(([name, { types }]) => [name, types]));
    return { result, names, queries: this.#queries, evidence };
  }
}

/** What hashes a zone's names, in words (RFC 5155, 4). */
export function nsec3Words(value: string): string {
  const [algorithm, flags, iterations, salt] = value.split(' ');
  const hash = algorithm === '1' ? 'SHA-1' : `algorithm ${algorithm}`;
  const saltWords = salt === undefined || salt === '-' ? 'no salt' : `salt ${salt.toLowerCase()}`;
  return `NSEC3: ${hash}, ${iterations} additional iterations, ${saltWords}${Number(flags) & 1 ? ', opt-out' : ''}`;
}

/** The first name that stands behind all below a name. */
function nameBehind(name: string): string {
  const [first = '', ...rest] = labelsOf(name);
  return [`${first}\\000`, ...rest].join('.');
}

/** A name in the middle between two, as far as can be said; `end` may be the apex, which ends the circle. */
function nameBetween(start: string, end: string, apex: string): string | undefined {
  const depth = labelsOf(apex).length;
  const from = labelsOf(start)
    .slice(0, -depth || undefined)
    .reverse();
  const to =
    end === apex
      ? []
      : labelsOf(end)
          .slice(0, -depth || undefined)
          .reverse();
  let at = 0;
  while (at < from.length && from[at] === to[at]) at++;
  const low = fractionOf(labelBytes(from[at] ?? ''));
  const high = to[at] === undefined ? 1n << BigInt(bitsOfFraction) : fractionOf(labelBytes(to[at] as string));
  if (high - low < 2n) return undefined;
  const label = labelOfFraction((low + high) / 2n);
  return under([label, ...from.slice(0, at).reverse()].join('.'), apex);
}

/** A label as a number: 6 bits a character, in the order of the characters. */
function fractionOf(label: string): bigint {
  let value = 0n;
  for (let at = 0; at < charactersOfFraction; at++) {
    const code = label[at];
    let digit = 0;
    if (code !== undefined) while (digit < order.length && (order[digit] as string) <= code) digit++;
    value = (value << 6n) | BigInt(code === undefined ? 0 : Math.floor((digit * 64) / (order.length + 1)));
  }
  return value;
}

function labelOfFraction(value: bigint): string {
  let label = '';
  for (let at = 0; at < charactersOfFraction; at++) {
    const bits = Number((value >> BigInt(bitsOfFraction - 6 * (at + 1))) & 63n);
    label += order[Math.min(order.length - 1, Math.floor((bits * (order.length + 1)) / 64))] as string;
  }
  return label;
}

/** Whether a proof says that a name is not there. */
function covers({ owner, next }: NsecProof, name: string, apex: string): boolean {
  return compareNames(owner, name) < 0 && (next === apex || compareNames(name, next) < 0);
}

/** Whether two names differ at the end of their first label alone, as those of RFC 4470, 3 do. */
function isClose(one: string, other: string): boolean {
  const [first = '', ...rest] = labelsOf(one);
  const [second = '', ...more] = labelsOf(other);
  if (rest.join('.') !== more.join('.')) return false;
  const left = labelBytes(first);
  const right = labelBytes(second);
  const shorter = Math.min(left.length, right.length);
  return shorter > 3 && left.slice(0, shorter - 1) === right.slice(0, shorter - 1);
}

function hashOf(text: string): bigint {
  let value = 0n;
  for (const character of text.toLowerCase()) {
    const digit = digits.indexOf(character);
    if (digit < 0) return 0n;
    value = (value << 5n) | BigInt(digit);
  }
  return value;
}

/** Base32 with the hexadecimal alphabet (RFC 4648, 7). */
const digits = '0123456789abcdefghijklmnopqrstuv';
/** What labels are made of, in the order of their bytes. */
const order = '-0123456789_abcdefghijklmnopqrstuvwxyz';
const charactersOfFraction = 24;
const bitsOfFraction = 6 * charactersOfFraction;
/** A type that hardly any name has, so that a wildcard denies it too. */
const nobodysType = 'HINFO';
const liesAtMost = 3;
const mostWalkers = 64;
/** A walker that begins costs a question; so many names later it is worth it, and all stays below 1.1 a name. */
const namesAWalker = 16;
/** The first trial is early, the others at twice as many names each: a million names cost 16. */
const firstTrial = 16;
const trialsAtMost = 2;
const mostNames = 5_000_000;
