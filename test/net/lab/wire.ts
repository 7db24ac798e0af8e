/**
 * A wire with a delay, in user space: this kernel's world has no netem, and a bare veth answers too soon.
 *
 * @module
 */

import type { Namespace } from './namespace.ts';
import { ready, scriptCommand } from './script.ts';

/** How the wire behaves, in each direction. */
export interface WireOptions {
  readonly delayMs: number;
  /** Up to as much more, for each frame anew: later frames may come first. */
  readonly jitterMs?: number;
  /** The share of frames that get lost, 0 to 1. */
  readonly loss?: number;
}

/** Joins two interfaces of a namespace. Returns when frames flow; ends with the namespace. */
export async function startWire(
  namespace: Namespace,
  left: string,
  right: string,
  options: WireOptions,
): Promise<void> {
  const argv = [...scriptCommand('wire-program.ts'), left, right, JSON.stringify(options)];
  await ready(`wire in ${namespace.name}`, namespace.spawn(argv));
}
