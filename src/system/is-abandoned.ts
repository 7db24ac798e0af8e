/**
 * Whether anybody still reads what is written to a descriptor.
 *
 * @module
 */

import { littleEndian } from '../base/byte-order.ts';
import { hasLibc, libc } from './ffi.ts';

/** Whether the other end of a pipe or socket is closed: writing would fail. Files and terminals have no other end. */
export function isAbandoned(descriptor: number): boolean {
  if (!hasLibc) return false;
  // struct pollfd: the descriptor, the events wanted, those that came; errors come unwanted.
  const words = Int32Array.of(descriptor, 0);
  if (libc().poll(words, 1, 0) <= 0) return false;
  const came = littleEndian ? (words[1] as number) >>> 16 : (words[1] as number) & 0xffff;
  return (came & errorOrHangUp) !== 0;
}

/** POLLERR, POLLHUP. */
const errorOrHangUp = 0x18;
