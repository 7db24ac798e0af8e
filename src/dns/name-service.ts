/**
 * All that is asked about names: addresses of names, and the name of an address. A few at a time, no longer than
 * anybody answers, until it is stopped; that nobody answers is told once.
 *
 * @module
 */

import type { Address } from '../model/address.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { isSilence, type Lookups } from './lookups.ts';

/** What became of a name: its addresses, or why there are none. */
export type Resolved =
  | { readonly addresses: readonly Address[] }
  | {
      readonly addresses: readonly [];
      readonly problem: string;
      /** No name server answers at all; whoever hears of it tells it, once for all such names. */
      readonly isSilent: boolean;
    };

/** Asks for names, by any means of asking. A service that was stopped, or found nobody there, stays so. */
export class NameService {
  readonly #lookups: Lookups;
  readonly #patienceMs: number;
  readonly #forward: ConcurrencyLimit;
  readonly #reverse = new ConcurrencyLimit(mostReverse);
  /** Settles when nobody is waited for any more: no server answers, or it was stopped. */
  readonly #end: Promise<undefined>;
  #ends: () => void = () => {};
  #isOver = false;
  #isStopped = false;
  /** The user knows that no name server answers. */
  #isTold = false;
  #isUsed = false;
  /** Names whose addresses are waited for. */
  #awaited = 0;
  #warn: ((message: string) => void) | undefined;
  /** Answers that did not come, one after the other. */
  #silences = 0;
  #check: Promise<void> | undefined;

  /** `patienceMs`: how long an address is waited for before it is asked whether anybody is there. */
  constructor(lookups: Lookups, patienceMs = defaultPatienceMs) {
    this.#lookups = lookups;
    this.#patienceMs = patienceMs;
    this.#forward = new ConcurrencyLimit(lookups.mostForward);
    this.#end = new Promise((resolve) => {
      this.#ends = () => resolve(undefined);
    });
  }

  /** Whether anybody wanted to know anything. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** The servers that are asked, for messages. */
  get asked(): string {
    return this.#lookups.asked;
  }

  /** `warn` hears once that no name server answers, unless the user has been told before. */
  heed(warn: (message: string) => void): void {
    this.#warn = warn;
  }

  /** All addresses of a name, or why there are none; never rejects. */
  async addressesOf(name: string): Promise<Resolved> {
    this.#isUsed = true;
    this.#awaited++;
    const found = await this.#forward.take(() => this.#lookUp(name));
    this.#awaited--;
    if (found === undefined) {
      this.#isTold = true;
      return { addresses: [], problem: silentProblem, isSilent: true };
    }
    if ('addresses' in found) {
      const { addresses } = found;
      return addresses.length > 0 ? { addresses } : failed('ENODATA');
    }
    return failed(found.code);
  }

  /** The canonical name of an address; undefined where it has none, or nobody answers. Never rejects. */
  async nameOf(address: string): Promise<string | undefined> {
    this.#isUsed = true;
    return this.#reverse.take(async () => {
      if (this.#isOver) return undefined;
      // A zone means nothing to a name server.
      const asked = this.#lookups.reverse(address.replace(/%.*/, ''));
      const names = await Promise.race([asked.then(this.#heard, this.#missed), this.#end]);
      return names?.[0];
    });
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#finish();
    this.#lookups.stop();
  }

  /** Undefined where nobody answers. */
  async #lookUp(name: string): Promise<Found | undefined> {
    if (this.#isOver) return undefined;
    const answer = this.#forwardOf(name);
    const soon = await Promise.race([answer, pause(this.#patienceMs), this.#end]);
    if (soon !== undefined && !isMute(soon)) return soon;
    // A server that answers has only trouble with this name, and may take its time for it.
    await this.#lookWhoIsThere();
    const late = await Promise.race([answer, this.#end]);
    if (late === undefined || !isMute(late)) return late;
    if (this.#isOver) return undefined;
    // It answers others: what was lost or came too early is asked once more.
    return Promise.race([this.#forwardOf(name), this.#end]);
  }

  #forwardOf(name: string): Promise<Found> {
    return this.#lookups.forward(name).then(
      (addresses) => ({ addresses }),
      (error: NodeJS.ErrnoException) => ({ code: error.code ?? '', isSilence: isSilence(error) }),
    );
  }

  readonly #heard = (names: readonly string[]): readonly string[] => {
    this.#silences = 0;
    return names;
  };

  readonly #missed = async (error: unknown): Promise<undefined> => {
    // An answer that there is no name is an answer.
    this.#silences = isSilence(error) ? this.#silences + 1 : 0;
    if (this.#silences >= mostSilences) this.#finish();
    else if (this.#silences > 0 && this.#silences % suspicious === 0) await this.#lookWhoIsThere();
  };

  async #lookWhoIsThere(): Promise<void> {
    if (this.#isOver) return;
    this.#check ??= this.#lookups.isAlive().then((isAlive) => {
      this.#check = undefined;
      if (!isAlive) this.#finish();
    });
    await Promise.race([this.#check, this.#end]);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // Whoever waits for addresses hears it in his own words.
    if (this.#awaited === 0 && !this.#isTold && !this.#isStopped && this.#warn !== undefined) {
      this.#isTold = true;
      this.#warn(`No name server answers (asked ${this.asked}): hosts are told without their names`);
    }
    this.#ends();
  }
}

type Found =
  | { readonly addresses: readonly Address[] }
  | { readonly code: string; readonly isSilence: boolean };

function isMute(found: Found): boolean {
  return 'isSilence' in found && found.isSilence;
}

function failed(code: string): Resolved {
  return { addresses: [], problem: meanings.get(code) ?? 'the look-up failed', isSilent: false };
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms).unref();
  });
}

const silentProblem = 'no name server answers';

const meanings: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'no such name'],
  ['ENODATA', 'it has no address'],
  ['EAI_AGAIN', 'the name servers failed to answer'],
  ['ETIMEOUT', 'the name servers did not answer in time'],
  ['ESERVFAIL', 'the name servers failed to answer'],
  ['EREFUSED', 'the name servers refuse to answer'],
]);

const defaultPatienceMs = 2000;
const mostReverse = 32;
/** So many silences in a row make one look whether anybody is there. */
const suspicious = 3;
/** Zones whose own servers are mute make a resolver silent that is well; of many of them nobody waits for all. */
const mostSilences = 64;
