/**
 * Reads received IP packets on the hot path: numbers into a struct, no object per packet.
 *
 * @module
 */

import { PacketFields } from './packet-fields.ts';
import { hasQuote, quoteEnd, readQuote } from './quote.ts';
import { readIp } from './read-ip.ts';
import { readTransport } from './read-transport.ts';

/** The fields of the packet read last; made once, used for every packet. */
export class PacketReader extends PacketFields {
  /** Whether this is an ICMP error whose quoted packet has a whole IP header; `quote` counts only then. */
  isError = false;
  /** The packet that the ICMP error quotes. */
  readonly quote: PacketFields = new PacketFields();

  /**
   * Reads the packet at `bytes[start, end)` and returns whether it has a whole and plausible IP header; after
   * false no field counts. Ports and the like count only with `hasTransport`. No checksum is verified: the
   * network card may fill it in later (see `checksumOk`).
   */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.isError = false;
    if (!readIp(this, bytes, start, end, false)) return false;
    readTransport(this, bytes, false);
    if (hasQuote(this.family, this.icmpType)) {
      const end = quoteEnd(bytes, this.family, this.transportOffset, this.transportEnd);
      const isQuote = readQuote(this.quote, bytes, this.payloadOffset, end);
      // ICMP of one family never answers a packet of the other.
      this.isError = isQuote && this.quote.family === this.family;
    }
    return true;
  }
}
