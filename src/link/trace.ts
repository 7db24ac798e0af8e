/**
 * Prints every packet that goes through a link, one line each (`--packet-trace`).
 *
 * @module
 */

import { arp as arpCodec } from '../wire/arp.ts';
import { viewOf } from '../wire/bytes.ts';
import { Malformed } from '../wire/codec.ts';
import { describePacket } from '../wire/dump.ts';
import type { Link, PacketSink } from './link.ts';
import { ObservedLink } from './wrapped-link.ts';

/** Prints what goes through a link with the seconds since `startUs`: `SENT (0.0412s) IPv4 …`. */
export function traceLink(link: Link, print: (line: string) => void, startUs: number): Link {
  return new TracedLink(link, print, startUs);
}

class TracedLink extends ObservedLink {
  readonly #print: (line: string) => void;
  readonly #startUs: number;

  constructor(link: Link, print: (line: string) => void, startUs: number) {
    super(link);
    this.#print = print;
    this.#startUs = startUs;
  }

  protected sent(bytes: Uint8Array, start: number, end: number, atUs: number): void {
    this.#line('SENT', atUs, describePacket(bytes, start, end));
  }

  protected sentFrame(frame: Uint8Array, atUs: number): void {
    const line = isArp(frame)
      ? describeArp(frame, 14, frame.length)
      : describePacket(frame, 14, frame.length);
    this.#line('SENT', atUs, line);
  }

  protected received: PacketSink = (bytes, start, end, atUs) => {
    this.#line('RCVD', atUs, describePacket(bytes, start, end));
  };

  protected receivedArp: PacketSink = (bytes, start, end, atUs) => {
    this.#line('RCVD', atUs, describeArp(bytes, start, end));
  };

  #line(way: 'SENT' | 'RCVD', atUs: number, packet: string): void {
    this.#print(`${way} (${((atUs - this.#startUs) / 1e6).toFixed(4)}s) ${packet}`);
  }
}

function isArp(frame: Uint8Array): boolean {
  return frame[12] === 0x08 && frame[13] === 0x06;
}

function describeArp(bytes: Uint8Array, start: number, end: number): string {
  const header = arpCodec.parse(viewOf(bytes), start, end);
  return header instanceof Malformed ? `ARP (${header.problem})` : arpCodec.describe(header);
}
