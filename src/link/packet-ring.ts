/**
 * Reception on one interface: a packet socket whose kernel buffer is mapped here (TPACKET_V2, packet(7) and
 * Documentation/networking/packet_mmap.rst).
 *
 * Version 2, not 3: its frames are visible at once, where version 3 hands over blocks when they are full or a
 * timer of whole milliseconds ends, and an answer that waits is a probe that is sent again.
 *
 * The link sends by the same socket where it can: the kernel takes 8 ms to close one, and as much again for its
 * ring.
 *
 * @module
 */

import { closeOnExec, nonBlocking } from '../system/descriptor-flags.ts';
import { errnos } from '../system/errnos.ts';
import { errno, hasLibc, libc, type Mapping, mapMemory, setsockoptLater } from '../system/ffi.ts';
import { leaveBehind } from '../system/leave-behind.ts';
import { datagramType, int, packetFamily, rawType, socketLevel } from '../system/socket-words.ts';
import { wallOffsetUs } from './clock.ts';
import { type Accepted, assembleFilter } from './filter.ts';
import { encodeFilter, type Instruction } from './filter-assembler.ts';
import { type BatchTaker, monotonicUs, type PacketSink } from './link.ts';
import {
  abandon,
  attachFilter,
  bindPacket,
  enlargeSendQueue,
  everyProtocol,
  ignoreSent,
  openSocket,
  packetLevel,
  setOption,
  tryOption,
} from './packet-socket.ts';

/** What is received, and how much of it is kept. */
export interface RingOptions extends Accepted {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  /** Bytes kept of each packet. Default 176: every answer and every error whole, of data the beginning. */
  readonly snapLength?: number;
  /** Packets that may wait to be read. Default 16,384, fewer where they are long. */
  readonly ringFrames?: number;
  /** An additional hardware address to listen on, for probes sent from it. */
  readonly extraMac?: Uint8Array;
  /**
   * The length of the link's header, where the socket is to see and send it. Default 0: the kernel takes it off,
   * so that every kind of link looks the same.
   */
  readonly linkBytes?: number;
  /** The filter to use instead of one that passes what is accepted. */
  readonly filter?: (snapLength: number) => readonly Instruction[];
}

/** A socket with a ring of usual size, made ahead. */
let spare: { readonly fd: number; readonly type: RingType } | undefined;

/** Whether the headers of the link are seen: SOCK_RAW, SOCK_DGRAM. */
type RingType = typeof rawType | typeof datagramType;

/**
 * Makes a ring for the next link, one with Ethernet headers or one to our own addresses. The kernel waits some 12 ms
 * until all processors have seen it (synchronize_net in packet_set_ring): time in which others can be getting ready.
 * Where it cannot be made, whoever needs one hears why.
 */
export async function prepareRing(way: 'ethernet' | 'own' = 'ethernet'): Promise<void> {
  if (!hasLibc || spare !== undefined) return;
  const type = way === 'ethernet' ? rawType : datagramType;
  const fd = libc().socket(packetFamily, type | closeOnExec | nonBlocking, 0);
  if (fd < 0) return;
  // Before the thread gives up what a long queue needs.
  enlargeSendQueue(fd);
  const frameBytes = frameBytesFor(minSnapLength);
  const { request } = ringOf(mostFrames(frameBytes), frameBytes);
  const isMade =
    tryOption(fd, packetLevel, option.version, int(1)) &&
    (await setsockoptLater(fd, packetLevel, option.receiveRing, request)) === 0;
  if (isMade) spare = { fd, type };
  else libc().close(fd);
}

/** Gives back a ring that nobody has taken. */
export function closeSpareRing(): void {
  if (spare !== undefined) leaveBehind(spare.fd);
  spare = undefined;
}

