/**
 * The hosts that find their own pace, judged by turns.
 *
 * @module
 */

import type { HuntNews } from '../rate/rate-terms.ts';
import { judgedAtOnce } from '../tables/rate-constants.ts';
import type { Host } from './host.ts';
import type { SlowLane } from './slow-lane.ts';

/** What is told of the rates of hosts. */
export interface RateNews {
  /** A hunt for a limit on its own words has come to an end. */
  hunted(host: Host, news: HuntNews, nowUs: number): void;
  /** Fewer of its probes met ICMP errors than before. */
  errorsFell(host: Host, nowUs: number): void;
  /** A hunt for a limit on errors has come to an end, or (undefined) its time has. */
  slowHunted(host: Host, lane: SlowLane, news: HuntNews | undefined, nowUs: number): void;
}

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

  /** Closes and judges rounds, of some hosts at each call. */
  judge(nowUs: number, heard: RateNews): void {
    for (let left = Math.min(judgedAtOnce, this.#hosts.size); left > 0; left--) {
      const host = this.#next();
      const { finder, slowLane } = host;
      finder?.tick(nowUs);
      slowLane?.finder.tick(nowUs);
      const news = finder?.takeNews();
      const slowNews = slowLane?.finder.takeNews();
      if (news !== undefined) heard.hunted(host, news, nowUs);
      if (finder?.errors.takeFall()) heard.errorsFell(host, nowUs);
      if (slowLane !== undefined && (slowNews !== undefined || nowUs >= slowLane.untilUs))
        heard.slowHunted(host, slowLane, slowNews, nowUs);
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
