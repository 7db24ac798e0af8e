/**
 * Opening descriptors while others of this process, or of this machine, use them up: it passes mostly. A thread of its own
 * waits for a while, and not again and again; the main thread does not wait, since everything else would stand still.
 *
 * @module
 */

import { isMainThread } from 'node:worker_threads';
import { PortolanError } from '../base/errors.ts';
import { errnoName, errnos } from './errnos.ts';
import { libc } from './ffi.ts';

/** No descriptor could be opened: it is the trouble of whoever needed it now, and says nothing of what comes later. */
export class Shortage extends PortolanError {
  constructor(action: string, error: number) {
    super('not-available', `Cannot ${action}: ${errnoName(error)}, too many open files`);
    this.name = 'Shortage';
  }
}

/** Whether an errno says that no descriptor is left, to the process (EMFILE) or to the machine (ENFILE). */
export function isShortage(error: number): boolean {
  return error === errnos.EMFILE || error === errnos.ENFILE;
}

/** Waits for descriptors, so long in all until one could be opened again. */
export class Patience {
  readonly #mostMs: number;
  readonly #pause: (ms: number) => void;
  #waitedMs = 0;
  #isGlance = false;

  constructor(mostMs: number, pause: (ms: number) => void) {
    this.#mostMs = mostMs;
    this.#pause = pause;
  }

  /** Calls what returns a descriptor, or the errno as a negative number, until there is room for it. */
  open(open: () => number): number {
    for (;;) {
      const opened = open();
      if (opened >= 0) this.#waitedMs = 0;
      const isPatient = !this.#isGlance && this.#waitedMs < this.#mostMs;
      if (opened >= 0 || !isShortage(-opened) || !isPatient) return opened;
      this.#pause(pauseMs);
      this.#waitedMs += pauseMs;
    }
  }

  /** Does without waiting what will be done again anyway. */
  glance<Seen>(look: () => Seen): Seen {
    this.#isGlance = true;
    try {
      return look();
    } finally {
      this.#isGlance = false;
    }
  }
}

const patience = new Patience(isMainThread ? 0 : 3000, (ms) => void libc().poll(null, 0, ms));

/** {@link Patience.open} of this thread. */
export function openPatiently(open: () => number): number {
  return patience.open(open);
}

/** What `look` says, or undefined where there is no descriptor to look with. */
export function unlessShort<Seen>(look: () => Seen): Seen | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Shortage) return undefined;
    throw error;
  }
}

/** The same without waiting, for what is looked at again and again. */
export function glance<Seen>(look: () => Seen): Seen | undefined {
  return patience.glance(() => unlessShort(look));
}

const pauseMs = 20;
