/**
 * Interfaces as Node knows them, on macOS and Windows.
 *
 * @module
 */

import { networkInterfaces } from 'node:os';
import { parseAddress } from '../model/parse-address.ts';
import type { NetworkInterface } from './interface.ts';
import { withZone } from './link-local.ts';

/** Every interface that has an address, with what Node does not tell estimated. */
export function interfacesFromNode(): readonly NetworkInterface[] {
  return Object.entries(networkInterfaces()).map(([name, entries = []], position) => {
    const isLoopback = entries[0]?.internal === true;
    const mac = Uint8Array.from((entries[0]?.mac ?? '').split(':'), (part) => Number.parseInt(part, 16));
    return {
      name,
      index: entries.find((entry) => entry.family === 'IPv6' && entry.scopeid > 0)?.scopeid ?? position + 1,
      mtu: usualMtu,
      kind: isLoopback ? 'loopback' : 'ethernet',
      mac: mac.length === 6 && !isLoopback ? mac : null,
      // Node lists only interfaces that are up and running.
      up: true,
      running: true,
      addresses: entries.flatMap(({ address: text, cidr }) => {
        const address = parseAddress(text.replace(/%.*/, ''));
        if (address === undefined) return [];
        const prefix = Number(cidr?.split('/')[1] ?? (address.family === 4 ? 32 : 128));
        return [{ address: withZone(address, name), prefix }];
      }),
    };
  });
}

/** Node tells no MTU; raw packets, which would need it, exist on Linux only. */
const usualMtu = 1500;
