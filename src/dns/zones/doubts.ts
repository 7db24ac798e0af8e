/**
 * Whether what a resolver says of a name is its own invention: it answers for made-up names, which the zone's own servers
 * deny, with the same addresses.
 *
 * @module
 */

import type { Asker, DnsOutcome } from '../asker.ts';
import { isAskable, parentOf, under } from '../message/labels.ts';
import { findHijacks, type Hijack } from './find-hijack.ts';
import { madeUpLabel, type Random } from './made-up-labels.ts';
import { ZoneBook } from './zone-book.ts';

type Answer = Extract<DnsOutcome, { kind: 'answer' }>;

/** Doubts what configured servers say of addresses. */
export class Doubts {
  readonly #asker: Asker;
  readonly #book: ZoneBook;
  readonly #random: Random;
  readonly #onHijack: (zone: string, hijack: Hijack) => void;
  /** Servers that have denied a made-up name, and those that were caught. */
  readonly #honest = new Set<string>();
  readonly #caught = new Map<string, Set<string>>();

  /** `onHijack` hears of each server that is caught, once. */
  constructor(asker: Asker, random: Random, onHijack: (zone: string, hijack: Hijack) => void) {
    this.#asker = asker;
    this.#book = new ZoneBook(asker);
    this.#random = random;
    this.#onHijack = onHijack;
  }

  /** Whether the addresses that a server gave for a name are what it gives for names that do not exist. */
  async isInvented(name: string, answer: Answer): Promise<boolean> {
    const { server } = answer;
    const values = addressesOf(answer, name);
    if (values.length === 0 || this.#honest.has(server)) return false;
    if (!this.#caught.has(server)) await this.#try(name, server);
    const invented = this.#caught.get(server);
    if (invented === undefined || !values.every((value) => invented.has(value))) return false;
    if ((await this.#book.zoneOf(name)) === undefined) return false;
    return (await this.#book.look(name, 'A')).kind === 'absent';
  }

  /** Asks a server for a made-up name beside a name. */
  async #try(name: string, server: string): Promise<void> {
    const madeUp = under(madeUpLabel(this.#random), parentOf(name));
    if (parentOf(name) === '' || !isAskable(madeUp)) return;
    const outcome = await this.#asker.ask({ name: madeUp, type: 'A', recursive: true }, [server]);
    if (outcome.kind !== 'answer') return;
    if (addressesOf(outcome, madeUp).length === 0) {
      if (outcome.rcode === 'NXDOMAIN') this.#honest.add(server);
      return;
    }
    // A wildcard does the same: the zone's own servers know.
    const zone = await this.#book.zoneOf(madeUp);
    if (zone === undefined) return;
    for (const hijack of await findHijacks(this.#book, zone.apex, [server], this.#random)) {
      const known = this.#caught.get(server);
      this.#caught.set(server, new Set([...(known ?? []), ...hijack.values]));
      if (known === undefined) this.#onHijack(zone.apex, hijack);
    }
  }
}

function addressesOf({ records }: Answer, name: string): readonly string[] {
  return records
    .filter((record) => record.type === 'A' && record.section === 'answer' && record.name === name)
    .map(({ value }) => value);
}
