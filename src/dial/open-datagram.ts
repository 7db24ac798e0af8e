/**
 * Sockets for datagrams to one target.
 *
 * They are not connected, because some services answer from a port of their own (TFTP, RFC 1350, 4); what does not
 * come from the target's address is for the caller to pass over. With an asked source port the sockets share it, so
 * they must be connected to be told apart. Towards this machine itself they are connected as well, or a datagram
 * could arrive at another socket of ours and pass for an answer there. In these two cases answers from other ports
 * are lost.
 *
 * @module
 */

import { errnos } from '../system/errnos.ts';
import { errno, libc } from '../system/ffi.ts';
import { datagramType } from '../system/socket-words.ts';
import type { DialOptions } from './contract.ts';
import { openSocket } from './open-socket.ts';
import { lengthOf, namesAddress, readAddress, readPort, socketAddressBytes } from './socket-address.ts';

/** A socket that was opened. */
export interface DatagramSocket {
  readonly fd: number;
  /** The local port towards this machine itself, else 0. */
  readonly ownPort: number;
}

/** Opens them, and sees to it that none of them talks to another. */
export class DatagramOpener {
  /** Where the sockets on local ports aim that talk to this machine itself. */
  readonly #aims = new Map<number, number>();
  readonly #own = new Uint8Array(socketAddressBytes);
  readonly #length = new Int32Array(1);

  /** A socket for the target that `name` is the socket address of, or the errno. */
  open(options: DialOptions, family: 4 | 6, name: Uint8Array): DatagramSocket | number {
    const address = readAddress(name, 0, family);
    for (let tries = 0; tries < mostTries; tries++) {
      const fd = openSocket(datagramType, family, options);
      if (fd < 0) return -fd;
      const error = this.#aim(fd, family, name, address, options.sourcePort !== undefined);
      if (error === 0) {
        const ownPort = namesAddress(this.#own, 0, family, address) ? readPort(this.#own, 0) : 0;
        if (ownPort > 0) this.#aims.set(ownPort, readPort(name, 0));
        return { fd, ownPort };
      }
      libc().close(fd);
      // On this machine itself the port it was given would make it answer itself or another attempt.
      if (error !== errnos.EADDRINUSE) return error;
    }
    return errnos.EADDRINUSE;
  }

  close({ fd, ownPort }: DatagramSocket): void {
    libc().close(fd);
    this.#aims.delete(ownPort);
  }

  /** Connects the socket where it must be, see the top of this file. */
  #aim(fd: number, family: 4 | 6, name: Uint8Array, address: Uint8Array, isShared: boolean): number {
    // Connecting sends nothing: it chooses the way, and so the address we come from.
    if (libc().connect(fd, name, lengthOf(family)) < 0) return errno();
    this.#length[0] = socketAddressBytes;
    libc().getsockname(fd, this.#own, this.#length);
    if (namesAddress(this.#own, 0, family, address)) {
      const ownPort = readPort(this.#own, 0);
      const port = readPort(name, 0);
      return ownPort === port || this.#aims.get(port) === ownPort ? errnos.EADDRINUSE : 0;
    }
    if (isShared) return 0;
    return libc().connect(fd, unspecified, socketAddressBytes) < 0 ? errno() : 0;
  }
}

/** AF_UNSPEC. */
const unspecified = new Uint8Array(socketAddressBytes);
/** Of 28,232 ports the kernel gives a wrong one a few times in a scan, hardly ever twice in a row. */
const mostTries = 8;
