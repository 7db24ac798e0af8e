/**
 * Most hosts are what they were: that is seen in the numbers of two records, without making anything of them.
 *
 * @module
 */

import { isSameService } from './detail-changes.ts';
import { isAlike, protocolOf } from './look.ts';
import type { Snapshot } from './snapshot.ts';

/** Looks at the same host in two records. */
export class QuickLook {
  readonly #before: Snapshot;
  readonly #after: Snapshot;
  /** By the numbers of the first record that of a service of the second that is the same, counted from 1. */
  #sameServices = new Uint32Array(1024);
  /** The ports that were counted last. */
  readonly #keys = new Float64Array(mostStretches);
  readonly #counted = new Float64Array(mostStretches);
  #length = 0;
  #count = 0;

  constructor(before: Snapshot, after: Snapshot) {
    this.#before = before;
    this.#after = after;
  }

  /** How many ports of a host both tell, if they tell the same of all; negative: somebody has to look. */
  portsIfSame(old: number, now: number): number {
    const [before, after] = [this.#before.entries, this.#after.entries];
    if (this.#before.about.implied.size + this.#after.about.implied.size > 0) return -1;
    let length = 0;
    let [one, other] = [before.last(old), after.last(now)];
    for (; one !== 0 && other !== 0; one = before.earlier(one), other = after.earlier(other)) {
      const ports = before.portsAt(one);
      const look = before.lookAt(one);
      if (ports !== after.portsAt(other) || !isAlike(look, after.lookAt(other))) return -1;
      // Of ports that are not listed somebody has to find out which they are.
      if (ports >>> 16 > (ports & 65_535) || length === mostStretches) return -1;
      this.#keys[length++] = protocolOf(look) * 2 ** 32 + ports;
    }
    return one === other ? this.#portsOf(length) : -1;
  }

  /** Whether both tell the same services of a host. */
  haveSameServices(old: number, now: number): boolean {
    const [before, after] = [this.#before.places, this.#after.places];
    let [one, other] = [before.last(old), after.last(now)];
    for (; one !== 0 && other !== 0; one = before.earlier(one), other = after.earlier(other)) {
      if (before.portsAt(one) !== after.portsAt(other)) return false;
      if (!this.#isSame(before.lookAt(one), after.lookAt(other))) return false;
    }
    return one === other;
  }

  #isSame(old: number, now: number): boolean {
    if (this.#sameServices[old] === now + 1) return true;
    if (!isSameService(this.#before.serviceAt(old), this.#after.serviceAt(now))) return false;
    if (old >= this.#sameServices.length) {
      const longer = new Uint32Array(2 * old);
      longer.set(this.#sameServices);
      this.#sameServices = longer;
    }
    this.#sameServices[old] = now + 1;
    return true;
  }

  /** How many ports there are in the ranges; those of the host before are mostly the same. */
  #portsOf(length: number): number {
    const [keys, counted] = [this.#keys, this.#counted];
    let same = this.#length === length ? 0 : -1;
    while (same >= 0 && same < length && keys[same] === counted[same]) same++;
    if (same === length) return this.#count;
    for (let i = 0; i < length; i++) counted[i] = keys[i] as number;
    const sorted = keys.subarray(0, length).sort();
    let [count, reached] = [0, -1];
    for (const key of sorted) {
      const protocol = Math.floor(key / 2 ** 32);
      const first = protocol * 65_536 + Math.floor((key % 2 ** 32) / 65_536);
      const last = protocol * 65_536 + (key % 65_536);
      if (last > reached) count += last - Math.max(first - 1, reached);
      reached = Math.max(reached, last);
    }
    this.#length = length;
    this.#count = count;
    return count;
  }
}

/** More ranges of a host are looked at one by one. */
const mostStretches = 4096;
