/**
 * Opening packet and raw sockets, with the one line a user needs when that fails.
 *
 * @module
 */

import { PortolanError } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { withDormant } from '../system/capabilities.ts';
import { closeOnExec, nonBlocking } from '../system/descriptor-flags.ts';
import { errnoName, errnos } from '../system/errnos.ts';
import { addressOf, errno, libc } from '../system/ffi.ts';
import { isShortage, openPatiently, Shortage } from '../system/patience.ts';
import { int, packetFamily, socketLevel } from '../system/socket-words.ts';

/** Opens a socket that does not survive exec. `what` completes the sentence "Cannot open …". */
export function openSocket(domain: number, type: number, protocol: number, what: string): number {
  const fd = openPatiently(() =>
    withDormant(() => {
      const opened = libc().socket(domain, type | closeOnExec | nonBlocking, protocol);
      return opened < 0 ? -errno() : opened;
    }),
  );
  if (fd >= 0) return fd;
  const error = -fd;
  if (error !== errnos.EPERM && error !== errnos.EACCES) throw failed(`open ${what}`, error);
  throw new PortolanError(
    'not-permitted',
    `Cannot open ${what}: needs CAP_NET_RAW, this process has none`,
    `sudo portolan …, or ${named('techniques', 'connect')}`,
  );
}

/** Sets an option of a socket or throws; on failure the socket is closed. */
export function setOption(fd: number, level: number, option: number, value: Uint8Array, what: string): void {
  if (libc().setsockopt(fd, level, option, value, value.length) < 0) throw abandon(fd, what);
}

/** Sets an option that an older kernel may not know; what follows must work without it. */
export function tryOption(fd: number, level: number, option: number, value: Uint8Array): boolean {
  return libc().setsockopt(fd, level, option, value, value.length) === 0;
}

/** Closes a socket whose setting up failed and makes the error to throw. Call it right after the failure. */
export function abandon(fd: number, what: string): PortolanError {
  const error = errno();
  libc().close(fd);
  return failed(what, error);
}

/** Has the kernel hand on only what a filter lets pass: the bytes of `encodeFilter`. */
export function attachFilter(fd: number, program: Uint8Array, what: string): void {
  // struct sock_fprog: count (2), padding, address of the program.
  const description = new Uint8Array(16);
  new Uint16Array(description.buffer)[0] = program.length / 8;
  new BigUint64Array(description.buffer)[1] = addressOf(program);
  setOption(fd, socketLevel, attachFilterOption, description, what);
}

/** Keeps what this machine sends from being shown, where the kernel can (4.20). */
export function ignoreSent(fd: number): void {
  tryOption(fd, packetLevel, ignoreOutgoing, int(1));
}

/** Binds a packet socket to an interface and, with a protocol other than 0, starts its reception. */
export function bindPacket(
  fd: number,
  protocol: number,
  interfaceIndex: number,
  interfaceName: string,
): void {
  const address = packetAddress(protocol, interfaceIndex);
  if (libc().bind(fd, address, address.length) < 0) {
    throw abandon(fd, `bind a packet socket to "${interfaceName}"`);
  }
}

/** struct sockaddr_ll: family, protocol in network order, interface, and fields that only receivers fill. */
export function packetAddress(protocol: number, interfaceIndex: number): Uint8Array {
  const address = new Uint8Array(20);
  address.set(new Uint8Array(Uint16Array.of(packetFamily).buffer));
  address.set([protocol >> 8, protocol & 255], 2);
  address.set(int(interfaceIndex), 4);
  return address;
}

/**
 * Lets packets queue in the interface. The kernel doubles the size and counts some 800 bytes for the smallest
 * packet, so this is 2600 packets: enough for 3 ms at a million a second, and less than the 10,240 that
 * fq_codel holds, so that a full queue is told to us (EAGAIN) and not dropped in silence.
 */
export function enlargeSendQueue(fd: number): void {
  const wanted = int(1 << 20);
  if (tryOption(fd, socketLevel, sendBufferForce, wanted)) return;
  // Where it may not be forced it is cut to the system's limit, so one that was forced before is left alone.
  const now = new Uint32Array(1);
  libc().getsockopt(fd, socketLevel, sendBuffer, now, Uint32Array.of(4));
  if ((now[0] as number) < 1 << 20) tryOption(fd, socketLevel, sendBuffer, wanted);
}

function failed(what: string, error: number): PortolanError {
  if (isShortage(error)) return new Shortage(what, error);
  const gone = error === errnos.ENODEV || error === errnos.ENXIO ? ', no such interface' : '';
  return new PortolanError('system-failed', `Cannot ${what}: ${errnoName(error)}${gone}`);
}

/** SOL_PACKET. */
export const packetLevel = 263;
/** ETH_P_ALL: the only kind of socket that sees IPv4, IPv6 and ARP alike; the filter takes its pick. */
export const everyProtocol = 3;

const ignoreOutgoing = 23;
const attachFilterOption = 26;
const sendBuffer = 7;
const sendBufferForce = 32;
