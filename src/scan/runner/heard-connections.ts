/**
 * The part of the evidence that the kernel sends: connections and datagrams of its own sockets, heard by the main thread
 * where it may open a packet socket.
 *
 * @module
 */

import { Capture } from '../../link/capture.ts';
import { Recorder } from '../../link/record.ts';
import type { Plan } from '../../plan/plan.ts';
import { allowedOf } from '../../plan/read-plan.ts';
import { effectiveCapabilities } from '../../system/capabilities.ts';
import { listInterfaces } from '../../system/interfaces.ts';
import { ephemeralBlock, type PortRange } from '../../system/limits.ts';

/** Hears what a scan's sockets send and receive until it is told to stop. */
export class HeardConnections {
  /** The ports that the scan's connections must come from. */
  readonly ports: PortRange;
  readonly #recorder: Recorder;
  readonly #capture: Capture;
  #hand: ((blocks: Uint8Array) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(plan: Plan) {
    const { sourcePort } = plan.packet;
    this.ports =
      sourcePort === undefined ? ephemeralBlock(portsHeard) : { first: sourcePort, last: sourcePort };
    this.#recorder = new Recorder((blocks) => this.#hand?.(blocks));
    const wants = { ports: this.ports, targets: allowedOf(plan), interfaces: listInterfaces() };
    this.#capture = new Capture(wants, this.#recorder);
  }

  /** Opens for a plan that keeps evidence; undefined where nothing can be heard, or proxies stand between. */
  static open(plan: Plan): HeardConnections | undefined {
    return plan.proxies.length > 0 || !effectiveCapabilities().netRaw
      ? undefined
      : new HeardConnections(plan);
  }

  /** Hands over what comes from now on, and says when it can hear no more. */
  begin(hand: (blocks: Uint8Array) => void, fail: (error: unknown) => void): void {
    this.#hand = hand;
    this.#timer = setInterval(() => {
      try {
        this.#read();
      } catch (error) {
        // Nobody else would hear of it: a timer's errors end the process.
        clearInterval(this.#timer);
        fail(error);
      }
    }, readMs);
    this.#timer.unref();
  }

  /** Keeps what has come, ends, and says how many packets came too fast. */
  stop(): number {
    clearInterval(this.#timer);
    try {
      this.#read();
      return this.#capture.lost;
    } finally {
      this.#capture.close();
    }
  }

  #read(): void {
    this.#capture.read();
    this.#recorder.flush();
  }
}

/** More than are open at once, and few enough that hardly another program gets one of them. */
const portsHeard = 8192;
/** The ring holds what comes in that time at a million packets a second. */
const readMs = 10;
