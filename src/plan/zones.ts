/**
 * Which interface each link-local target lives on. An address without its interface means another host on
 * every link (RFC 4007, 6).
 *
 * @module
 */

import { fromKey, type Range } from '../base/range-set.ts';
import { named } from '../base/words.ts';
import { formatAddress, isLinkLocal } from '../model/address.ts';
import type { LocalInterface } from './environment.ts';
import { quoted } from './quoted.ts';

/** Notes the interfaces of targets. */
export class ZoneBook {
  /** Interface by canonical address text without zone. */
  readonly zones = new Map<string, string>();
  readonly #interfaces: readonly LocalInterface[] | undefined;
  readonly #otherwise: string | undefined;

  /** `otherwise`: the interface of link-local targets that name none. */
  constructor(interfaces: readonly LocalInterface[] | undefined, otherwise: string | undefined) {
    this.#interfaces = interfaces;
    this.#otherwise = otherwise;
  }

  /** Notes the interface of a target's addresses; says what is wrong with it, if anything. */
  note(ranges: readonly Range[], written: string | undefined): string | undefined {
    const isLocal = ranges.every(
      ({ first, last }) => isLinkLocal(fromKey(first)) && isLinkLocal(fromKey(last)),
    );
    const zone = written ?? (isLocal ? this.#otherwise : undefined);
    if (zone === undefined) {
      return isLocal
        ? `link-local addresses need an interface: %eth0 behind the address, or ${named('packet.interface')} eth0`
        : undefined;
    }
    const name = this.#nameOf(zone);
    if (name === undefined) {
      const there = (this.#interfaces ?? []).map((one) => one.name).join(', ');
      return `no interface ${quoted(zone)}; there are ${there}`;
    }
    const bound = written === undefined ? undefined : this.#otherwise && this.#nameOf(this.#otherwise);
    if (bound !== undefined && bound !== name)
      return `on ${name} by its zone, on ${bound} by ${named('packet.interface')}; wanted one of them`;
    const size = ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
    if (size > mostZoned) return `${size} addresses with an interface; wanted at most ${mostZoned}`;
    for (const { first, last } of ranges) {
      for (let key = first; key <= last; key++) {
        const text = formatAddress(fromKey(key));
        const other = this.zones.get(text);
        if (other !== undefined && other !== name)
          return `${text} on ${other} and on ${name}; wanted one of them a run`;
        this.zones.set(text, name);
      }
    }
    return undefined;
  }

  /** A zone may be written as the interface's number (RFC 4007, 11.2). */
  #nameOf(zone: string): string | undefined {
    if (this.#interfaces === undefined) return zone;
    return this.#interfaces.find(({ name, index }) => name === zone || `${index}` === zone)?.name;
  }
}

const mostZoned = 65_536n;
