/**
 * Dials of tests, on sockets of this machine.
 *
 * @module
 */

import type { Dial } from './dial.ts';
import { type DialConfig, openDial } from './open-dial.ts';

/** A dial that nothing bounds but its 64 dialogues at once, and what a test wants changed. */
export function plainDial(more: Partial<DialConfig> = {}): Dial {
  return openDial({
    origin: {},
    kinds: new Set(),
    payloadsFor: () => [],
    proxies: [],
    clock: () => performance.now() * 1000,
    complain: () => undefined,
    sharers: 1,
    mostOpen: 64,
    intervalUs: 0,
    mostPps: Number.POSITIVE_INFINITY,
    isAllowed: () => true,
    ...more,
  });
}

/** Takes turns until work is over, whatever becomes of it. */
export async function driven<T>(work: Promise<T>, turn: () => Promise<void>): Promise<T> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  work.then(end, end);
  while (!isOver) await turn();
  return work;
}
