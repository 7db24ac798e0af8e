/**
 * Whose turn it is to send: hosts one after the other, a few probes each, as their paces allow.
 *
 * @module
 */

import type { Host } from './hosts/host.ts';
import type { HostQueue } from './hosts/host-queue.ts';
import { turnProbes, turnProbesAlone } from './tables/rate-constants.ts';

/** The turns of the hosts on one board. Times are microseconds. */
export class TaskPicker {
  /** The host whose task was taken last. */
  current: Host | undefined;
  readonly #queue: HostQueue;
  readonly #inOrder: boolean;
  readonly #maxParallelism: number;
  /** Hosts whose sentinel is to be sent before anything else. */
  readonly #sentinels: Host[] = [];
  #quantum = 0;

  constructor(queue: HostQueue, inOrder: boolean, maxParallelism: number) {
    this.#queue = queue;
    this.#inOrder = inOrder;
    this.#maxParallelism = maxParallelism;
  }

  /** Whether something may have to be sent at once. */
  get isDue(): boolean {
    return !this.#queue.isEmpty || this.current !== undefined || this.#sentinels.length > 0;
  }

  /** This host's sentinel comes before anything else. */
  watch(host: Host): void {
    this.#sentinels.push(host);
  }

  /**
   * How many new questions of {@link current} may be asked in its turn, at most `most`, as far as its pace does not
   * matter: those that come next on its agenda. 0: what comes next is not of that kind, see {@link next}. Say with
   * {@link took} how many were asked.
   */
  run(nowUs: number, most: number): number {
    if (this.#sentinels.length > 0) return 0;
    const host = this.#turn(nowUs);
    if (host === undefined || host.isSlowDue(nowUs)) return 0;
    if ((host.hasRetry && !host.asksNewFirst) || isSampleDue(host, nowUs)) return 0;
    const room = host.samples?.room(host.finder?.asked ?? 0) ?? most;
    return Math.min(most, room, this.#quantum, host.unasked, this.#maxParallelism - host.inFlight);
  }

  /** So many questions of {@link run} were asked. */
  took(count: number): void {
    this.#quantum -= count;
  }

  /** The next task to transmit now, or -1. */
  next(nowUs: number): number {
    const watched = this.#sentinels.pop();
    if (watched !== undefined && !watched.done) {
      if (this.current !== undefined) this.#rest(this.current, nowUs);
      this.current = watched;
      this.#quantum = 0;
      return watched.sentinel;
    }
    for (;;) {
      const host = this.#turn(nowUs);
      if (host === undefined) return -1;
      this.#quantum--;
      let task = host.isSlowDue(nowUs) ? host.takeSlow() : -1;
      if (task < 0 && host.nextAtUs <= nowUs) {
        task = takeSample(host, nowUs);
        if (task < 0) task = host.takeNext(this.#inOrder);
      }
      if (task >= 0) return task;
    }
  }

  /** The host whose turn it is. */
  #turn(nowUs: number): Host | undefined {
    for (;;) {
      let host = this.current;
      if (host !== undefined && this.#quantum > 0 && this.#maySend(host, nowUs)) return host;
      if (host !== undefined) this.#rest(host, nowUs);
      host = this.#queue.pop();
      this.current = host;
      if (host === undefined) return undefined;
      this.#quantum = this.#queue.isEmpty ? turnProbesAlone : turnProbes;
    }
  }

  #maySend(host: Host, nowUs: number): boolean {
    if (host.done || host.held || host.inFlight >= this.#maxParallelism) return false;
    return host.isSlowDue(nowUs) || (host.nextAtUs <= nowUs && (host.hasRetry || host.hasUnasked));
  }

  /** A host whose turn is over goes to the end of the line, to sleep until its time, or waits for answers. */
  #rest(host: Host, nowUs: number): void {
    host.queued = false;
    if (host.done || host.held || host.inFlight >= this.#maxParallelism) return;
    const lane = host.slowLane;
    if (lane !== undefined && !lane.isEmpty) {
      if (lane.nextAtUs > nowUs) this.#queue.sleepSlow(host, lane.nextAtUs);
      else this.#queue.wake(host);
    }
    if (!host.hasRetry && !host.hasUnasked) return;
    if (host.nextAtUs > nowUs) this.#queue.sleep(host);
    else this.#queue.wake(host);
  }
}

function isSampleDue({ samples, finder }: Host, nowUs: number): boolean {
  return samples?.isDue(nowUs, finder?.asked ?? 0) === true;
}

/** The sample of its path to put now; -1 when none is due. */
function takeSample({ samples, finder }: Host, nowUs: number): number {
  return samples?.take(nowUs, finder?.ratePps ?? Number.POSITIVE_INFINITY, finder?.asked ?? 0) ?? -1;
}
