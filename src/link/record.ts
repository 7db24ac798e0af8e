/**
 * Evidence: everything that is sent and received, as blocks of a pcapng file that somebody else writes.
 *
 * @module
 */

import { etherType } from '../wire/numbers.ts';
import { interfaceDescription, packetBlockBytes, putPacket } from '../wire/pcapng.ts';
import { wallOffsetUs } from './clock.ts';
import type { Link, PacketSink } from './link.ts';
import { ObservedLink } from './wrapped-link.ts';

/** Keeps the packets of several links until they are handed over. */
export class Recorder {
  readonly #hand: (blocks: Uint8Array<ArrayBuffer>) => void;
  readonly #wallOffset: () => number;
  #interfaces = 0;
  #blocks = new Uint8Array(0);
  #view = new DataView(this.#blocks.buffer);
  #length = 0;

  /**
   * `hand` takes whole blocks, in order and for good: an interface's description, or packets. Interfaces are numbered
   * as they are described. `wallOffset` turns link times into times of day.
   */
  constructor(hand: (blocks: Uint8Array<ArrayBuffer>) => void, wallOffset: () => number = wallOffsetUs) {
    this.#hand = hand;
    this.#wallOffset = wallOffset;
  }

  /** A link that works like `link` and is recorded. */
  record(link: Link): Link {
    return new RecordedLink(link, this, this.addInterface(link.name));
  }

  /** Describes an interface and returns its number. */
  addInterface(name: string): number {
    this.flush();
    this.#hand(interfaceDescription(name));
    return this.#interfaces++;
  }

  /** Keeps the packet `bytes[start, end)` of an interface, which stands behind `header`. */
  add(
    interfaceId: number,
    direction: 'in' | 'out',
    header: Uint8Array,
    bytes: Uint8Array,
    start: number,
    end: number,
    atUs: number,
    wireLength: number,
  ): void {
    const needed = packetBlockBytes(header.length + end - start);
    if (this.#length + needed > this.#blocks.length) this.#makeRoom(needed);
    this.#length = putPacket(
      this.#blocks,
      this.#view,
      this.#length,
      interfaceId,
      direction,
      Math.round(atUs + this.#wallOffset()),
      header,
      bytes,
      start,
      end,
      wireLength,
    );
  }

  /** Hands over what is kept. */
  flush(): void {
    if (this.#length === 0) return;
    const blocks = this.#blocks.subarray(0, this.#length);
    this.#blocks = new Uint8Array(0);
    this.#length = 0;
    this.#hand(blocks);
  }

  #makeRoom(needed: number): void {
    this.flush();
    this.#blocks = new Uint8Array(Math.max(needed, usualBytes));
    this.#view = new DataView(this.#blocks.buffer);
  }
}

class RecordedLink extends ObservedLink {
  readonly #recorder: Recorder;
  readonly #id: number;

  constructor(link: Link, recorder: Recorder, id: number) {
    super(link);
    this.#recorder = recorder;
    this.#id = id;
  }

  protected sent(bytes: Uint8Array, start: number, end: number, atUs: number): void {
    this.#add('out', headerFor(bytes, start), bytes, start, end, atUs, end - start);
  }

  protected sentFrame(frame: Uint8Array, atUs: number): void {
    this.#recorder.add(this.#id, 'out', none, frame, 0, frame.length, atUs, frame.length);
  }

  protected received: PacketSink = (bytes, start, end, atUs, wireLength) => {
    this.#add('in', headerFor(bytes, start), bytes, start, end, atUs, wireLength);
  };

  protected receivedArp: PacketSink = (bytes, start, end, atUs, wireLength) => {
    this.#add('in', bareHeaders.arp, bytes, start, end, atUs, wireLength);
  };

  /** Keeps the link's own header where there is one. */
  #add(
    direction: 'in' | 'out',
    otherwise: Uint8Array,
    bytes: Uint8Array,
    start: number,
    end: number,
    atUs: number,
    wireLength: number,
  ): void {
    const own = this.headroom <= start ? this.headroom : 0;
    const header = own === 0 ? otherwise : none;
    this.#recorder.add(this.#id, direction, header, bytes, start - own, end, atUs, wireLength + own);
  }
}

/** The Ethernet header of a packet that never had one, as the kernel shows packets of the loopback. */
export function headerFor(bytes: Uint8Array, start: number): Uint8Array {
  return (bytes[start] as number) >> 4 === 6 ? bareHeaders.v6 : bareHeaders.v4;
}

function bareHeader(type: number): Uint8Array {
  return Uint8Array.of(...new Array<number>(12).fill(0), type >> 8, type & 255);
}

const bareHeaders = {
  v4: bareHeader(etherType.ipv4),
  v6: bareHeader(etherType.ipv6),
  arp: bareHeader(etherType.arp),
};
const none = new Uint8Array(0);
/** Blocks of some 2000 probes: one message for them. */
const usualBytes = 256 * 1024;
