/**
 * The machine's network interfaces and their addresses.
 *
 * @module
 */

import { PortolanError } from '../base/errors.ts';
import { hasLibc } from './ffi.ts';
import type { NetworkInterface } from './interface.ts';
import { interfacesFromKernel, isRunningNow } from './interfaces-linux.ts';
import { interfacesFromNode } from './interfaces-node.ts';
import { glance } from './patience.ts';

/** Every interface, in the kernel's order. On macOS and Windows what Node knows, MTU and index estimated. */
export function listInterfaces(): readonly NetworkInterface[] {
  return hasLibc ? interfacesFromKernel() : interfacesFromNode();
}

/**
 * Whether the interface can carry packets now; false as well when it is gone. One question to the kernel: where that cannot
 * be put, because no descriptor is left, nothing is known to be wrong.
 */
export function isRunning(index: number): boolean {
  if (!hasLibc) return true;
  try {
    return glance(() => isRunningNow(index)) ?? true;
  } catch (error) {
    if (error instanceof PortolanError) return true;
    throw error;
  }
}
