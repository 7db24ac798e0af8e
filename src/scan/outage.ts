/**
 * Notices that our own link is down. While it is, nothing is sent and no silence counts; afterwards what was
 * sent into the outage is asked again.
 *
 * @module
 */

import type { PacketEngine } from '../engine/engine.ts';
import { errnoName, errnos } from '../system/errnos.ts';
import type { LinkOutbox } from './link-outbox.ts';
import type { Reporter } from './reporter.ts';

/** Watches the links of a shard. Times are microseconds. */
export class Outage {
  readonly #outbox: LinkOutbox;
  readonly #reporter: Reporter;
  #downSinceUs = 0;
  #nextCheckUs = 0;
  #lastGoodUs = 0;
  /** Packets the system would not send. */
  #refused = 0;

  constructor(outbox: LinkOutbox, reporter: Reporter) {
    this.#outbox = outbox;
    this.#reporter = reporter;
  }

  /** Whether the scan must pause now. */
  check(nowUs: number, engine: PacketEngine): boolean {
    if (nowUs < this.#nextCheckUs) return this.#downSinceUs > 0;
    this.#nextCheckUs = nowUs + intervalUs;
    const down = this.#outbox.links.find((link) => !link.isUp());
    if (down === undefined) {
      if (this.#downSinceUs > 0) this.#resume(nowUs, engine);
      this.#lastGoodUs = nowUs;
      return false;
    }
    if (this.#downSinceUs === 0) {
      // Anything since the last good look may have been lost, and answers to what left just before it.
      this.#downSinceUs = Math.max(1, this.#lastGoodUs - engine.link.rtt.typicalUs(intervalUs));
      this.#reporter.warn(
        `Link "${down.name}" is down: the scan waits for it, nothing is judged meanwhile`,
        false,
      );
    }
    return true;
  }

  /** Sends what is staged; a full queue is waited for, a packet that cannot leave is given up. */
  flush(nowUs: number): void {
    const trouble = this.#outbox.flush();
    if (trouble === 0 || isPassing(trouble)) return;
    if (isDown(trouble)) {
      this.#nextCheckUs = nowUs;
      return;
    }
    this.#outbox.discard();
    if (this.#refused++ === 0) {
      this.#reporter.warn(`A packet could not be sent: the system says ${errnoName(trouble)}`, true);
    }
  }

  /** How long the outage has lasted, 0 when there is none. */
  lastedUs(nowUs: number): number {
    return this.#downSinceUs === 0 ? 0 : nowUs - this.#downSinceUs;
  }

  #resume(nowUs: number, engine: PacketEngine): void {
    const seconds = (this.lastedUs(nowUs) / 1e6).toFixed(1);
    this.#reporter.warn(`The link is up again after ${seconds} s: the scan goes on`, false);
    for (const phase of engine.phases) phase.voidSince(this.#downSinceUs, nowUs);
    this.#downSinceUs = 0;
  }
}

/** A queue is full: it empties by itself. */
function isPassing(errno: number): boolean {
  return (
    errno === errnos.ENOBUFS || errno === errnos.EAGAIN || errno === errnos.ENOMEM || errno === errnos.EINTR
  );
}

function isDown(errno: number): boolean {
  return errno === errnos.ENETDOWN || errno === errnos.ENXIO || errno === errnos.ENODEV;
}

const intervalUs = 100_000;
