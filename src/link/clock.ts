/**
 * The kernel stamps packets with the time of day; the engine counts on a clock that never jumps.
 *
 * @module
 */

import { littleEndian } from '../base/byte-order.ts';
import { libc } from '../system/ffi.ts';
import { monotonicUs } from './link.ts';

/**
 * Whole microseconds to subtract from a time of day since 1970 to get the same moment on {@link monotonicUs}. It
 * changes when somebody sets the clock, so ask again for every batch of packets: it takes 0.3 µs.
 */
export function wallOffsetUs(): number {
  let tightestUs = Number.POSITIVE_INFINITY;
  let offsetUs = 0;
  // Whoever loses the processor between two clocks is wrong by half of the pause, so they are read again.
  for (let tries = 0; tries < mostTries && tightestUs > tightUs; tries++) {
    const before = monotonicUs();
    // vDSO, no system call. CLOCK_REALTIME cannot fail.
    libc().clock_gettime(realtime, now);
    const after = monotonicUs();
    if (after - before >= tightestUs) continue;
    tightestUs = after - before;
    const wallUs = (now[low] as number) * 1e6 + (now[nanoseconds] as number) / 1000;
    offsetUs = Math.round(wallUs - (before + after) / 2);
  }
  return offsetUs;
}

/** struct timespec with 64-bit fields; the low half of the seconds lasts until 2106. */
const now = new Uint32Array(4);
const low = littleEndian ? 0 : 1;
const nanoseconds = littleEndian ? 2 : 3;
const realtime = 0;
const tightUs = 20;
const mostTries = 4;
