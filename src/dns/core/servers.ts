/**
 * All servers that are asked, by their numbers, and which of them is asked next.
 *
 * @module
 */

import type { Lane } from './lane.ts';
import type { PaceLimit } from './pace.ts';
import { Server } from './server.ts';

/** Servers, and the checks whether they are there. */
export class Servers {
  readonly #mostPerSecond: number | undefined;
  readonly #all: Server[] = [];
  readonly #numberOf = new Map<string, number>();
  /** When a check is due, by the number of the server. */
  readonly #checks = new Map<number, number>();

  /** Those that are to be asked once more what they have answered. */
  readonly controls = new Set<number>();

  constructor(mostPerSecond: number | undefined) {
    this.#mostPerSecond = mostPerSecond;
  }

  /** The number of a server, and whether it asks others for what it does not know. */
  numberOf(text: string, asksOthers: boolean): number {
    let number = this.#numberOf.get(text);
    if (number === undefined) {
      number = this.#all.length;
      this.#numberOf.set(text, number);
      this.#all.push(new Server(text, this.#mostPerSecond, asksOthers));
    }
    return number;
  }

  at(number: number): Server {
    return this.#all[number] as Server;
  }

  textOf(number: number): string {
    return this.at(number).text;
  }

  /** The limits that were found. */
  get limits(): readonly (PaceLimit & { readonly server: string })[] {
    return this.#all.flatMap(({ text, pace: { limit } }) =>
      limit === undefined ? [] : [{ server: text, ...limit }],
    );
  }

  /** Whether a server is dead; one whose time has come is looked at once more. */
  isGone(number: number, nowMs: number): boolean {
    const { presence, untilMs } = this.at(number);
    if (presence !== 'dead') return false;
    if (nowMs < untilMs) return true;
    this.suspect(number, nowMs, 1);
    return false;
  }

  /** The place in a lane of the server that is asked next; another one than the `last`, if possible. */
  choose(lane: Lane, last: number, nowMs: number): number | 'wait' | 'dead' {
    const { servers, turn } = lane;
    let isHope = false;
    let fallback = -1;
    for (let i = 0; i < servers.length; i++) {
      const place = (turn + i) % servers.length;
      const { presence, pace } = this.at(servers[place] as number);
      if (presence === 'dead') continue;
      isHope = true;
      if (presence !== 'here' || !pace.mayAsk(nowMs)) continue;
      if (place !== last) return place;
      fallback = place;
    }
    if (fallback >= 0) return fallback;
    return isHope ? 'wait' : 'dead';
  }

  /** When a server can be asked; Infinity where something else has to happen first. */
  readyMs(number: number, nowMs: number): number {
    const { presence, pace } = this.at(number);
    if (presence === 'suspect') return Number.POSITIVE_INFINITY;
    if (presence === 'dead' || pace.mayAsk(nowMs)) return nowMs;
    return pace.nextMs(nowMs) ?? Number.POSITIVE_INFINITY;
  }

  /** Looks from `atMs` on whether a server is there, so often at most. */
  suspect(number: number, atMs: number, mostChecks?: number): void {
    const server = this.at(number);
    server.presence = 'suspect';
    if (mostChecks !== undefined) {
      server.checks = 0;
      server.mostChecks = mostChecks;
    }
    this.#checks.set(number, atMs);
  }

  /** A check was in vain: another one at `againMs`, or it is dead: which is said. */
  checkFailed(number: number, againMs: number): boolean {
    const server = this.at(number);
    if (server.presence !== 'suspect') return false;
    if (++server.checks >= server.mostChecks) return true;
    this.#checks.set(number, againMs);
    return false;
  }

  get nextCheckMs(): number {
    return this.#checks.size === 0 ? Number.POSITIVE_INFINITY : Math.min(...this.#checks.values());
  }

  /** Takes out the servers that are to be checked now. */
  dueChecks(nowMs: number): readonly number[] {
    if (this.#checks.size === 0) return [];
    const due = [...this.#checks].flatMap(([number, atMs]) => (atMs <= nowMs ? [number] : []));
    for (const number of due) this.#checks.delete(number);
    return due.filter((number) => this.at(number).presence === 'suspect');
  }
}
