/** The pool of datagram sockets that this system has the means for. @module */

import { hasLibc } from '../system/ffi.ts';
import type { DatagramEvents, DatagramPool } from './datagram-pool.ts';
import { LinuxDatagramPool } from './linux-datagram-pool.ts';
import { NodeDatagramPool } from './node-datagram-pool.ts';

/** Opens one by the best means of this system. */
export function openDatagramPool(events: DatagramEvents): DatagramPool {
  return hasLibc ? new LinuxDatagramPool(events) : new NodeDatagramPool(events);
}
