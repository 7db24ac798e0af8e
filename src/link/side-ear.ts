/**
 * Hears answers that come in by interfaces by which nothing is sent: the way back need not be the way there.
 *
 * A plain packet socket, not a ring: it costs microseconds to make, and on most machines nothing ever comes.
 *
 * @module
 */

import { errnos } from '../system/errnos.ts';
import { errno, libc } from '../system/ffi.ts';
import { datagramType, dontWait, int, packetFamily, socketLevel } from '../system/socket-words.ts';
import { type Accepted, assembleFilter } from './filter.ts';
import { encodeFilter } from './filter-assembler.ts';
import { type Link, monotonicUs, type PacketSink } from './link.ts';
import {
  attachFilter,
  bindPacket,
  everyProtocol,
  ignoreSent,
  openSocket,
  tryOption,
} from './packet-socket.ts';

/** Opens an ear for what `accepted` says, on the interfaces it names. Needs CAP_NET_RAW. */
export function openSideEar(accepted: Accepted): Link {
  return new SideEar(accepted);
}

/** A link that only hears. */
class SideEar implements Link {
  readonly name = 'other interfaces';
  readonly mtu = 0;
  readonly mac = null;
  readonly transmit: Uint8Array = new Uint8Array(0);
  readonly slotBytes = 0;
  readonly slots = 0;
  readonly headroom = 0;
  readonly trouble = 0;
  readonly descriptors: readonly number[];
  readonly #fd: number;
  readonly #packet = new Uint8Array(snapLength);
  /** struct sockaddr_ll. */
  readonly #from = new Uint8Array(20);
  readonly #fromLength = new Uint32Array(1);
  #isClosed = false;

  constructor(accepted: Accepted) {
    this.#fd = openSocket(packetFamily, datagramType, 0, 'a packet socket on other interfaces');
    const program = encodeFilter(assembleFilter(accepted, snapLength));
    attachFilter(this.#fd, program, 'filter packets of other interfaces');
    ignoreSent(this.#fd);
    tryOption(this.#fd, socketLevel, receiveBufferForce, int(receiveBytes));
    bindPacket(this.#fd, everyProtocol, 0, this.name);
    this.descriptors = [this.#fd];
  }

  receive(sink: PacketSink, limit: number): number {
    let shown = 0;
    for (let i = 0; i < limit && !this.#isClosed; i++) {
      this.#fromLength[0] = this.#from.length;
      const packet = this.#packet;
      const length = libc().recvfrom(
        this.#fd,
        packet,
        packet.length,
        dontWait | truncated,
        this.#from,
        this.#fromLength,
      );
      if (length < 0) {
        // An interface that went down leaves an error, which reading it clears.
        if (errno() === errnos.EAGAIN) break;
        continue;
      }
      if (this.#from[packetTypeAt] === outgoing) continue;
      sink(packet, 0, Math.min(length, packet.length), monotonicUs(), length);
      shown++;
    }
    return shown;
  }

  drops(): number {
    return 0;
  }

  isUp(): boolean {
    return true;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    libc().close(this.#fd);
  }

  sendFrame(): boolean {
    return false;
  }

  flush(): number {
    return 0;
  }

  discard(): void {}

  neighbour(): number {
    throw new Error('nothing is sent by an ear');
  }

  stage(): void {
    throw new Error('nothing is sent by an ear');
  }

  stageRun(): void {
    throw new Error('nothing is sent by an ear');
  }
}

/** Answers and errors whole, of data the beginning. */
const snapLength = 2048;
const receiveBytes = 1 << 20;
const receiveBufferForce = 33;
const packetTypeAt = 10;
const outgoing = 4;
/** MSG_TRUNC. */
const truncated = 0x20;
