/**
 * Doubts the first `open` of every host that has not yet said closed: a SYN proxy, a redirection or a tarpit says
 * open for every port. Like the engine it has no clock and no socket. Times are microseconds.
 *
 * @module
 */

import type { Host } from '../../../engine/hosts/host.ts';
import type { Observation } from '../../../model/observation.ts';
import { verdictCode } from '../../../model/verdict.ts';
import { fewestDoubtedPorts } from '../../../plan/check-bounds.ts';
import { type CheckEvents, type CheckTools, HostCheck, type SynAck } from './host-check.ts';

/** What doubts rest on. */
export interface CheckOptions extends CheckTools {
  /** How many ports a host is asked by the doubted technique. */
  readonly portsAsked: (host: Host) => number;
  readonly techniqueOf: Uint8Array;
  /** So little is asked at a time that an open port would wait for its canaries: they go first. */
  readonly isSlow: boolean;
}

/** The doubts of one phase. */
export class ResponderCheck {
  readonly #options: CheckOptions;
  readonly #events: CheckEvents;
  /** The hosts in doubt, and those found to be pretenders. */
  readonly #hosts = new Map<Host, HostCheck>();
  readonly #open = new Set<HostCheck>();
  #nextLookUs = 0;

  constructor(options: CheckOptions, events: CheckEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Connections that were made to settle them. */
  get connections(): number {
    return this.#options.listener?.started ?? 0;
  }

  /** Whether any doubt is not settled. */
  get isBusy(): boolean {
    return this.#open.size > 0;
  }

  /** A host begins to be asked: where the pace is slow, it is doubted before it says anything. */
  begin(host: Host): void {
    const { isSlow, portsAsked } = this.#options;
    if (isSlow && portsAsked(host) >= fewestDoubtedPorts) this.#doubt(host);
  }

  /**
   * Takes an observation as the engine tells it; of hosts that are believed it need not be asked. True when it is not
   * to be told now: it is held back, or about a canary. `synAck` describes the packet that led to it; asked for canaries only.
   */
  take(host: Host, question: number, seen: Observation, synAck?: () => SynAck): boolean {
    const { canaries, techniqueOf, portsAsked } = this.#options;
    const known = this.#hosts.get(host);
    const state = seen.code >> 8;
    if (question >= canaries.first) {
      const word = state === open ? 'open' : state === closed ? 'closed' : 'other';
      known?.canary(question, word, seen, word === 'open' ? synAck?.() : undefined);
      return true;
    }
    if (host.isBelieved || techniqueOf[question] !== canaries.technique) return false;
    if (state === closed) {
      if (known === undefined) host.isBelieved = true;
      else known.closed();
      return false;
    }
    if (state !== open) return false;
    let doubt = known;
    if (doubt === undefined) {
      if (portsAsked(host) < fewestDoubtedPorts) {
        host.isBelieved = true;
        return false;
      }
      doubt = this.#doubt(host);
    }
    doubt.open(question, seen);
    return true;
  }

  #doubt(host: Host): HostCheck {
    const doubt = new HostCheck(host, this.#options, this.#events);
    this.#hosts.set(host, doubt);
    this.#open.add(doubt);
    return doubt;
  }

  /** Moves on what is due. */
  tick(nowUs: number): void {
    // A shard turns some ten thousand times a second, and many hosts may be in doubt at once.
    if (this.#open.size === 0 || nowUs < this.#nextLookUs) return;
    this.#nextLookUs = nowUs + lookUs;
    for (const doubt of this.#open) {
      doubt.tick(nowUs);
      if (!doubt.isOver) continue;
      this.#open.delete(doubt);
    }
  }

  /** When {@link tick} will have something to do. */
  dueUs(nowUs: number): number {
    if (this.#open.size === 0) return Number.POSITIVE_INFINITY;
    let due = Number.POSITIVE_INFINITY;
    // What was heard may have ended a doubt since it was last looked at.
    for (const doubt of this.#open) due = Math.min(due, doubt.isOver ? nowUs : doubt.dueUs(nowUs));
    return Math.max(due, this.#nextLookUs);
  }

  /** The engine is done with a host, early if not `isWhole`; `then` is called when all about it is certain. */
  finish(host: Host, isWhole: boolean, nowUs: number, then: () => void): void {
    const doubt = this.#hosts.get(host);
    this.#hosts.delete(host);
    if (doubt !== undefined) doubt.finish(isWhole, nowUs, then);
    else then();
  }
}

const lookUs = 1000;
const open = verdictCode('open', 'syn-ack') >> 8;
const closed = verdictCode('closed', 'reset') >> 8;
