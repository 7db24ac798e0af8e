/**
 * Links with Ethernet headers: Ethernet, veth, bridges, VLANs, Wi-Fi as Linux shows it.
 *
 * @module
 */

import { libc } from '../system/ffi.ts';
import { etherType } from '../wire/numbers.ts';
import type { Link } from './link.ts';
import { type LinkOptions, SocketLink } from './socket-link.ts';

/** A link on an interface with Ethernet headers; `mac` is the address its frames are sent from. */
export interface PacketLinkOptions extends LinkOptions {
  readonly mac: Uint8Array;
}

/** Opens a link on an interface with Ethernet headers. */
export function openPacketLink(options: PacketLinkOptions): Link {
  return new PacketLink(options);
}

class PacketLink extends SocketLink {
  readonly mac: Uint8Array;
  /** Prepared Ethernet headers one after the other, and their handles. */
  #headers = new Uint8Array(16 * headerBytes);
  readonly #handles = new Map<string, number>();
  /** Which header stands in each slot: with one gateway for all, it is written once per slot and never again. */
  readonly #headerIn: Int32Array;

  constructor(options: PacketLinkOptions) {
    super({ ...options, linkBytes: headerBytes }, headerBytes);
    this.mac = options.mac;
    this.#headerIn = new Int32Array(this.slots).fill(-1);
  }

  neighbour(mac: Uint8Array | null, family: 4 | 6): number {
    if (mac?.length !== 6) throw new Error(`a neighbour on "${this.name}" needs a hardware address`);
    const key = `${family} ${mac}`;
    const known = this.#handles.get(key);
    if (known !== undefined) return known;
    const handle = this.#handles.size;
    const at = handle * headerBytes;
    if (at === this.#headers.length) {
      const larger = new Uint8Array(2 * at);
      larger.set(this.#headers);
      this.#headers = larger;
    }
    const type = family === 4 ? etherType.ipv4 : etherType.ipv6;
    this.#headers.set(mac, at);
    this.#headers.set(this.mac, at + 6);
    this.#headers.set([type >> 8, type & 255], at + 12);
    this.#handles.set(key, handle);
    return handle;
  }

  stage(slot: number, length: number, neighbour: number): void {
    this.buffer.stage(slot, headerBytes + length, 0);
    if (this.#headerIn[slot] !== neighbour) this.#writeHeader(slot, neighbour);
  }

  override stageRun(slot: number, count: number, length: number, neighbour: number): void {
    this.buffer.stageRun(slot, count, headerBytes + length);
    for (let i = slot; i < slot + count; i++) {
      if (this.#headerIn[i] !== neighbour) this.#writeHeader(i, neighbour);
    }
  }

  override sendFrame(frame: Uint8Array): boolean {
    return libc().send(this.senders[0] as number, frame, frame.length, 0) === frame.length;
  }

  #writeHeader(slot: number, neighbour: number): void {
    if (neighbour < 0 || neighbour >= this.#handles.size) throw new Error(`no neighbour ${neighbour}`);
    const from = neighbour * headerBytes;
    const to = slot * this.slotBytes;
    for (let i = 0; i < headerBytes; i++) this.transmit[to + i] = this.#headers[from + i]!;
    this.#headerIn[slot] = neighbour;
  }
}

/** Destination, source, EtherType. */
const headerBytes = 14;