/** A ring of received packets. */
export class PacketRing {
  readonly fd: number;
  readonly snapLength: number;
  readonly frames: number;
  readonly #frameBytes: number;
  #ring: Mapping | undefined;
  readonly #words: Int32Array;
  readonly #shorts: Uint16Array;
  #next = 0;
  /** What the clocks said when frames were looked at last. */
  #offsetUs = 0;
  #nowUs = 0;
  #drops = 0;
  readonly #hearsSent: boolean;
  /** Whether the packet that is being shown was sent from here, and by which interface it goes or comes. */
  isSent = false;
  interfaceIndex = 0;
  readonly #statistics = new Uint32Array(2);
  readonly #statisticsLength = new Uint32Array(1);

  constructor(options: RingOptions) {
    const { interfaceName, interfaceIndex, snapLength = 176, linkBytes = 0 } = options;
    this.#frameBytes = frameBytesFor(snapLength);
    this.snapLength = this.#frameBytes - packetAt;
    // Without a protocol nothing arrives before the filter is in place: that comes with bind, last.
    const type = linkBytes > 0 ? rawType : datagramType;
    const wanted = options.ringFrames ?? mostFrames(this.#frameBytes);
    const usual = frameBytesFor(minSnapLength);
    const isUsual = this.#frameBytes === usual && wanted === mostFrames(usual);
    const ready = isUsual && spare?.type === type ? spare.fd : undefined;
    if (ready !== undefined) spare = undefined;
    this.fd = ready ?? openSocket(packetFamily, type, 0, `a packet socket on "${interfaceName}"`);
    const program = encodeFilter(
      options.filter?.(this.snapLength) ?? assembleFilter(options, this.snapLength, linkBytes),
    );
    attachFilter(this.fd, program, `filter packets of "${interfaceName}"`);
    this.#hearsSent = options.sentToo === true;
    if (!this.#hearsSent) ignoreSent(this.fd);
    if (options.extraMac !== undefined) this.#listenOn(options.extraMac, interfaceIndex, interfaceName);
    this.frames = ready === undefined ? this.#makeRing(wanted, interfaceName) : wanted;
    const ring = mapMemory(this.frames * this.#frameBytes, this.fd);
    if (ring === undefined) throw abandon(this.fd, `map the receive ring of "${interfaceName}"`);
    this.#ring = ring;
    this.#words = new Int32Array(ring.bytes.buffer, ring.bytes.byteOffset, ring.bytes.length / 4);
    this.#shorts = new Uint16Array(ring.bytes.buffer, ring.bytes.byteOffset, ring.bytes.length / 2);
    bindPacket(this.fd, everyProtocol, interfaceIndex, interfaceName);
  }

  /** Shows what has arrived, as {@link Link.receive} says. */
  receive(sink: PacketSink, limit: number, arp?: PacketSink, taker?: BatchTaker): number {
    if (this.#ring === undefined) return 0;
    const isReadable = taker !== undefined && this.#frameBytes === taker.reader.frameBytes;
    const shown = isReadable
      ? this.#receiveBatches(sink, limit, arp, taker)
      : this.#receiveOnes(sink, limit, arp);
    if (shown === 0 && this.#ring !== undefined) this.#clearError();
    return shown;
  }

  #receiveOnes(sink: PacketSink, limit: number, arp?: PacketSink): number {
    let shown = 0;
    for (let seen = 0; seen < this.frames && shown < limit && this.#isReady(this.#next); seen++) {
      if (shown === 0) this.#readClocks();
      if (this.#show(this.#next, sink, arp)) shown++;
      // A taker may close the link; then the memory is gone.
      if (this.#ring === undefined) return shown;
      this.#release(1);
    }
    return shown;
  }

  #receiveBatches(sink: PacketSink, limit: number, arp: PacketSink | undefined, taker: BatchTaker): number {
    const { reader } = taker;
    let shown = 0;
    while (shown < limit && this.#ring !== undefined) {
      const first = this.#next;
      const most = Math.min(reader.mostFrames, this.frames - first);
      let count = 0;
      while (count < most && this.#isReady(first + count)) count++;
      if (count === 0) break;
      const { bytes } = this.#ring;
      reader.frames.set(bytes.subarray(first * this.#frameBytes, (first + count) * this.#frameBytes));
      reader.read(count);
      this.#readClocks();
      taker.take(count, this.#offsetUs, this.#nowUs);
      for (let i = 0; i < count; i++) {
        if (reader.plain[i] === 1 || this.#show(first + i, sink, arp)) shown++;
        if (this.#ring === undefined) return shown;
      }
      this.#release(count);
    }
    return shown;
  }

  /** Whether the kernel has filled a frame; acquires what it wrote. */
  #isReady(frame: number): boolean {
    return (Atomics.load(this.#words, (frame * this.#frameBytes) / 4) & forUs) !== 0;
  }

  /** Gives the next frames back to the kernel. */
  #release(count: number): void {
    for (let i = 0; i < count; i++) Atomics.store(this.#words, ((this.#next + i) * this.#frameBytes) / 4, 0);
    this.#next = (this.#next + count) % this.frames;
  }

  #readClocks(): void {
    this.#offsetUs = wallOffsetUs();
    this.#nowUs = monotonicUs();
  }

  /** A time of the kernel's on the links' clock. */
  #timeOf(seconds: number, nanoseconds: number): number {
    return Math.min(seconds * 1e6 + Math.floor(nanoseconds / 1000) - this.#offsetUs, this.#nowUs);
  }

  /** Shows the packet in a frame; false for one that nobody takes. */
  #show(frame: number, sink: PacketSink, arp?: PacketSink): boolean {
    const at = (frame * this.#frameBytes) / 4;
    const words = this.#words;
    if (this.#isForeign(at, words[at]!)) return false;
    const link = at * 4 + (this.#shorts[2 * at + 6] as number);
    const start = at * 4 + (this.#shorts[2 * at + 7] as number);
    const taker = this.#shorts[2 * at + protocolAt] === arpInMemory ? arp : sink;
    if (taker === undefined) return false;
    const atUs = this.#timeOf(words[at + 4]! >>> 0, words[at + 5]!);
    this.isSent = this.#ring!.bytes[at * 4 + packetTypeAt] === outgoing;
    this.interfaceIndex = words[at + interfaceAt]!;
    const isUnchecked = !this.isSent && (words[at]! & checksumSeenTo) === 0;
    taker(
      this.#ring!.bytes,
      start,
      link + words[at + 2]!,
      atUs,
      words[at + 1]! - (start - link),
      isUnchecked,
    );
    return true;
  }

  /** Packets that found the ring full, since it was made. */
  drops(): number {
    if (this.#ring === undefined) return this.#drops;
    this.#statisticsLength[0] = 8;
    const { fd } = this;
    // The kernel's counters start over at each reading.
    if (
      libc().getsockopt(fd, packetLevel, option.statistics, this.#statistics, this.#statisticsLength) === 0
    ) {
      this.#drops += this.#statistics[1] as number;
    }
    return this.#drops;
  }

  close(): void {
    if (this.#ring === undefined) return;
    this.drops();
    const { address, bytes } = this.#ring;
    this.#ring = undefined;
    libc().munmap(address, bytes.length);
    // The kernel waits for all processors twice: for the ring and for the socket.
    leaveBehind(this.fd);
  }

  /** Our own copies (on kernels before 4.20), and frames of VLANs, which have interfaces of their own. */
  #isForeign(at: number, status: number): boolean {
    if (!this.#hearsSent && this.#ring!.bytes[at * 4 + packetTypeAt] === outgoing) return true;
    return (status & vlanValid) !== 0 && (this.#shorts[2 * at + 12]! & vlanIdMask) !== 0;
  }

  /** An interface that goes down leaves an error that keeps the descriptor readable; reading it clears it. */
  #clearError(): void {
    this.#statisticsLength[0] = 4;
    libc().getsockopt(this.fd, socketLevel, option.error, this.#statistics, this.#statisticsLength);
  }

  /** Adds a unicast address to the card's list: no need to be promiscuous. */
  #listenOn(mac: Uint8Array, interfaceIndex: number, interfaceName: string): void {
    // struct packet_mreq: interface, type PACKET_MR_UNICAST (3), address length, address.
    const request = new Uint8Array(16);
    request.set(int(interfaceIndex));
    new Uint16Array(request.buffer).set([3, 6], 2);
    request.set(mac, 8);
    setOption(
      this.fd,
      packetLevel,
      option.addMembership,
      request,
      `receive for that MAC on "${interfaceName}"`,
    );
  }

  /** Asks for a ring and, where memory is short, for smaller ones. */
  #makeRing(wanted: number, interfaceName: string): number {
    setOption(this.fd, packetLevel, option.version, int(1), `use TPACKET_V2 on "${interfaceName}"`);
    for (let frames = wanted; ; frames = Math.ceil(frames / 2)) {
      const { request, total } = ringOf(frames, this.#frameBytes);
      if (tryOption(this.fd, packetLevel, option.receiveRing, request)) return total;
      if (errno() !== errnos.ENOMEM || total <= minFrames) {
        throw abandon(this.fd, `make a receive ring of ${total} packets on "${interfaceName}"`);
      }
    }
  }
}

/** The kernel's header and the packet, in a power of two, so that frames fill blocks without a rest. */
function frameBytesFor(snapLength: number): number {
  const wanted = Math.min(Math.max(snapLength, minSnapLength), maxSnapLength) + packetAt;
  return 2 ** Math.ceil(Math.log2(wanted));
}

/** As many frames as memory is spent on. */
function mostFrames(frameBytes: number): number {
  return Math.max(minFrames, Math.min(maxFrames, Math.floor(maxRingBytes / frameBytes)));
}

/** The request for a ring of `frames`, and how many it will have: blocks are full. */
function ringOf(
  frames: number,
  frameBytes: number,
): { readonly request: Uint8Array; readonly total: number } {
  const perBlock = Math.max(1, blockBytes / frameBytes);
  const blocks = Math.max(1, Math.ceil(frames / perBlock));
  const total = blocks * perBlock;
  // struct tpacket_req: block size, blocks, frame size, frames.
  const words = Uint32Array.of(Math.max(blockBytes, frameBytes), blocks, frameBytes, total);
  return { request: new Uint8Array(words.buffer), total };
}

const option = {
  addMembership: 1,
  receiveRing: 5,
  statistics: 6,
  version: 10,
  error: 4,
} as const;

/**
 * A frame: struct tpacket2_hdr (status, length, snapLength: 4 bytes each; mac, net: 2; seconds, nanoseconds:
 * 4; VLAN tag, VLAN type: 2), struct sockaddr_ll at 32 (family 2, protocol 2, interface 4, hardware type 2,
 * packet type 1, …), then the packet: TPACKET_ALIGN(32 + 20) + 16 bytes on.
 */
const packetAt = 80;
const protocolAt = 17;
const packetTypeAt = 42;
/** In words. */
const interfaceAt = 9;
const arpInMemory = new Uint16Array(Uint8Array.of(0x08, 0x06).buffer)[0];

/** TP_STATUS_CSUMNOTREADY (left to a card that it never came to) and TP_STATUS_CSUM_VALID. */
const checksumSeenTo = 0x88;
/** TP_STATUS_USER, TP_STATUS_VLAN_VALID, PACKET_OUTGOING. */
const forUs = 1;
const vlanValid = 0x10;
const vlanIdMask = 0x0fff;
const outgoing = 4;

const minSnapLength = 176;
const maxSnapLength = 65_456;
/** 16,384 frames of 256 bytes are 4 MiB and last 20 ms at 800,000 answers a second. */
const maxFrames = 16_384;
const minFrames = 256;
const maxRingBytes = 16 << 20;
/** Blocks of sixteen pages: small enough to be found in fragmented memory. */
const blockBytes = 1 << 16;
