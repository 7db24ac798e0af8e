/**
 * From what the user named to addresses: every form of target read, names resolved, duplicates joined, and
 * what is no ordinary host left out of ranges. A range stays a range, however large.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { fromKey, keyOf, type Range, RangeCollector, RangeSet } from '../base/range-set.ts';
import type { Resolved } from '../dns/name-service.ts';
import { type Address, formatAddress } from '../model/address.ts';
import { parseV4 } from '../model/parse-address.ts';
import type { Environment, PlanningEnvironment } from './environment.ts';
import { blockAround, parseTarget, type TargetText } from './parse-target.ts';
import { quoted } from './quoted.ts';
import { readAllEntries } from './read-entries.ts';
import { blocksAround, listNames, resolveAll } from './resolve-names.ts';
import { neverInRanges, onlyWithin } from './special-ranges.ts';
import { splitTargets } from './split-targets.ts';
import { ZoneBook } from './zones.ts';

/** What the user named, as addresses. */
export interface Targets {
  /** Addresses by the ports that were written behind them; the key '' holds those without. */
  readonly byPorts: ReadonlyMap<string, RangeSet>;
  readonly askedAs: ReadonlyMap<string, readonly string[]>;
  readonly zones: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
  /** A name could not be resolved. */
  readonly incomplete: boolean;
}

/** Where targets come from. */
export interface TargetSource {
  readonly texts: readonly string[];
  readonly files: readonly string[];
  /** Only these addresses of names. */
  readonly family?: 4 | 6;
  /** The interface of link-local targets that name none (`-e`). */
  readonly zone?: string;
}

/** Reads targets. */
export async function readTargets(source: TargetSource, environment: PlanningEnvironment): Promise<Targets> {
  const book = new TargetBook(source, environment);
  await readAllEntries(source, 'targets', environment, (text, where) => {
    // Files hold millions of plain addresses, so these go first.
    const plain = parseV4(text);
    if (plain !== undefined && plain !== 0) book.addPlain(plain);
    else for (const one of splitTargets(text)) book.add(parseTarget(one, where()), one, where());
  });
  return book.close();
}

/** Collects targets one by one. */
class TargetBook {
  readonly #source: TargetSource;
  readonly #environment: PlanningEnvironment;
  readonly #collected = new Map<string, RangeCollector>();
  readonly #names = new Map<string, { readonly prefix: number | undefined; readonly ports: string }[]>();
  readonly #leftOut: Range[] = [];
  readonly #zones: ZoneBook;
  readonly #broadcasts: RangeSet;
  readonly #askedAs = new Map<string, string[]>();
  readonly #warnings: string[] = [];
  /** Names for which no name server answered. */
  readonly #silent: string[] = [];
  #incomplete = false;

  constructor(source: TargetSource, environment: PlanningEnvironment) {
    this.#source = source;
    this.#environment = environment;
    this.#zones = new ZoneBook(environment.interfaces, source.zone);
    this.#broadcasts = broadcastsOf(environment);
  }

  /** Adds one IPv4 address, which needs no interface and may be any. */
  addPlain(value: number): void {
    this.#collectorOf('').addV4(value, value);
  }

  add(target: TargetText, text: string, where: string): void {
    const ports = target.ports ?? '';
    if (target.kind === 'name') {
      const asked = this.#names.get(target.name);
      if (asked === undefined) this.#names.set(target.name, [{ prefix: target.prefix, ports }]);
      else asked.push({ prefix: target.prefix, ports });
      return;
    }
    const itself = thisMachineFor(target.ranges);
    if (itself !== undefined)
      this.#warnings.push(`${text} means this machine: ${formatAddress(fromKey(itself.first))} is scanned`);
    const ranges = itself === undefined ? target.ranges : [itself];
    const problem = this.#zones.note(ranges, target.zone);
    if (problem !== undefined) throw badRequest(`${where}target ${quoted(text)}: ${problem}`);
    this.#put(ranges, ports);
  }

