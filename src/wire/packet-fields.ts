/**
 * What the hot path wants to know of a packet, as numbers in a struct that is filled again and again.
 *
 * @module
 */

/**
 * Fields of one IP packet. All numbers are unsigned; offsets count from the start of the array that was read.
 * Transport fields are 0 unless {@link PacketFields.hasTransport}, and then only those of `protocol` count.
 */
export class PacketFields {
  /** 4 or 6; 0 before the first packet. */
  family = 0;
  /** The upper-layer protocol, behind any IPv6 extension headers. */
  protocol = 0;
  /** Where the source address begins: 4 or 16 bytes. */
  sourceOffset = 0;
  destinationOffset = 0;
  /** Time to live, or hop limit. */
  ttl = 0;
  /** The identification of IPv4, or that of an IPv6 fragment header (32 bits), else 0. */
  ipId = 0;
  /** The DF bit of IPv4. */
  dontFragment = false;
  /** Whether this is one of several fragments. */
  isFragment = false;
  /** In bytes; above 0 there is no transport header. */
  fragmentOffset = 0;
  transportOffset = 0;
  /** Where the transport layer ends, by IP (and UDP) length and by the bytes at hand. */
  transportEnd = 0;
  /** Whether the packet says it is longer than the bytes at hand. */
  isCut = false;
  /** Whether a transport header was read whole; of a quoted packet, its first eight bytes. */
  hasTransport = false;
  /** What TCP, UDP or an ICMP header carries begins here, and ends at `transportEnd`. */
  payloadOffset = 0;

  sourcePort = 0;
  destinationPort = 0;

  /** TCP. In a quote, `acknowledgement`, `tcpFlags` and `window` are 0 where it stops before them. */
  sequence = 0;
  acknowledgement = 0;
  tcpFlags = 0;
  window = 0;

  /** SCTP. The first chunk's type is -1 where there is none. */
  verificationTag = 0;
  chunkType = -1;
  /** The initiate tag of an INIT or INIT ACK chunk, else 0. */
  initiateTag = 0;

  /** ICMP of either family. `icmpId` and `icmpSequence` are the second 32-bit word, whatever it means. */
  icmpType = 0;
  icmpCode = 0;
  icmpId = 0;
  icmpSequence = 0;
}
