/**
 * A next hop on a link with hardware addresses. Its address may pass to another machine while a scan runs (VRRP, CARP, a
 * host that is replaced), and what was sent to the one of before met nobody.
 *
 * @module
 */

import type { NextHop } from '../../engine/hosts/host-route.ts';
import type { Link } from '../../link/link.ts';
import type { Address, Family } from '../../model/address.ts';
import type { Neighbourhood } from './neighbourhood.ts';

/** Where a next hop is, and how it was found. */
export interface HopParts {
  readonly link: Link;
  readonly neighbourhood: Neighbourhood;
  readonly address: Address;
  /** Ours, which it is asked from. */
  readonly asker: Address;
  /** Of the packets that it is handed. */
  readonly family: Family;
  readonly mac: Uint8Array;
}

/** A next hop whose hardware address is known. Times are microseconds. */
export class KnownHop implements NextHop {
  neighbour: number;
  /** When a host behind it ended last that had not answered what it was sent last. */
  silentEndUs = 0;
  readonly #parts: HopParts;
  /** When the hardware address was found to be the right one last. */
  #knownUs: number;
  #isAsked = false;
  #moves = 0;
  #nextUs = Number.NEGATIVE_INFINITY;

  constructor(parts: HopParts, nowUs: number) {
    this.#parts = parts;
    this.neighbour = parts.link.neighbour(parts.mac, parts.family);
    this.#knownUs = nowUs;
  }

  get address(): Address {
    return this.#parts.address;
  }

  /** Machines that share an address (GLBP, a conflict) answer by turns: which one it is proves nothing then. */
  get isUnsteady(): boolean {
    return this.#moves >= mostMoves;
  }

  /**
   * Asks again for its hardware address, ten times a second at most. Is it another one now, that is used from here on,
   * and `moved` is told until when the one of before was known to be right. Returns whether it is asked.
   */
  check(nowUs: number, moved: (hop: KnownHop, sinceUs: number) => void): boolean {
    if (this.#isAsked || nowUs < this.#nextUs || this.isUnsteady) return false;
    this.#isAsked = true;
    this.#nextUs = nowUs + pauseUs;
    const { link, neighbourhood, address, asker, family } = this.#parts;
    neighbourhood.askAgain(address, asker, (answer) => {
      this.#isAsked = false;
      if (answer === undefined) return;
      const sinceUs = this.#knownUs;
      const neighbour = link.neighbour(answer.mac, family);
      const hasMoved = neighbour !== this.neighbour;
      this.neighbour = neighbour;
      this.#knownUs = nowUs;
      if (!hasMoved) return;
      this.#moves++;
      moved(this, sinceUs);
    });
    return true;
  }
}

const pauseUs = 100_000;
const mostMoves = 6;
