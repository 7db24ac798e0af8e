/**
 * Where a socket itself is, as the kernel chose it.
 *
 * @module
 */

import { libc } from '../system/ffi.ts';
import { namesAddress, readAddress, readPort, socketAddressBytes } from './socket-address.ts';

/** The socket address of a socket itself, until the next call. */
export function ownNameOf(fd: number): Uint8Array {
  length[0] = socketAddressBytes;
  own.fill(0);
  libc().getsockname(fd, own, length);
  return own;
}

/**
 * Whether a socket is connected to itself. Towards this machine a closed port may happen to be the one that the kernel
 * gave the socket: its SYN then meets itself (RFC 9293, 3.5, simultaneous open). With a listener there the port could not
 * have been given, so it is closed: without this, one in three scans of localhost found an open port that is none.
 * `names` holds at `at` where it was connected to.
 */
export function meetsItself(fd: number, family: 4 | 6, names: Uint8Array, at: number): boolean {
  const name = ownNameOf(fd);
  return (
    readPort(name, 0) === readPort(names, at) && namesAddress(name, 0, family, readAddress(names, at, family))
  );
}

// One call at a time uses them.
const own = new Uint8Array(socketAddressBytes);
const length = new Int32Array(1);
