/**
 * The time between two probes to a host.
 *
 * @module
 */

import type { Limits } from '../scheduler-options.ts';
import { burstUs, suspectedFrom } from '../tables/rate-constants.ts';
import type { Host } from './host.ts';
import type { SlowLane } from './slow-lane.ts';

/** Keeps hosts to their pace. Times are microseconds. */
export class HostPace {
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** How many of `most` probes may leave now to a host whose time has come. */
  mayLeaveNow(host: Host, most: number, nowUs: number): number {
    const gapUs = this.#gapUs(host);
    return gapUs === 0 ? most : Math.min(most, Math.floor((nowUs - dueFrom(host, nowUs)) / gapUs) + 1);
  }

  /** Lets the next probe wait for those that left now, and at least `spacingUs` after them. */
  spend(host: Host, probes: number, nowUs: number, spacingUs = 0): void {
    const nextUs = dueFrom(host, nowUs) + probes * this.#gapUs(host);
    host.errorSource?.asked(nowUs);
    host.nextAtUs = spacingUs > 0 ? Math.max(nextUs, nowUs + spacingUs) : nextUs;
  }

  /** The same for one that left in the slow lane: others wait only as long as the user wants them to. */
  spendSlow(host: Host, lane: SlowLane, nowUs: number, spacingUs: number): void {
    const { scanDelayUs } = this.#limits;
    const wantedUs = nowUs + spacingUs;
    host.errorSource?.asked(nowUs);
    lane.nextAtUs = Math.max(
      dueFrom(lane, nowUs) + Math.max(1e6 / lane.finder.ratePps, scanDelayUs),
      wantedUs,
    );
    if (scanDelayUs > 0 || spacingUs > 0)
      host.nextAtUs = Math.max(dueFrom(host, nowUs) + scanDelayUs, wantedUs);
  }

  /**
   * A question of a host that has no pace of its own went unanswered for so long. What is asked again is spread over as much:
   * all came at once before, and whoever lets few through at a time let few through. Where it is known that somebody does, and
   * there are too few to find out how many, they are asked one at a time.
   */
  unanswered(host: Host, waitedUs: number): void {
    if (host.finder !== undefined) return;
    if (host.metErrors?.areDoubted === true) host.gapUs = waitedUs;
    else if (host.agendaSize >= suspectedFrom) host.gapUs = waitedUs / host.pending;
  }

  #gapUs({ finder, gapUs, bans }: Host): number {
    const { hostRate, scanDelayUs } = this.#limits;
    const ownUs = finder === undefined ? Math.max(gapUs, 1e6 / hostRate.maxPps) : 1e6 / finder.ratePps;
    return Math.max(ownUs, bans?.gapUs ?? 0, scanDelayUs);
  }
}

/** When the next probe was due: who fell behind may catch up by a short burst, not by all that was missed. */
function dueFrom({ nextAtUs }: Pick<Host, 'nextAtUs'>, nowUs: number): number {
  return Math.max(nextAtUs, nowUs - burstUs);
}
