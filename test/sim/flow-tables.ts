/**
 * Tables of flows on the way: of a router that translates addresses or tracks connections, and of filters before hosts that
 * let an address have so many connections at once. What finds no room does not come through.
 *
 * @module
 */

import type { VirtualClock } from './clock.ts';
import type { HostModel, PathModel } from './network.ts';

/** What one table has room for. Times are microseconds. */
export interface FlowLimit {
  /** Flows at once. */
  readonly most: number;
  /** How long one is kept that was not answered, and one that was, which its end closes. */
  readonly silentUs: number;
  readonly answeredUs: number;
  /** What becomes of others: nothing unless told otherwise. */
  readonly refuses?: 'drop' | 'reset';
}

/** The tables of one simulated world. */
export class FlowTables {
  /** How many packets found no room. */
  refused = 0;
  readonly #clock: VirtualClock;
  readonly #path: Pick<PathModel, 'flows'>;
  /** By table, when each flow is forgotten. */
  readonly #kept = new Map<object, Map<string, number>>();

  constructor(clock: VirtualClock, path: Pick<PathModel, 'flows'>) {
    this.#clock = clock;
    this.#path = path;
  }

  /** Whether a packet of a flow to a host comes through. */
  pass(flow: string, host: HostModel): 'yes' | 'drop' | 'reset' {
    for (const limit of [this.#path.flows, host.flows]) {
      if (limit === undefined || this.#take(limit, flow)) continue;
      this.refused++;
      return limit.refuses ?? 'drop';
    }
    return 'yes';
  }

  /** A flow was answered. */
  answered(flow: string, host: HostModel): void {
    for (const limit of [this.#path.flows, host.flows])
      if (limit !== undefined) this.#tableOf(limit).set(flow, this.#clock.nowUs + limit.answeredUs);
  }

  #take(limit: FlowLimit, flow: string): boolean {
    const now = this.#clock.nowUs;
    const table = this.#tableOf(limit);
    for (const [other, untilUs] of table) if (untilUs <= now) table.delete(other);
    if (!table.has(flow) && table.size >= limit.most) return false;
    table.set(flow, now + limit.silentUs);
    return true;
  }

  #tableOf(limit: FlowLimit): Map<string, number> {
    const table = this.#kept.get(limit) ?? new Map<string, number>();
    this.#kept.set(limit, table);
    return table;
  }
}
