/**
 * How well an answer proves itself by what it brings back of a probe, beside addresses and ports.
 *
 * @module
 */

import type { UdpPayload } from './payloads/contract.ts';
import type { Technique } from './technique.ts';

/**
 * Bits of a probe's cookie in its answers, the source port not counted. 0: nothing but addresses and ports ties an answer
 * to its probe. `payloads` is what a UDP probe says.
 */
export function proofBitsOf({ probe }: Technique, payloads: readonly UdpPayload[]): number {
  switch (probe.transport) {
    case 'tcp':
      // A reset brings back the sequence or the acknowledgement number (RFC 9293, 3.10.7.1), all else both.
      return 32;
    case 'sctp':
      // The verification tag (RFC 9260, 8.5).
      return 32;
    case 'icmp':
      // Identifier and sequence number (RFC 792, RFC 4443).
      return 32;
    case 'udp':
      return payloads.length > 0 && payloads.every(({ answers }) => answers) ? fewestIdBits : 0;
    case 'ip':
    case 'link':
    case 'socket':
      return 0;
  }
}

/** The shortest id among the payloads' protocols: IPMI's sequence number. */
const fewestIdBits = 6;
