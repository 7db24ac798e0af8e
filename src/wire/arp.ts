/**
 * Address Resolution Protocol for IPv4 over Ethernet, RFC 826.
 *
 * @module
 */

import { ipText, macText } from './address-text.ts';
import { copyBytes, putBytes } from './bytes.ts';
import { type Codec, Malformed } from './codec.ts';

/** An ARP message. `hardwareType` is 1 and `protocolType` 0x0800 for IPv4 over Ethernet. */
export interface Arp {
  readonly hardwareType: number;
  readonly protocolType: number;
  readonly operation: number;
  readonly senderMac: Uint8Array;
  readonly senderAddress: Uint8Array;
  readonly targetMac: Uint8Array;
  readonly targetAddress: Uint8Array;
}

/** Reads and writes ARP messages whose addresses have 6 and 4 bytes. */
export const arp: Codec<Arp> = {
  name: 'arp',
  minLength: 28,

  length: () => at.end,

  parse(view, start, end) {
    const available = end - start;
    if (available < at.end) return new Malformed('arp', 'truncated', at.end, available);
    const macLength = view.getUint8(start + at.macLength);
    if (macLength !== 6) return new Malformed('arp', 'bad-length', 6, macLength);
    const addressLength = view.getUint8(start + at.addressLength);
    if (addressLength !== 4) return new Malformed('arp', 'bad-length', 4, addressLength);
    return {
      hardwareType: view.getUint16(start),
      protocolType: view.getUint16(start + at.protocolType),
      operation: view.getUint16(start + at.operation),
      senderMac: copyBytes(view, start + at.senderMac, 6),
      senderAddress: copyBytes(view, start + at.senderAddress, 4),
      targetMac: copyBytes(view, start + at.targetMac, 6),
      targetAddress: copyBytes(view, start + at.targetAddress, 4),
    };
  },

  emit(header, view, start) {
    view.setUint16(start, header.hardwareType);
    view.setUint16(start + at.protocolType, header.protocolType);
    view.setUint8(start + at.macLength, 6);
    view.setUint8(start + at.addressLength, 4);
    view.setUint16(start + at.operation, header.operation);
    putBytes(view, start + at.senderMac, header.senderMac);
    putBytes(view, start + at.senderAddress, header.senderAddress);
    putBytes(view, start + at.targetMac, header.targetMac);
    putBytes(view, start + at.targetAddress, header.targetAddress);
  },

  describe(header) {
    const sender = ipText(header.senderAddress);
    const target = ipText(header.targetAddress);
    if (header.operation === arpOperation.request) return `ARP who-has ${target} tell ${sender}`;
    if (header.operation === arpOperation.reply) return `ARP ${sender} is-at ${macText(header.senderMac)}`;
    return `ARP operation=${header.operation} ${sender} > ${target}`;
  },
};

/** The two operations that resolve addresses. */
export const arpOperation = { request: 1, reply: 2 } as const;

const at = {
  protocolType: 2,
  macLength: 4,
  addressLength: 5,
  operation: 6,
  senderMac: 8,
  senderAddress: 14,
  targetMac: 18,
  targetAddress: 24,
  end: 28,
} as const;
