/**
 * A socket for the datagrams of one dialogue on Linux, and the ICMP errors that come back for them.
 *
 * @module
 */

import { errno, libc } from '../system/ffi.ts';
import { dontWait } from '../system/socket-words.ts';
import { icmpMeaning } from '../wire/meaning.ts';
import type { PeerFacts, Read } from './dial.ts';
import type { Endpoint, EndpointOpened } from './endpoint.ts';
import { lengthOf, namesAddress, readAddress, readPort, socketAddressBytes } from './socket-address.ts';
import type { KernelSocket } from './tcp-endpoint.ts';

/** Datagrams to and from one host. */
export class UdpEndpoint implements Endpoint {
  readonly opened: EndpointOpened = { outcome: 'connected', errno: 0 };
  readonly #socket: KernelSocket;
  readonly #address: Uint8Array;
  readonly #libc = libc();
  #sent = 0;
  #received = 0;
  #isClosed = false;

  constructor(socket: KernelSocket) {
    this.#socket = socket;
    this.#address = readAddress(socket.name, 0, socket.family);
  }

  woken(): void {}

  send(bytes: Uint8Array): number {
    if (this.#isClosed) return -1;
    // The first failure may be that of an earlier datagram, which the error queue keeps.
    if (this.#sendOnce(bytes) !== 0 && this.#sendOnce(bytes) !== 0) return -1;
    this.#sent++;
    return bytes.length;
  }

  receive(most: number): Read | undefined {
    return this.#answer(most) ?? this.#error();
  }

  peer(): PeerFacts {
    return {};
  }

  packets(): { readonly packetsOut: number; readonly packetsIn: number } {
    return { packetsOut: this.#sent, packetsIn: this.#received };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.closed();
  }

  #sendOnce(bytes: Uint8Array): number {
    const { fd, family, name } = this.#socket;
    const source = bytes.length === 0 ? null : bytes;
    const sent = this.#libc.sendto(fd, source, bytes.length, dontWait, name, lengthOf(family));
    return Number(sent) < 0 ? errno() : 0;
  }

  #answer(most: number): Read | undefined {
    const { fd, family } = this.#socket;
    for (let i = 0; i < datagramsPerRead; i++) {
      nameLength[0] = socketAddressBytes;
      const room = Math.min(most, buffer.length);
      const length = Number(this.#libc.recvfrom(fd, buffer, room, dontWait, sender, nameLength));
      // An error that is told here stands in the queue as well, with all that is known of it.
      if (length < 0) return undefined;
      if (!namesAddress(sender, 0, family, this.#address)) continue;
      this.#received++;
      return { kind: 'bytes', bytes: buffer.slice(0, length), senderPort: readPort(sender, 0) };
    }
    return undefined;
  }

  #error(): Read | undefined {
    const { fd, family, errors } = this.#socket;
    while (errors.read(fd, family)) {
      const { isIcmp, type, code, sender: from, errno: error } = errors;
      if (!isIcmp) return { kind: 'failed', outcome: 'local', errno: error };
      const outcome = icmpMeaning(family, type, code);
      // Errors without a meaning for ports (packet too big, parameter problem) leave the dialogue as it is.
      if (outcome !== undefined && from.length > 0)
        return { kind: 'failed', outcome, errno: error, sender: from };
    }
    return undefined;
  }
}

// One call at a time uses them.
const buffer = new Uint8Array(65_536);
const sender = new Uint8Array(socketAddressBytes);
const nameLength = new Int32Array(1);
/** Strangers may not keep one socket busy for ever. */
const datagramsPerRead = 16;
