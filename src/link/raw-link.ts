/**
 * Links that carry bare IP packets: TUN, WireGuard, PPP and other tunnels. A packet socket of type SOCK_DGRAM
 * lets the kernel put on whatever header such a link has; the address with each packet says which protocol it
 * is, which the kernel cannot know otherwise.
 *
 * @module
 */

import { etherType } from '../wire/numbers.ts';
import type { Link } from './link.ts';
import { packetAddress } from './packet-socket.ts';
import { nameBytes } from './send-buffer.ts';
import { type LinkOptions, SocketLink } from './socket-link.ts';

/** Opens a link on an interface without hardware addresses. */
export function openRawLink(options: LinkOptions): Link {
  return new RawLink(options);
}

class RawLink extends SocketLink {
  readonly mac = null;
  /** By handle: the address of IPv4 and of IPv6 packets. */
  readonly #addresses: readonly [Uint8Array, Uint8Array];
  /** Which of them stands beside each slot. */
  readonly #addressAt: Int8Array;

  constructor(options: LinkOptions) {
    const { interfaceIndex } = options;
    super(options, 0);
    this.#addressAt = new Int8Array(this.slots).fill(-1);
    this.#addresses = [
      packetAddress(etherType.ipv4, interfaceIndex),
      packetAddress(etherType.ipv6, interfaceIndex),
    ];
  }

  neighbour(_mac: Uint8Array | null, family: 4 | 6): number {
    return family === 4 ? 0 : 1;
  }

  stage(slot: number, length: number, neighbour: number): void {
    const address = this.#addresses[neighbour];
    if (address === undefined) throw new Error(`no neighbour ${neighbour}`);
    this.buffer.stage(slot, length, address.length);
    if (this.#addressAt[slot] === neighbour) return;
    this.buffer.names.set(address, slot * nameBytes);
    this.#addressAt[slot] = neighbour;
  }
}
