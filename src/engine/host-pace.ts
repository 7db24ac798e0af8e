/**
 * The time between two probes to a host.
 *
 * @module
 */

import type { Host } from './host.ts';
import type { Limits } from './scheduler-options.ts';

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
    host.nextAtUs = spacingUs > 0 ? Math.max(nextUs, nowUs + spacingUs) : nextUs;
  }

  #gapUs(host: Host): number {
    const ratePps = host.finder?.ratePps ?? this.#limits.hostRate.maxPps;
    return Math.max(1e6 / ratePps, this.#limits.scanDelayUs);
  }
}

/** When a host's next probe was due: one that fell behind may catch up by a short burst, not by all it missed. */
function dueFrom(host: Host, nowUs: number): number {
  return Math.max(host.nextAtUs, nowUs - burstUs);
}

const burstUs = 4000;
