/**
 * Which zone a name is in and who serves it: cuts are followed as they show, and every server is asked once whether it
 * serves the zone it is named for.
 *
 * @module
 */

import type { Asker, DnsOutcome, DnsRecord, UndecidedReason } from '../asker.ts';
import { isWithin, nameOfField, parentOf } from '../message/labels.ts';
import { readAnswer, type Sight } from './read-answer.ts';

/** A zone and its own name servers. */
export interface Zone {
  readonly apex: string;
  /** Those that serve it, by address; none where nobody does. */
  readonly servers: readonly string[];
  readonly nameServers: readonly NameServer[];
  /** The NS records of the zone above, where it was asked. */
  readonly delegation: readonly DnsRecord[];
}

/** A server that the zone names, at one of its addresses. */
export interface NameServer {
  readonly name: string;
  /** Absent where the name has none. */
  readonly address?: string;
  readonly state: 'serves' | 'lame' | 'mute' | 'nameless';
  /** What it said instead, in words. */
  readonly said?: string;
}

/** What a question to a zone's own servers may be asked with. */
export interface Wish {
  readonly dnssec?: boolean;
  /** Another one of the same: no cache may answer it. */
  readonly servers?: readonly string[];
}

/** Knows zones, and asks their own servers. */
export class ZoneBook {
  readonly #asker: Asker;
  readonly #zones = new Map<string, Promise<Zone>>();
  readonly #known = new Map<string, Zone>();
  readonly #addresses = new Map<string, Promise<readonly string[] | undefined>>();
  readonly #strays = new Map<string, UndecidedReason>();
  readonly #mayAsk: () => boolean;
  readonly #onZone: (zone: Zone) => void;
  #asked = 0;
  #isStopped = false;

  /** `mayAsk` says whether another question may be asked; `onZone` hears of each zone once. */
  constructor(
    asker: Asker,
    {
      mayAsk = () => true,
      onZone = () => undefined,
    }: { mayAsk?: () => boolean; onZone?: (zone: Zone) => void } = {},
  ) {
    this.#asker = asker;
    this.#mayAsk = mayAsk;
    this.#onZone = onZone;
  }

  /** How many questions were asked. */
  get asked(): number {
    return this.#asked;
  }

  /** Whether the asker answers nothing any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** The zone that a name is in, found by asking the configured servers; undefined where they do not say. */
  async zoneOf(name: string): Promise<Zone | undefined> {
    const known = this.closest(name);
    if (known !== undefined) return this.#descend(known, name);
    let why: UndecidedReason = 'lame';
    for (let above = name; above !== ''; above = parentOf(above)) {
      const outcome = await this.askConfigured(above, 'SOA');
      if (outcome.kind !== 'answer') {
        why = outcome.why;
        continue;
      }
      // What stands behind an alias is another name's zone.
      const soa = outcome.records.find(
        (record) => record.type === 'SOA' && record.section !== 'additional' && isWithin(above, record.name),
      );
      if (soa === undefined || soa.name === '') continue;
      return this.#descend(await this.#open(soa.name), name);
    }
    this.#strays.set(name, why);
    return undefined;
  }

  /** Why no zone was found for a name. */
  whyNoZone(name: string): UndecidedReason {
    return this.#strays.get(name) ?? 'lame';
  }

  /** The closest zone above a name that was found so far. */
  closest(name: string): Zone | undefined {
    for (let above = name; ; above = parentOf(above)) {
      const zone = this.#known.get(above);
      if (zone !== undefined) return zone;
      if (above === '') return undefined;
    }
  }

  /** Asks the zone's own servers, those of a zone below where they say that one begins there. */
  async look(name: string, type: string, wish: Wish = {}): Promise<Sight & { readonly server?: string }> {
    let zone = this.closest(name);
    // The DS of a cut stands above it.
    if (type === 'DS' && zone?.apex === name) zone = this.closest(parentOf(name)) ?? zone;
    for (let cuts = 0; cuts < mostCuts; cuts++) {
      if (zone === undefined || zone.servers.length === 0) return { kind: 'undecided', why: 'lame' };
      const outcome = await this.ask(name, type, wish.dnssec ?? false, wish.servers ?? zone.servers);
      const sight = readAnswer(outcome, name, type, zone.apex);
      if (sight.kind !== 'referral')
        return sight.kind === 'records' && outcome.server !== undefined
          ? { ...sight, server: outcome.server }
          : sight;
      if (wish.servers !== undefined) return sight;
      const below = await this.#open(sight.cut, sight.records);
      if (below === zone) return { kind: 'undecided', why: 'lame' };
      zone = below;
    }
    return { kind: 'undecided', why: 'lame' };
  }