  async close(): Promise<Targets> {
    const { names, signal } = this.#environment;
    const resolved = await resolveAll(this.#names.keys(), names, signal);
    // In the order they were named, whichever answer came first: what a user is told must not vary.
    for (const name of this.#names.keys()) this.#addName(name, resolved.get(name) as Resolved);
    this.#tellSilent();
    const byPorts = new Map([...this.#collected].map(([ports, all]) => [ports, all.finish()]));
    const leftOut = [...byPorts.values()].reduce(
      (left, set) => left.minus(set),
      RangeSet.of(this.#leftOut),
    ).size;
    if (leftOut > 0n) {
      const what = leftOut === 1n ? '1 address' : `${leftOut} addresses`;
      this.#warnings.push(
        `${what} left out of ranges (multicast, broadcast, reserved); name one singly to scan it`,
      );
    }
    return {
      byPorts,
      askedAs: this.#askedAs,
      zones: this.#zones.zones,
      warnings: this.#warnings,
      incomplete: this.#incomplete,
    };
  }

  #addName(name: string, resolved: Resolved): void {
    const { family } = this.#source;
    if ('problem' in resolved) {
      if (resolved.isSilent) this.#silent.push(name);
      else this.#skipName(name, resolved.problem);
      return;
    }
    const ofFamily = resolved.addresses.filter(
      (address) => family === undefined || address.family === family,
    );
    if (ofFamily.length === 0) {
      this.#skipName(name, `it has no IPv${family} address`);
      return;
    }
    // A name server may answer 0.0.0.0 to block a name; connecting there would reach this machine instead.
    const usable = ofFamily.filter((address) => !neverInRanges.has(keyOf(address.family, address.value)));
    const hosts = usable.filter((address) => this.#isHere(address));
    if (hosts.length === 0) {
      const led = (usable[0] ?? ofFamily[0]) as Address;
      this.#skipName(name, `it leads to ${formatAddress(led)}, which is no host`);
      return;
    }
    for (const { prefix, ports } of this.#names.get(name) ?? []) {
      const blocks = blocksAround(hosts, prefix);
      if (blocks.length === 0) {
        this.#skipName(name, `it has no IPv6 address for /${prefix}`);
        return;
      }
      this.#put(blocks, ports);
    }
    for (const host of hosts) {
      const { zone, ...address } = host;
      const problem = this.#zones.note([blockAround(address, address.family === 4 ? 32 : 128)], zone);
      if (problem !== undefined) throw badRequest(`target ${quoted(name)}: ${problem}`);
      const text = formatAddress(address);
      const names = this.#askedAs.get(text);
      if (names === undefined) this.#askedAs.set(text, [name]);
      else if (!names.includes(name)) names.push(name);
    }
  }

  /** That nobody answers is one piece of news, however many names there are. */
  #tellSilent(): void {
    if (this.#silent.length === 0) return;
    const { asked } = this.#environment.names;
    this.#warnings.push(`Cannot resolve ${listNames(this.#silent)}: no name server answers (asked ${asked})`);
    this.#incomplete = true;
  }

  #skipName(name: string, problem: string): void {
    this.#warnings.push(`Cannot resolve ${quoted(name)}: ${problem}`);
    this.#incomplete = true;
  }

  /** The hosts file names ::1 even where IPv6 is switched off. */
  #isHere({ family, value }: Address): boolean {
    const { interfaces } = this.#environment;
    if (family === 4 || value !== 1n || interfaces === undefined) return true;
    return interfaces.some(({ addresses }) =>
      addresses.some((own) => own.address.family === 6 && own.address.value === 1n),
    );
  }

  #put(ranges: readonly Range[], ports: string): void {
    const collector = this.#collectorOf(ports);
    const [only] = ranges;
    if (ranges.length === 1 && only !== undefined && only.first === only.last) {
      collector.add(only.first, only.last);
      return;
    }
    const all = RangeSet.of(ranges);
    let kept = all.minus(neverInRanges).minus(this.#broadcasts);
    if (kept.minus(onlyWithin).size > 0n) kept = kept.minus(onlyWithin);
    if (kept.size < all.size) for (const range of all.minus(kept).ranges) this.#leftOut.push(range);
    for (const { first, last } of kept.ranges) collector.add(first, last);
  }

  #collectorOf(ports: string): RangeCollector {
    let collector = this.#collected.get(ports);
    if (collector === undefined) {
      collector = new RangeCollector();
      this.#collected.set(ports, collector);
    }
    return collector;
  }
}

/** The loopback for 0.0.0.0 and ::, which to connections is this machine, to packets nobody. */
function thisMachineFor([only, ...others]: readonly Range[]): Range | undefined {
  if (only === undefined || others.length > 0 || only.first !== only.last) return undefined;
  const { family, value } = fromKey(only.first);
  if (value !== 0n) return undefined;
  const key = keyOf(family, family === 4 ? 0x7f00_0001n : 1n);
  return { first: key, last: key };
}

/** The directed broadcasts of the links this machine is on; those of others cannot be known from here. */
function broadcastsOf({ interfaces = [] }: Environment): RangeSet {
  const last = interfaces
    .flatMap(({ addresses }) => addresses)
    .filter(({ address, prefix }) => address.family === 4 && prefix <= 30)
    .map(({ address, prefix }) => blockAround(address, prefix).last);
  return RangeSet.of(last.map((value) => ({ first: value, last: value })));
}
