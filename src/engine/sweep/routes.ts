/**
 * What a sweep asks of whoever knows the routes.
 *
 * @module
 */

import type { HostRoute } from '../hosts/host-route.ts';

/**
 * Why a host cannot be sent to: its neighbour is being asked for (`Sweep.found` is called afterwards), does not
 * answer, or this machine has no route there.
 */
export type NoRoute = 'asked' | 'silent' | 'unreachable';

/** Finds the route to each host; `words` hold its address and are used again. */
export interface SweepRoutes {
  routeTo(host: number, family: 4 | 6, words: Uint32Array): HostRoute | NoRoute;
}
