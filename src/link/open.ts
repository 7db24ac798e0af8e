/**
 * Opens the kind of link an interface needs.
 *
 * @module
 */

import { PortolanError } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { hasLibc } from '../system/ffi.ts';
import type { LinkKind } from '../system/interface.ts';
import type { Accepted } from './filter.ts';
import { openIpLink } from './ip-link.ts';
import type { Link } from './link.ts';
import { openPacketLink } from './packet-link.ts';
import { openRawLink } from './raw-link.ts';
import type { SlotMemory } from './send-buffer.ts';

/** What a link must know of its interface; what `listInterfaces` returns fits. */
export interface LinkInterface {
  readonly name: string;
  readonly index: number;
  readonly mtu: number;
  readonly kind: LinkKind;
  readonly mac: Uint8Array | null;
}

/** What is received, and how large the buffers are. */
export interface LinkWants extends Accepted {
  /** Bytes kept of each received packet. Default 176: answers and errors whole, of data the beginning. */
  readonly snapLength?: number;
  /** Received packets that may wait to be read. Default 16,384, fewer where they are long. */
  readonly ringFrames?: number;
  /** Slots for packets to be sent. Default 256. */
  readonly slots?: number;
  /** The longest packet that will be written. Default: the MTU, or 2048 where that is less. */
  readonly packetBytes?: number;
  /** Where the slots are to stand; absent: anywhere. */
  readonly memory?: SlotMemory;
  /** The hardware address to send from instead of the interface's own; it is listened to as well. */
  readonly mac?: Uint8Array;
}

/** Opens a link on an interface: the loopback's reaches all our own addresses. Needs CAP_NET_RAW. */
export function openLink(way: LinkInterface, wants: LinkWants): Link {
  if (!hasLibc) {
    throw new PortolanError(
      'not-available',
      `Cannot send raw packets on ${process.platform}: wanted Linux`,
      named('techniques', 'connect'),
    );
  }
  const { mac: otherMac, ...rest } = wants;
  const options = { ...rest, interfaceName: way.name, interfaceIndex: way.index, mtu: way.mtu };
  switch (way.kind) {
    case 'loopback':
      return openIpLink(options);
    case 'raw':
      return openRawLink(options);
    case 'ethernet': {
      const mac = otherMac ?? way.mac;
      if (mac?.length !== 6) {
        throw new PortolanError(
          'not-available',
          `Cannot use "${way.name}": found no hardware address of 6 bytes`,
        );
      }
      return openPacketLink({ ...options, mac, ...(otherMac !== undefined && { extraMac: otherMac }) });
    }
  }
}
