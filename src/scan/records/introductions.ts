/**
 * The order in which a host is told of, while names are looked up: introduced before anything else of it, done last.
 *
 * @module
 */

import type { OpenHost } from './open-host.ts';

/** Finds the name of an address, if it has one. */
export type NameLookup = (address: string) => Promise<string | undefined>;

/** Introduces hosts, with their names where these are wanted. */
export class Introductions {
  /** Absent where names are not wanted. */
  readonly #nameOf: NameLookup | undefined;
  readonly #pending = new Set<Promise<void>>();
  /** Hosts that are not introduced yet, because their names are being asked for. */
  readonly #nameless = new Map<string, () => void>();

  constructor(nameOf: NameLookup | undefined) {
    this.#nameOf = nameOf;
  }

  /** Something of a host is about to be told: it is introduced now at the latest. */
  atOnce(host: string): void {
    if (this.#nameless.size > 0) this.#nameless.get(host)?.();
  }

  /**
   * Has a host told. Whoever waits for the name need not wait for the host: it is introduced by what comes first, and
   * told once more where its name comes later.
   */
  introduce(host: OpenHost, wantsName: boolean, tell: (name?: string) => void): void {
    if (this.#nameOf === undefined || !wantsName) {
      host.hostSaid = done;
      tell();
      return;
    }
    const introduce = (name?: string) => {
      this.#nameless.delete(host.name);
      tell(name);
    };
    this.#nameless.set(host.name, introduce);
    host.hostSaid = this.#await(
      this.#nameOf(host.name).then((name) => {
        if (this.#nameless.has(host.name)) introduce(name);
        else if (name !== undefined) tell(name);
      }),
    );
  }

  /** Does something once a host is introduced. */
  after(host: OpenHost, then: () => void): void {
    if (host.hostSaid === undefined || host.hostSaid === done) then();
    else this.#await(host.hostSaid.then(then));
  }

  /** Does something once a host is introduced and the names of these addresses have come; it is not done before. */
  afterNames(
    host: OpenHost,
    addresses: readonly (string | null)[],
    then: (names: readonly (string | undefined)[]) => void,
  ): void {
    const nameOf = this.#nameOf;
    if (nameOf === undefined) {
      this.after(host, () => then([]));
      return;
    }
    const names = addresses.map((address) => (address === null ? undefined : nameOf(address)));
    host.hostSaid = this.#await(Promise.all([host.hostSaid, ...names]).then(([, ...found]) => then(found)));
  }

  /** Resolves when every name asked for has come or failed. */
  async settle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  #await(work: Promise<void>): Promise<void> {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
    return work;
  }
}

const done = Promise.resolve();
