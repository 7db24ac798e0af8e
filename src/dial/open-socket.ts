/**
 * Sockets dressed as the user asked: where they come from, and that they tell ICMP errors.
 *
 * @module
 */

import { badRequest, PortolanError } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { addressFromBytes, formatAddress } from '../model/address.ts';
import { closeOnExec, nonBlocking } from '../system/descriptor-flags.ts';
import { errnoName, errnos } from '../system/errnos.ts';
import { errno, libc } from '../system/ffi.ts';
import { type datagramType, int, linger, socketLevel, streamType } from '../system/socket-words.ts';
import type { DialOptions } from './contract.ts';
import { levelOf, receiveErrorsOf } from './error-queue.ts';
import { domainOf, lengthOf, socketAddressBytes, writeSocketAddress } from './socket-address.ts';

/** SOCK_STREAM, SOCK_DGRAM. */
export type SocketType = typeof streamType | typeof datagramType;

/** Opens a nonblocking socket; its descriptor, or the errno as a negative number. */
export function openSocket(type: SocketType, family: 4 | 6, options: DialOptions): number {
  const fd = libc().socket(domainOf(family), type | nonBlocking | closeOnExec, 0);
  if (fd < 0) return -errno();
  const error = dress(fd, type, family, options).errno;
  if (error === 0) return fd;
  libc().close(fd);
  return -error;
}

/** Fails with one clear line where a socket of this family cannot come from where the options say. */
export function checkOrigin(
  type: SocketType,
  options: DialOptions,
  family: 4 | 6 = options.sourceAddress?.length === 16 ? 6 : 4,
): void {
  const { sourceAddress, sourcePort, interfaceName } = options;
  if (sourceAddress === undefined && sourcePort === undefined && interfaceName === undefined) return;
  const fd = libc().socket(domainOf(family), type | closeOnExec, 0);
  // Without descriptors nothing can be checked, and the first start() says so.
  if (fd < 0) return;
  const { step, errno: error } = dress(fd, type, family, options);
  libc().close(fd);
  if (error === 0) return;
  const from = sourceAddress && formatAddress(addressFromBytes(sourceAddress));
  if (step === 'interface') {
    if (error === errnos.ENODEV) throw badRequest(`Cannot use "${interfaceName}": no such interface`);
    throw refused(`bind to interface "${interfaceName}"`, error, 'CAP_NET_RAW');
  }
  if (error === errnos.EADDRNOTAVAIL) {
    throw badRequest(`Cannot come from ${from}: found no such address on this machine`);
  }
  if (error === errnos.EADDRINUSE) {
    throw new PortolanError(
      'not-available',
      `Cannot come from port ${sourcePort}: another program of this machine uses it`,
      `another ${named('packet.sourcePort')}`,
    );
  }
  throw refused(`come from ${from ?? 'any address'}, port ${sourcePort}`, error, 'CAP_NET_BIND_SERVICE');
}

interface Dressed {
  readonly step: 'option' | 'interface' | 'bind';
  readonly errno: number;
}

function dress(fd: number, type: SocketType, family: 4 | 6, options: DialOptions): Dressed {
  const { interfaceName, sourceAddress, sourcePort, localPorts } = options;
  const set = (level: number, option: number, value: Uint8Array) =>
    libc().setsockopt(fd, level, option, value, value.length) < 0 ? errno() : 0;
  let error = set(levelOf(family), receiveErrorsOf(family), int(1));
  if (error !== 0) return { step: 'option', errno: error };
  // A killed scan leaves no half-closed connections: the kernel resets them.
  if (type === streamType) set(socketLevel, linger, new Uint8Array([...int(1), ...int(0)]));
  if (localPorts !== undefined) {
    set(levelOf(4), localPortRange, new Uint8Array(Uint16Array.of(localPorts.first, localPorts.last).buffer));
  }
  if (interfaceName !== undefined) {
    error = set(socketLevel, bindToDevice, new TextEncoder().encode(`${interfaceName}\0`));
    if (error !== 0) return { step: 'interface', errno: error };
  }
  if (sourceAddress === undefined && sourcePort === undefined) return { step: 'bind', errno: 0 };
  if (sourceAddress !== undefined && (sourceAddress.length === 4) !== (family === 4)) {
    return { step: 'bind', errno: errnos.EAFNOSUPPORT };
  }
  // Many sockets share an asked port; what they are connected to tells them apart. Without one, each gets its
  // own when it connects, so that ports are counted per target.
  if (sourcePort === undefined) set(levelOf(4), bindAddressNoPort, int(1));
  else set(socketLevel, reuseAddress, int(1));
  // Else a program that holds the port in IPv4 would be in the way.
  if (family === 6) set(levelOf(6), onlyV6, int(1));
  const name = new Uint8Array(socketAddressBytes);
  const address = sourceAddress ?? new Uint8Array(family === 4 ? 4 : 16);
  writeSocketAddress(name, 0, family, address, 0, sourcePort ?? 0);
  return { step: 'bind', errno: libc().bind(fd, name, lengthOf(family)) < 0 ? errno() : 0 };
}

function refused(what: string, error: number, capability: string): PortolanError {
  const denied = error === errnos.EPERM || error === errnos.EACCES;
  return denied
    ? new PortolanError('not-permitted', `Cannot ${what}: needs ${capability}, this process has none`)
    : new PortolanError('system-failed', `Cannot ${what}: ${errnoName(error)}`);
}

/** SO_REUSEADDR, SO_BINDTODEVICE; IP_BIND_ADDRESS_NO_PORT. */
const reuseAddress = 2;
const bindToDevice = 25;
const bindAddressNoPort = 24;
/** IPV6_V6ONLY. */
const onlyV6 = 26;
/** IP_LOCAL_PORT_RANGE: two halves of a word, the lower one first where the lower byte is. */
const localPortRange = 51;
