/**
 * Reads captures: pcap files of Ethernet interfaces, as tcpdump writes them.
 *
 * @module
 */

import { readFileSync } from 'node:fs';

/** A captured Ethernet frame. */
export interface Frame {
  readonly source: string;
  readonly destination: string;
  readonly etherType: number;
  /** What follows the Ethernet header. */
  readonly packet: Uint8Array;
}

/** Every frame of a pcap file. */
export function readPcap(file: string): readonly Frame[] {
  const bytes = new Uint8Array(readFileSync(file));
  const view = new DataView(bytes.buffer);
  const little = view.getUint32(0, true) === magic;
  if (!little && view.getUint32(0) !== magic) throw new Error(`${file}: no pcap file`);
  if (view.getUint32(20, little) !== ethernet) throw new Error(`${file}: not of an Ethernet interface`);
  const frames: Frame[] = [];
  for (let at = 24; at < bytes.length; ) {
    const length = view.getUint32(at + 8, little);
    const frame = bytes.subarray(at + 16, at + 16 + length);
    frames.push({
      destination: macText(frame.subarray(0, 6)),
      source: macText(frame.subarray(6, 12)),
      etherType: ((frame[12] as number) << 8) | (frame[13] as number),
      packet: frame.slice(14),
    });
    at += 16 + length;
  }
  return frames;
}

function macText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

const magic = 0xa1b2_c3d4;
const ethernet = 1;
