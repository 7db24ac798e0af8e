/**
 * Where the scan stands: a live line on a terminal, a status line now and then or when a key is pressed.
 *
 * @module
 */

import type { ProgressFact } from '../model/fact.ts';
import type { View } from './flags/flag.ts';
import type { Screen } from './screen.ts';
import type { World } from './world.ts';

/** Shows the progress of one scan. */
export class Progress {
  readonly #screen: Screen;
  readonly #isLive: boolean;
  readonly #tellsAll: boolean;
  readonly #stops: (() => void)[] = [];
  #last: ProgressFact | undefined;
  #drawnAtMs = -redrawMs;

  /** `readsInput`: standard input holds targets, so it is no keyboard. */
  constructor(view: View, world: World, screen: Screen, readsInput: boolean) {
    this.#screen = screen;
    const isWatched = world.isTerminal(2);
    this.#isLive = view.progress && isWatched;
    this.#tellsAll = view.debug > 1;
    const everyMs = view.statsEveryMs ?? (view.debug > 0 ? 1000 : undefined);
    if (everyMs !== undefined) {
      const timer = setInterval(() => this.tell(), everyMs);
      timer.unref();
      this.#stops.push(() => clearInterval(timer));
    }
    if (isWatched && !readsInput && world.isTerminal(0)) this.#stops.push(world.onKey(() => this.tell()));
  }

  /** Takes the latest word of the scan. */
  update(fact: ProgressFact): void {
    this.#last = fact;
    if (this.#tellsAll) this.tell();
    // Ten times a second is as much as an eye can use.
    if (!this.#isLive || fact.elapsedMs - this.#drawnAtMs < redrawMs) return;
    this.#drawnAtMs = fact.elapsedMs;
    this.#screen.live(describe(fact));
  }

  /** Prints a status line that stays. */
  tell(): void {
    this.#screen.notice(this.#last === undefined ? 'status: starting' : `status: ${describe(this.#last)}`);
  }

  /** Clears the live line and gives the keyboard back. */
  stop(): void {
    for (const stop of this.#stops) stop();
    this.#screen.live('');
  }
}

/** The progress as one line of text. */
function describe(fact: ProgressFact): string {
  const { phase, done, total, elapsedMs, etaMs, ratePps, hostsUp, open } = fact;
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return [
    `${clock(elapsedMs)} elapsed`,
    `${phase} ${(share * 100).toFixed(1)}%`,
    ...(etaMs === undefined ? [] : [`ETA ${clock(etaMs)}`]),
    `${Math.round(ratePps)} packets/s`,
    `${hostsUp} ${hostsUp === 1 ? 'host' : 'hosts'} up`,
    `${open} open`,
  ].join(', ');
}

/** A duration as hours, minutes and seconds. */
export function clock(timeMs: number): string {
  const seconds = Math.max(0, Math.round(timeMs / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const redrawMs = 100;
