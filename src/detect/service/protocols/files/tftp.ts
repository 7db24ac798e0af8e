/**
 * TFTP (RFC 1350): asked for a file that is hardly there it answers with an error.
 *
 * @module
 */

import type { DatagramProtocol, Parsed } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { textOf } from '../../text.ts';

/** Files for those that begin. */
export const tftp: DatagramProtocol = {
  name: 'tftp',
  transport: 'udp',
  ports: [69],
  request: { cost: 7, bytes: questionOf('tftp') },
  parse,
  products: [
    // It tells whom it refuses what (source: its manual; the text is its own).
    { when: { error: /^file .{1,100} not found for \S{2,60}$/ }, product: 'dnsmasq-tftpd', confidence: 7 },
  ],
};

/** An error (RFC 1350, 5): its code, and a text that ends in zero. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const [high, operation, zero, code = 0] = bytes;
  const text = bytes.subarray(4);
  if (high !== 0 || operation !== 5 || zero !== 0 || code > 8 || text.length < 2 || text.length > 300)
    return undefined;
  if (text.indexOf(0) !== text.length - 1 || text.subarray(0, -1).some((byte) => byte < 0x20))
    return undefined;
  return { facts: { errorCode: String(code), error: textOf(text.subarray(0, -1)) }, confidence: 7 };
}
