/**
 * Whether a packet carries the cookie computed last: as an echo, or inside the packet it quotes.
 *
 * @module
 */

import type { PacketFields } from '../../wire/packet-fields.ts';
import type { PacketReader } from '../../wire/read-packet.ts';
import { initiateTag } from '../probes/sctp-writer.ts';
import { sourcePortOf, type Variant } from '../probes/variant.ts';
import { transportNumber } from '../questions/questions.ts';
import { type Cookies, echoesCookie } from './cookie.ts';

/** Whether a direct answer echoes the current cookie; `probeFlags` are those of the probe, where it is a TCP segment. */
export function isEchoed(
  reader: PacketReader,
  { sequence, extra }: Cookies,
  variant: Variant,
  probeFlags: number,
): boolean {
  if (isIcmp(reader)) return ((reader.icmpId << 16) | reader.icmpSequence) >>> 0 === sequence;
  if (reader.destinationPort !== sourcePortOf(variant, extra)) return false;
  if (reader.protocol === transportNumber.sctp) return reader.verificationTag === initiateTag(sequence);
  if (reader.protocol !== transportNumber.tcp) return true;
  return echoesCookie(
    sequence,
    probeFlags,
    variant.data.length,
    reader.tcpFlags,
    reader.sequence,
    reader.acknowledgement,
  );
}

/** Whether the quoted packet is the transmission of the current cookie. */
export function isQuoted({ quote }: PacketReader, { sequence, extra }: Cookies, variant: Variant): boolean {
  if (isIcmp(quote)) return ((quote.icmpId << 16) | quote.icmpSequence) >>> 0 === sequence;
  // A router may rewrite the identification; it counts where nothing else ties the packet to the probe.
  if (!isPortProtocol(quote.protocol)) return quote.family === 6 || quote.ipId === ipIdOf(variant, extra);
  if (quote.sourcePort !== sourcePortOf(variant, extra)) return false;
  return quote.protocol !== transportNumber.tcp || quote.sequence === sequence;
}

function ipIdOf({ ipId }: Variant, extra: number): number {
  return ipId >= 0 ? ipId : extra >>> 16;
}

/** Whether a packet is one of its family's ICMP; that of the other family is any protocol, with no number to echo. */
export function isIcmp({ family, protocol }: PacketFields): boolean {
  return protocol === (family === 4 ? 1 : 58);
}

/** Whether packets of this protocol have ports. */
export function isPortProtocol(protocol: number): boolean {
  return (
    protocol === transportNumber.tcp || protocol === transportNumber.udp || protocol === transportNumber.sctp
  );
}
