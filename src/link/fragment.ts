/**
 * Splits packets into fragments: IPv4 as RFC 791, section 3.2, IPv6 by a fragment header (RFC 8200, section 4.5).
 *
 * @module
 */

import { type FragmentPlan, orderOf } from '../model/fragment-plan.ts';
import { viewOf } from '../wire/bytes.ts';
import { writeIpv4Checksum } from '../wire/checksum.ts';
import { Malformed } from '../wire/codec.ts';
import { ipv4, ipv4Flag } from '../wire/ipv4.ts';
import { ipv6Fragment } from '../wire/ipv6-fragment.ts';
import { ipProtocol } from '../wire/numbers.ts';

/**
 * The fragments of `packet` in the order in which they leave; the packet itself where it needs none. IPv4 packets
 * carry their identification, for IPv6 it is `identification`.
 */
export function fragment(
  packet: Uint8Array,
  plan: FragmentPlan,
  identification: number,
): readonly Uint8Array[] {
  const isV4 = packet[0]! >> 4 === 4;
  const headerBytes = isV4 ? (packet[0]! & 15) * 4 : ipv6HeaderBytes;
  const body = packet.subarray(headerBytes);
  const header = packet.subarray(0, headerBytes);
  const fragments: Uint8Array[] = [];
  for (let offset = 0; offset < body.length; ) {
    const bytes = sizeAt(plan, fragments.length);
    if (offset === 0 && body.length <= bytes) return [packet];
    const part = body.subarray(offset, offset + bytes);
    const hasMore = offset + bytes < body.length;
    fragments.push(
      isV4 ? partV4(header, part, offset, hasMore) : partV6(header, part, offset, hasMore, identification),
    );
    offset += bytes;
  }
  return orderOf(plan, fragments.length).map((place) => fragments[place] as Uint8Array);
}

/** Bytes of the fragment at a place. */
function sizeAt({ sizes }: FragmentPlan, place: number): number {
  return sizes[Math.min(place, sizes.length - 1)] as number;
}

function partV4(header: Uint8Array, part: Uint8Array, offset: number, hasMore: boolean): Uint8Array {
  const whole = ipv4.parse(viewOf(header), 0, header.length);
  if (whole instanceof Malformed) throw new Error(`cannot fragment: ${whole.problem}`);
  // Behind the first fragment, only options with the copied flag are repeated (RFC 791, section 3.1).
  const options = offset === 0 ? whole.options : whole.options.filter(({ kind }) => (kind & copied) !== 0);
  const own = {
    ...whole,
    options,
    flags: hasMore ? ipv4Flag.moreFragments : 0,
    fragmentOffset: offset,
  };
  const headerBytes = ipv4.length(own);
  const bytes = new Uint8Array(headerBytes + part.length);
  ipv4.emit({ ...own, totalLength: bytes.length, checksum: 0 }, viewOf(bytes), 0);
  writeIpv4Checksum(bytes, 0);
  bytes.set(part, headerBytes);
  return bytes;
}

function partV6(
  header: Uint8Array,
  part: Uint8Array,
  offset: number,
  moreFragments: boolean,
  identification: number,
): Uint8Array {
  const bytes = new Uint8Array(ipv6HeaderBytes + ipv6Fragment.minLength + part.length);
  const view = viewOf(bytes);
  bytes.set(header);
  view.setUint16(payloadLengthOffset, bytes.length - ipv6HeaderBytes);
  bytes[nextHeaderOffset] = ipProtocol.fragment;
  const nextHeader = header[nextHeaderOffset] as number;
  ipv6Fragment.emit({ nextHeader, offset, moreFragments, identification }, view, ipv6HeaderBytes);
  bytes.set(part, ipv6HeaderBytes + ipv6Fragment.minLength);
  return bytes;
}

const ipv6HeaderBytes = 40;
const payloadLengthOffset = 4;
const nextHeaderOffset = 6;
const copied = 0x80;
