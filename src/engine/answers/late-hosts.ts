/**
 * Hosts that were found by the first answer to several questions. The others' answers are on their way then: they show what
 * else the host answers. They are believed as any, by the cookies of the probes that were sent.
 *
 * @module
 */

import type { Board } from '../board.ts';
import type { Host } from '../hosts/host.ts';
import { HostTable } from '../hosts/host-table.ts';

/** The latest of them. */
export class LateHosts {
  readonly table: HostTable;
  readonly #attempts = new Map<Host, Uint8Array>();

  /** `salt` as for {@link HostTable}. */
  constructor(salt: number) {
    this.table = new HostTable(mostLate, salt);
  }

  /** A host has been found; `address` holds 1 or 4 words. Its row may be taken by another one. */
  add(host: Host, address: Uint32Array, { attempts, questions }: Board): void {
    if (this.#attempts.size === mostLate) {
      const [oldest] = this.#attempts.keys() as Iterable<Host>;
      this.#remove(oldest as Host);
    }
    const from = host.row * questions;
    this.#attempts.set(host, attempts.slice(from, from + questions));
    this.table.add(host, address);
  }

  /** How often a host was asked a question; 0 for hosts that are none of these. */
  attempts(host: Host, question: number): number {
    return this.#attempts.get(host)?.[question] ?? 0;
  }

  #remove(host: Host): void {
    this.#attempts.delete(host);
    this.table.remove(host);
  }
}

/** Reasoned: at 10,000 probes a second, four a host, those of the last 0.4 seconds. */
const mostLate = 1024;
