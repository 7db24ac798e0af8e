/**
 * Puts fragments of small packets together (RFC 791, 3.2; RFC 8200, 4.5): what a firewall lets through piece by piece has
 * arrived when all of it has. Bounded in number, size and time, whoever sends.
 *
 * @module
 */

import { uint16 } from '../../wire/bytes.ts';
import type { PacketFields } from '../../wire/packet-fields.ts';

/** Keeps fragments until their packet is whole. Times are microseconds. */
export class Reassembly {
  readonly #pending = new Map<string, Pending>();

  /** Takes a fragment; the packet that it completes, as if it had never been in pieces, else undefined. */
  take(fields: PacketFields, bytes: Uint8Array, nowUs: number): Uint8Array | undefined {
    const { family, fragmentOffset: offset, transportOffset, transportEnd } = fields;
    const body = bytes.subarray(transportOffset, transportEnd);
    const isLast = !hasMore(fields, bytes);
    if (fields.isCut || offset + body.length > mostBytes || (!isLast && body.length % 8 !== 0))
      return undefined;
    const key = keyOf(fields, bytes);
    const pending = this.#of(key, nowUs);
    pending.body.set(body, offset);
    for (let at = offset >> 3; at < Math.ceil((offset + body.length) / 8); at++) pending.has[at] = 1;
    if (isLast) pending.length = offset + body.length;
    if (offset === 0) {
      const headerAt = fields.sourceOffset - (family === 4 ? 12 : 8);
      pending.header = bytes.slice(
        headerAt,
        headerAt + (family === 4 ? 4 * ((bytes[headerAt] as number) & 15) : 40),
      );
      pending.protocol = fields.protocol;
    }
    const whole = joined(pending);
    if (whole !== undefined) this.#pending.delete(key);
    return whole;
  }

  #of(key: string, nowUs: number): Pending {
    const found = this.#pending.get(key);
    if (found !== undefined && nowUs - found.sinceUs < longestUs) return found;
    this.#pending.delete(key);
    const [oldest] = this.#pending.keys();
    if (this.#pending.size >= mostPending && oldest !== undefined) this.#pending.delete(oldest);
    const pending: Pending = {
      sinceUs: nowUs,
      body: new Uint8Array(mostBytes),
      has: new Uint8Array(mostBytes / 8),
      length: -1,
      header: undefined,
      protocol: 0,
    };
    this.#pending.set(key, pending);
    return pending;
  }
}

interface Pending {
  readonly sinceUs: number;
  readonly body: Uint8Array;
  /** By eight bytes: whether they are there. */
  readonly has: Uint8Array;
  /** -1: the last fragment is not there. */
  length: number;
  header: Uint8Array | undefined;
  protocol: number;
}

function joined({ body, has, length, header, protocol }: Pending): Uint8Array | undefined {
  if (length < 0 || header === undefined) return undefined;
  for (let at = 0; at < Math.ceil(length / 8); at++) if (has[at] === 0) return undefined;
  const packet = new Uint8Array(header.length + length);
  const view = new DataView(packet.buffer);
  packet.set(header);
  packet.set(body.subarray(0, length), header.length);
  if ((header[0] as number) >> 4 === 4) {
    view.setUint16(2, packet.length);
    view.setUint16(6, 0);
  } else {
    view.setUint16(4, length);
    packet[6] = protocol;
  }
  return packet;
}

/** What the fragments of a packet have in common; of IPv6 the protocol is the first one's to tell (RFC 8200, 4.5). */
function keyOf({ family, sourceOffset, ipId, protocol }: PacketFields, bytes: Uint8Array): string {
  const addresses = Buffer.from(bytes.buffer, bytes.byteOffset + sourceOffset, family === 4 ? 8 : 32);
  return `${addresses.toString('latin1')} ${ipId} ${family === 4 ? protocol : 6}`;
}

function hasMore({ family, sourceOffset, transportOffset }: PacketFields, bytes: Uint8Array): boolean {
  return family === 4
    ? (uint16(bytes, sourceOffset - 6) & 0x2000) !== 0
    : ((bytes[transportOffset - 5] as number) & 1) !== 0;
}

/** Longer than any probe. */
const mostBytes = 2048;
const mostPending = 256;
const longestUs = 5_000_000;
