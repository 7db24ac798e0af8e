/**
 * The engine's outbox over links: hands out slots of their buffers and flushes them in batches.
 *
 * @module
 */

import type { Outbox } from '../engine/engine.ts';
import type { Link } from '../link/link.ts';

/** Slots of several links, by path. */
export class LinkOutbox implements Outbox {
  bytes: Uint8Array = none;
  offset = 0;
  readonly #links: Link[] = [];
  /** The link of each path, and slots in use of each link. */
  readonly #linkOfPath: number[] = [];
  readonly #used: number[] = [];
  /** How many of them the kernel has taken. */
  readonly #taken: number[] = [];
  #link = 0;

  get links(): readonly Link[] {
    return this.#links;
  }

  /** Adds a path over a link. Call in step with the engine's `addPath`. */
  addPath(link: Link): void {
    let index = this.#links.indexOf(link);
    if (index < 0) {
      index = this.#links.push(link) - 1;
      this.#used.push(0);
      this.#taken.push(0);
    }
    this.#linkOfPath.push(index);
  }

  get hasRoom(): boolean {
    for (let i = 0; i < this.#links.length; i++) {
      if ((this.#used[i] as number) + slotsPerTransmission > (this.#links[i] as Link).slots) return false;
    }
    return true;
  }

  open(path: number): void {
    this.#link = this.#linkOfPath[path] as number;
    const link = this.#links[this.#link] as Link;
    this.bytes = link.transmit;
    this.offset = (this.#used[this.#link] as number) * link.slotBytes + link.headroom;
  }

  commit(length: number, neighbour: number): void {
    const link = this.#links[this.#link] as Link;
    const slot = this.#used[this.#link] as number;
    this.#used[this.#link] = slot + 1;
    link.stage(slot, length, neighbour);
  }

  /** Sends what is staged. Returns the errno of the first link that took nothing, 0 when all went well. */
  flush(): number {
    let trouble = 0;
    for (let i = 0; i < this.#links.length; i++) {
      const link = this.#links[i] as Link;
      while ((this.#taken[i] as number) < (this.#used[i] as number)) {
        const taken = link.flush();
        if (taken === 0) {
          trouble ||= link.trouble;
          break;
        }
        this.#taken[i] = (this.#taken[i] as number) + taken;
      }
      // What is not taken stays staged in its slot: slots are free again when all are gone.
      if (this.#taken[i] === this.#used[i]) {
        this.#taken[i] = 0;
        this.#used[i] = 0;
      }
    }
    return trouble;
  }

  /** Gives up the packet that stands first on each link in trouble. */
  discard(): void {
    for (let i = 0; i < this.#links.length; i++) {
      const link = this.#links[i] as Link;
      if (link.trouble === 0) continue;
      link.discard();
      this.#taken[i] = (this.#taken[i] as number) + 1;
    }
  }
}

const none = new Uint8Array(0);
/** The most packets one transmission takes: payload variants, decoys, fragments. */
const slotsPerTransmission = 32;
