/**
 * Standard output and standard error as one screen: results, notices, and a live line that makes way for
 * both. Everything that reaches it as a notice is escaped here.
 *
 * @module
 */

import { printable } from '../report/escape.ts';
import type { World } from './world.ts';

/** The screen of one command. */
export class Screen {
  readonly #world: World;
  readonly #resultsAreSeen: boolean;
  #live = '';
  #isShown = false;

  constructor(world: World) {
    this.#world = world;
    this.#resultsAreSeen = world.isTerminal(1);
  }

  /** Text for standard output; throws what the system says when it cannot be written. */
  results(text: string): void {
    if (this.#resultsAreSeen) this.#clear();
    this.#world.write(1, text);
    // A line that is not finished yet must not be torn apart.
    if (this.#resultsAreSeen && text.endsWith('\n')) this.#draw();
  }

  /** One line for standard error. Nobody reading it is no trouble. */
  notice(line: string): void {
    this.#clear();
    this.#error(`${printable(line)}\n`);
    this.#draw();
  }

  /** Shows a line that the next one replaces; empty: shows none. */
  live(line: string): void {
    this.#live = printable(line).slice(0, this.#world.columns() - 1);
    this.#clear();
    this.#draw();
  }

  #draw(): void {
    if (this.#live === '') return;
    this.#error(this.#live);
    this.#isShown = true;
  }

  #clear(): void {
    if (!this.#isShown) return;
    this.#error(eraseLine);
    this.#isShown = false;
  }

  #error(text: string): void {
    try {
      this.#world.write(2, text);
    } catch {
      // Standard error is closed: there is nobody left to tell.
    }
  }
}

const eraseLine = '\r\u001b[K';
