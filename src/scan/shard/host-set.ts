/**
 * A set of hosts by number, in pages of bits that exist only where there are members: it can be handed to a
 * worker as it is.
 *
 * @module
 */

/** The form in which a set travels: 65,536 hosts a page. */
export type HostPages = ReadonlyMap<number, Uint8Array>;

/** Whether a host is in these pages. */
export function hasHost(pages: HostPages, host: number): boolean {
  const page = pages.get(Math.floor(host / pageSize));
  const bit = host % pageSize;
  return page !== undefined && ((page[bit >> 3] as number) & (1 << (bit & 7))) !== 0;
}

/** A growing set. */
export class HostSet {
  size = 0;
  readonly #pages = new Map<number, Uint8Array>();

  get pages(): HostPages {
    return this.#pages;
  }

  has(host: number): boolean {
    return hasHost(this.#pages, host);
  }

  /** Adds a host; false when it was there already. */
  add(host: number): boolean {
    const number = Math.floor(host / pageSize);
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new Uint8Array(pageSize / 8);
      this.#pages.set(number, page);
    }
    const bit = host % pageSize;
    const mask = 1 << (bit & 7);
    const before = page[bit >> 3] as number;
    if ((before & mask) !== 0) return false;
    page[bit >> 3] = before | mask;
    this.size++;
    return true;
  }

  /** A set with the same members that grows on its own. */
  copy(): HostSet {
    const copy = new HostSet();
    for (const [number, page] of this.#pages) copy.#pages.set(number, page.slice());
    copy.size = this.size;
    return copy;
  }
}

const pageSize = 65_536;
