/**
 * The asker without clock and socket: questions and what comes back go in, messages to be sent and outcomes come out. Times
 * are milliseconds of any clock that only goes on.
 *
 * @module
 */

import type { AskingCounts, DnsOutcome } from '../asker.ts';
import { Flight, type FlightOptions } from './flight.ts';
import { Hearing } from './hearing.ts';
import type { PaceLimit } from './pace.ts';
import { Question } from './question.ts';
import { type Carrier, Sending } from './sending.ts';

/** The asker. */
export class Core {
  readonly #flight: Flight;
  readonly #sending: Sending;
  readonly #hearing: Hearing;
  #isStopped = false;

  constructor(options: FlightOptions) {
    this.#flight = new Flight(options);
    this.#sending = new Sending(this.#flight);
    this.#hearing = new Hearing(this.#flight);
  }

  get counts(): AskingCounts {
    const { sent, retransmitted, bytesSent } = this.#sending;
    const { received, bytesReceived } = this.#hearing;
    return { sent, received, retransmitted, bytesSent, bytesReceived };
  }

  /** Whether anything is wanted or under way. */
  get isBusy(): boolean {
    return this.#flight.slots.used > 0 || this.#flight.lanes.size > 0;
  }

  /** Whether all messages that may be sent were sent, and something was left unasked for it. */
  get isSpent(): boolean {
    return this.#flight.isSpent;
  }

  /** The limits of servers that were found. */
  get limits(): readonly (PaceLimit & { readonly server: string })[] {
    return this.#flight.servers.limits;
  }

  /** Asks one of `servers`, and others of them where that is in vain. `done` is called once, perhaps at once. */
  ask(
    {
      name,
      type,
      isRecursive,
      wantsSignatures,
    }: Pick<Question, 'name' | 'type' | 'isRecursive' | 'wantsSignatures'>,
    servers: readonly string[],
    done: (outcome: DnsOutcome) => void,
    nowMs: number,
  ): void {
    if (this.#isStopped || servers.length === 0) {
      done({ kind: 'undecided', why: this.#isStopped ? 'stopped' : 'timeout' });
      return;
    }
    const lane = this.#flight.laneOf(servers, isRecursive);
    if (lane.servers.every((one) => this.#flight.servers.isGone(one, nowMs))) {
      this.#flight.lanes.delete(lane.key);
      done({ kind: 'undecided', why: 'timeout', server: servers[0] as string });
      return;
    }
    lane.push(new Question(name, type, isRecursive, wantsSignatures, lane, done));
  }

  /** Sends what may be sent now. */
  transmit(nowMs: number, carrier: Carrier): void {
    this.#sending.transmit(nowMs, carrier);
  }

  /** Takes a datagram from the address and port of a server. Its bytes are copied where they are kept. */
  datagram(server: number, socket: number, bytes: Uint8Array, nowMs: number): void {
    this.#hearing.datagram(server, socket, bytes, nowMs);
  }

  /** Takes what a stream brought: a message; or that there was none. */
  streamed(slot: number, token: number, bytes: Uint8Array | undefined, nowMs: number): void {
    this.#hearing.streamed(slot, token, bytes, nowMs);
  }

  /** The system says that nobody is at a server's port. */
  unreachable(server: number, nowMs: number): void {
    // One that starts again refuses for a moment.
    if (this.#flight.servers.at(server).presence === 'here')
      this.#flight.servers.suspect(server, nowMs + unreachablePauseMs, unreachableChecks);
    this.#flight.each(server, (slot) => this.#flight.vain(slot, 'timeout', nowMs, unreachablePauseMs, false));
  }

  /** Sees to everything whose time has come. */
  timeout(nowMs: number): void {
    this.#flight.timeout(nowMs);
  }

  /** When something must be done though nothing comes in; undefined: never. */
  nextMs(nowMs: number): number | undefined {
    if (this.#flight.isSpent && this.#flight.lanes.size === 0) return finite(this.#flight.nextDueMs);
    let next = Math.min(this.#flight.nextDueMs, this.#flight.servers.nextCheckMs);
    for (const slot of this.#flight.again)
      next = Math.min(next, this.#flight.servers.readyMs(this.#flight.slots.server[slot] as number, nowMs));
    for (const lane of this.#flight.lanes.values()) {
      const ready = Math.min(...lane.servers.map((server) => this.#flight.servers.readyMs(server, nowMs)));
      next = Math.min(next, Math.max(ready, lane.nextMs() ?? nowMs));
    }
    return finite(next);
  }

  /** Ends everything as `stopped`. */
  stop(): void {
    this.#isStopped = true;
    for (let slot = 0; slot < this.#flight.slots.high; slot++) {
      const question = this.#flight.slots.questions[slot];
      if (question === undefined) continue;
      this.#flight.slots.close(slot);
      this.#flight.finish(question, 'stopped', undefined);
    }
    for (const lane of this.#flight.lanes.values())
      for (const question of lane.drain()) this.#flight.finish(question, 'stopped', undefined);
    this.#flight.lanes.clear();
    this.#flight.again = [];
  }

  /** How a server was named. */
  textOf(server: number): string {
    return this.#flight.servers.textOf(server);
  }
}

function finite(timeMs: number): number | undefined {
  return timeMs === Number.POSITIVE_INFINITY ? undefined : timeMs;
}

const unreachableChecks = 4;
const unreachablePauseMs = 500;
