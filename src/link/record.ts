/**
 * Evidence: everything that is sent and received, as a pcapng file.
 *
 * @module
 */

import { enhancedPacket, interfaceDescription, linkType, sectionHeader } from '../wire/pcapng.ts';
import { wallOffsetUs } from './clock.ts';
import { type Link, monotonicUs, type PacketSink } from './link.ts';
import { ObservedLink } from './wrapped-link.ts';

/** Writes one file of several links. It is whole after every block. */
export class Recorder {
  readonly #write: (block: Uint8Array) => void;
  readonly #wallOffset: () => number;
  #interfaces = 0;

  /** `write` takes the file's pieces in order; `wallOffset` turns link times into times of day. */
  constructor(
    write: (block: Uint8Array) => void,
    application: string,
    wallOffset: () => number = wallOffsetUs,
  ) {
    this.#write = write;
    this.#wallOffset = wallOffset;
    write(sectionHeader(application));
  }

  /** A link that works like `link` and is recorded. */
  record(link: Link): Link {
    const packets = this.#addInterface(link.name, linkType.raw);
    // IP packets are kept as they are; ARP needs an Ethernet header around it, so an interface of its own.
    const frames = link.mac === null ? -1 : this.#addInterface(link.name, linkType.ethernet);
    return new RecordedLink(link, {
      packet: (direction, bytes, atUs, originalLength) =>
        this.#packet(packets, direction, bytes, atUs, originalLength),
      frame: (direction, bytes, atUs) => this.#packet(frames, direction, bytes, atUs, bytes.length),
    });
  }

  #addInterface(name: string, type: number): number {
    this.#write(interfaceDescription({ name, linkType: type, snapLength: 0, resolution: 'us' }));
    return this.#interfaces++;
  }

  #packet(
    interfaceId: number,
    direction: 'in' | 'out',
    bytes: Uint8Array,
    atUs: number,
    originalLength: number,
  ): void {
    const timestamp = BigInt(Math.round(atUs + this.#wallOffset()));
    this.#write(enhancedPacket({ interfaceId, timestamp, bytes, originalLength, direction }));
  }
}

interface Recording {
  packet(direction: 'in' | 'out', bytes: Uint8Array, atUs: number, originalLength: number): void;
  frame(direction: 'in' | 'out', bytes: Uint8Array, atUs: number): void;
}

class RecordedLink extends ObservedLink {
  readonly #recording: Recording;

  constructor(link: Link, recording: Recording) {
    super(link);
    this.#recording = recording;
  }

  protected sent(bytes: Uint8Array, start: number, end: number): void {
    this.#recording.packet('out', bytes.subarray(start, end), monotonicUs(), end - start);
  }

  protected sentFrame(frame: Uint8Array): void {
    this.#recording.frame('out', frame, monotonicUs());
  }

  protected received: PacketSink = (bytes, start, end, atUs, wireLength) => {
    this.#recording.packet('in', bytes.subarray(start, end), atUs, wireLength);
  };

  /** ARP arrives without its Ethernet header, which is made again: to us, from the message's own sender. */
  protected receivedArp: PacketSink = (bytes, start, end, atUs) => {
    if (end - start < 14) return;
    const frame = new Uint8Array(14 + end - start);
    if (this.mac !== null) frame.set(this.mac);
    frame.set(bytes.subarray(start + 8, start + 14), 6);
    frame.set([0x08, 0x06], 12);
    frame.set(bytes.subarray(start, end), 14);
    this.#recording.frame('in', frame, atUs);
  };
}