  /** Asks, and again where nothing came; one question more or less does not matter, one name does. */
  async ask(name: string, type: string, dnssec: boolean, servers: readonly string[]): Promise<DnsOutcome> {
    for (let attempt = 1; ; attempt++) {
      if (!this.#mayAsk()) return { kind: 'undecided', why: 'stopped' };
      this.#asked++;
      const outcome = await this.#asker.ask({ name, type, dnssec, recursive: false }, servers);
      if (outcome.kind === 'undecided' && outcome.why === 'stopped') this.#isStopped = true;
      const isFinal = outcome.kind === 'answer' || !worthAsking.has(outcome.why);
      if (isFinal || attempt === attemptsAtMost) return outcome;
    }
  }

  /** Asks the configured servers. */
  async askConfigured(name: string, type: string, servers?: readonly string[]): Promise<DnsOutcome> {
    if (!this.#mayAsk()) return { kind: 'undecided', why: 'stopped' };
    this.#asked++;
    return this.#asker.ask({ name, type, recursive: true }, servers);
  }

  /** Follows cuts between a zone and a name. */
  async #descend(zone: Zone, name: string): Promise<Zone> {
    if (zone.apex === name || zone.servers.length === 0) return zone;
    await this.look(name, 'SOA');
    return this.closest(name) ?? zone;
  }

  #open(apex: string, referral: readonly DnsRecord[] = []): Promise<Zone> {
    const open = this.#zones.get(apex);
    if (open !== undefined) return open;
    const opened = this.#openNew(apex, referral).then((zone) => {
      this.#known.set(apex, zone);
      this.#onZone(zone);
      return zone;
    });
    this.#zones.set(apex, opened);
    return opened;
  }

  async #openNew(apex: string, referral: readonly DnsRecord[]): Promise<Zone> {
    const named = new Set(
      referral
        .filter(({ type, name }) => type === 'NS' && name === apex)
        .map(({ value }) => nameOfField(value)),
    );
    if (named.size === 0) {
      const outcome = await this.askConfigured(apex, 'NS');
      if (outcome.kind === 'answer')
        for (const { type, name, value } of outcome.records)
          if (type === 'NS' && name === apex) named.add(nameOfField(value));
    }
    const glue = new Map<string, string[]>();
    for (const { name, type, value, section } of referral)
      if (section === 'additional' && addressTypes.includes(type) && isWithin(name, apex))
        glue.set(name, [...(glue.get(name) ?? []), value]);
    const servers = [...named].slice(0, mostNameServers);
    const all = await Promise.all(
      servers.map(async (name): Promise<readonly NameServer[]> => {
        const addresses = glue.get(name) ?? (await this.#addressesOf(name));
        if (addresses === undefined)
          return [{ name, state: 'mute', said: 'its address could not be learnt' }];
        if (addresses.length === 0) return [{ name, state: 'nameless', said: 'its name has no address' }];
        return Promise.all(
          addresses.slice(0, mostAddresses).map((address) => this.#check(apex, name, address)),
        );
      }),
    );
    const nameServers = all.flat();
    const serving = nameServers
      .filter(({ state }) => state === 'serves')
      .map(({ address }) => address as string);
    const delegation = referral.filter(({ type, name }) => type === 'NS' && name === apex);
    return { apex, nameServers, servers: [...new Set(serving)], delegation };
  }

  async #check(apex: string, name: string, address: string): Promise<NameServer> {
    const outcome = await this.ask(apex, 'SOA', false, [address]);
    if (outcome.kind === 'undecided') {
      const isMute = outcome.why === 'timeout' || outcome.why === 'stopped';
      return { name, address, state: isMute ? 'mute' : 'lame', said: lameWords[outcome.why] };
    }
    const serves = outcome.records.some(
      (record) => record.type === 'SOA' && record.name === apex && record.section === 'answer',
    );
    if (serves && outcome.isAuthoritative) return { name, address, state: 'serves' };
    const said = serves ? 'it answers without authority' : `it answers ${outcome.rcode} without the SOA`;
    return { name, address, state: 'lame', said };
  }

  /** The addresses of a name server; undefined where nothing was learnt of them, which is not that it has none. */
  #addressesOf(name: string): Promise<readonly string[] | undefined> {
    const known = this.#addresses.get(name);
    if (known !== undefined) return known;
    const asked = Promise.all(
      addressTypes.map(async (type) => {
        const read = (outcome: DnsOutcome) =>
          outcome.kind === 'answer'
            ? outcome.records
                .filter((record) => record.type === type && record.section !== 'authority')
                .map(({ value }) => value)
            : undefined;
        // The zone that the name seems to be in is asked, but its cuts are not followed: two zones whose servers are
        // named in each other would wait for one another.
        const zone = this.closest(name);
        const own =
          zone === undefined || zone.servers.length === 0
            ? undefined
            : read(await this.ask(name, type, false, zone.servers));
        return own !== undefined && own.length > 0 ? own : read(await this.askConfigured(name, type));
      }),
    ).then((lists) => {
      const addresses = lists.flatMap((list) => list ?? []);
      return addresses.length === 0 && lists.includes(undefined) ? undefined : addresses;
    });
    this.#addresses.set(name, asked);
    return asked;
  }
}

const addressTypes: readonly string[] = ['A', 'AAAA'];
/** A name has at most 127 labels; more cuts than this between two zones are a trap. */
const mostCuts = 16;
/** The root has 13, with two addresses each. */
const mostNameServers = 16;
const mostAddresses = 4;
/** The asker has tried several times already. */
const attemptsAtMost = 3;
const worthAsking: ReadonlySet<string> = new Set(['timeout', 'malformed']);
const lameWords: Readonly<Record<UndecidedReason, string>> = {
  timeout: 'it does not answer',
  servfail: 'it answers SERVFAIL',
  refused: 'it refuses to answer for it',
  lame: 'it knows nothing of it',
  malformed: 'its answers cannot be read',
  stopped: 'it was not asked',
};
