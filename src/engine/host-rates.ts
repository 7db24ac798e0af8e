/**
 * The hosts that find their own pace, judged by turns.
 *
 * @module
 */

import type { Host } from './host.ts';
import type { HuntNews } from './rate-finder.ts';

/** Hosts with a rate of their own. */
export class HostRates {
  readonly #hosts = new Set<Host>();
  #turns = this.#hosts.values();

  add(host: Host): void {
    this.#hosts.add(host);
  }

  delete(host: Host): void {
    this.#hosts.delete(host);
  }

  /** Closes and judges rounds, of some hosts at each call. `heard` is told of hunts that have come to an end. */
  judge(nowUs: number, heard: (host: Host, news: HuntNews) => void): void {
    for (let left = Math.min(judgedAtOnce, this.#hosts.size); left > 0; left--) {
      const host = this.#next();
      const { finder } = host;
      finder?.tick(nowUs);
      const news = finder?.takeNews();
      if (news !== undefined) heard(host, news);
    }
  }

  /** Call only while there are any. */
  #next(): Host {
    let turn = this.#turns.next();
    if (turn.done === true) {
      this.#turns = this.#hosts.values();
      turn = this.#turns.next();
    }
    return turn.value as Host;
  }
}

/** The more hosts there are, the longer their rounds last: looking at all of them each time took a tenth of a scan. */
const judgedAtOnce = 64;
