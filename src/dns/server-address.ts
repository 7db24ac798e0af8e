/** Where a name server is: what users write, as sockets want it. @module */

import type { Peer } from '../dial/datagram-pool.ts';
import { addressBytes, formatAddress } from '../model/address.ts';
import { parseAddress, parseDecimal } from '../model/parse-address.ts';
import { hasLibc, libc } from '../system/ffi.ts';

/** Reads `address`, `address:port` or `[v6]:port`; undefined where it is none of them. */
export function readServerAddress(text: string): Peer | undefined {
  const { host, port = dnsPort } = splitPort(text);
  const address = parseAddress(host);
  if (address === undefined || port === 0) return undefined;
  return {
    family: address.family,
    address: addressBytes(address),
    scopeId: scopeOf(address.zone),
    port,
    text: formatAddress(address),
  };
}

/** Whether a text names a server. */
export function isServerAddress(text: string): boolean {
  return readServerAddress(text) !== undefined;
}

/** The address and the port that is named beside it. */
function splitPort(text: string): { readonly host: string; readonly port?: number } {
  const [, v6, v4, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = v6 ?? v4;
  if (host === undefined) return { host: text };
  const port = digits === undefined ? undefined : (parseDecimal(digits, 0xffff) ?? 0);
  return { host, ...(port !== undefined && { port }) };
}

function scopeOf(zone: string | undefined): number {
  if (zone === undefined || !hasLibc) return 0;
  return parseDecimal(zone, 0xffff_ffff) ?? libc().if_nametoindex(zone);
}

const dnsPort = 53;
