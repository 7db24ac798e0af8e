/**
 * What was seen of every port of the hosts on their way, for phases that ask for it: by this shard, or in an earlier run of
 * the same scan. Answers that look alike are kept once, so that a port costs two bytes.
 *
 * @module
 */

import type { Seen } from '../../firewall/contract.ts';
import { type Observation, observationKind } from '../../model/observation.ts';
import { type SeenNames, seenOf } from '../records/seen-words.ts';

/** What was seen of the ports of one host. It can travel. */
export interface HostLooks {
  /** By question: a place in {@link looks} and 1; 0: nothing was told of it. */
  readonly of: Uint16Array;
  /** The answers that differ. What differs from packet to packet is that of the first one. */
  readonly looks: Seen[];
}

/** What was seen of ports, by host. */
export class PortLooks {
  readonly #questions: number;
  readonly #names: SeenNames;
  readonly #hosts = new Map<number, Kept>();

  /** `questions` are asked of each host; `before` is what an earlier run saw. */
  constructor(questions: number, names: SeenNames, before: ReadonlyMap<number, HostLooks> = new Map()) {
    this.#questions = questions;
    this.#names = names;
    for (const [host, looks] of before) this.#hosts.set(host, { ...looks, places: undefined });
  }

  /** Takes what a question about a port came to. */
  note(host: number, question: number, seen: Observation): void {
    let kept = this.#hosts.get(host);
    if (kept === undefined) {
      kept = { of: new Uint16Array(this.#questions), looks: [], places: undefined };
      this.#hosts.set(host, kept);
    }
    if (question < kept.of.length) kept.of[question] = this.#placeOf(kept, seen) + 1;
  }

  /** What was seen of a host that is about to leave; it is forgotten. */
  take(host: number): HostLooks {
    const { of, looks } = this.#hosts.get(host) ?? { of: new Uint16Array(this.#questions), looks: [] };
    this.#hosts.delete(host);
    return { of, looks };
  }

  /** Those of all hosts, which stay. */
  all(): ReadonlyMap<number, HostLooks> {
    return new Map([...this.#hosts].map(([host, { of, looks }]) => [host, { of, looks }]));
  }

  #placeOf(kept: Kept, seen: Observation): number {
    kept.places ??= new Map();
    const { places, looks } = kept;
    const key = keyOf(seen);
    let place = places.get(key);
    if (place === undefined) {
      // Somebody who forges answers must not fill the memory: those beyond the limit are as the last one.
      if (looks.length >= mostLooks) return mostLooks - 1;
      place = looks.push(seenOf(seen, this.#names)) - 1;
      places.set(key, place);
    }
    return place;
  }
}

interface Kept extends HostLooks {
  /** Places by look. */
  places: Map<string, number> | undefined;
}

/** What answers that look alike have in common. How often a question was put tells only silences apart. */
function keyOf(seen: Observation): string {
  const { kind, flags, window, options, dontFragment, ttl, meaning, trouble, sender, ipId } = seen;
  const asked = kind === observationKind.silence ? seen.attempts : 0;
  const id = ipId <= 0 ? ipId : 1;
  return `${kind},${flags},${window},${options},${dontFragment},${ttl},${meaning},${trouble},${sender},${id},${asked}`;
}

const mostLooks = 4096;
