/**
 * How many targets each hardware address answers for: on an honest link one, of a machine with several addresses a few,
 * of a device that answers in others' names (RFC 1027) any number.
 *
 * @module
 */

/** Kinds of targets. An honest machine may well have an address of each, so that they are counted apart. */
export type TargetKind = 'v4' | 'v6' | 'link-local';

/** What a hardware address is known by among those that answer for targets of a kind. */
export function hardwareKey(kind: TargetKind, mac: Uint8Array): number {
  let key = kind === 'v4' ? 0 : kind === 'v6' ? 1 : 2;
  for (const byte of mac) key = key * 256 + byte;
  return key;
}

/** The hardware address of such a key. */
export function hardwareOf(key: number): Uint8Array {
  return Uint8Array.from({ length: 6 }, (_, i) => Math.floor(key / 256 ** (5 - i)) % 256);
}

/** Counts the targets that hardware addresses answer for. */
export class HardwareCounts {
  readonly #counts: Map<number, number>;

  /** `known` is what an earlier run of the scan has counted. */
  constructor(known?: ReadonlyMap<number, number>) {
    this.#counts = new Map(known);
  }

  /** Counts one target more, and says how many there are. Of more addresses than are kept each is the first. */
  add(key: number): number {
    const count = this.of(key) + 1;
    if (count > 1 || this.#counts.size < mostDevices) this.#counts.set(key, count);
    return count;
  }

  /** For how many targets it has answered. */
  of(key: number): number {
    return this.#counts.get(key) ?? 0;
  }
}

/** Hardware addresses that are kept: anybody on the link may make any number of them up. */
export const mostDevices = 65_536;
/** Whose answer for so many targets proves none of them: fewer a quiet machine may hold. */
export const fewestProxied = 8;
