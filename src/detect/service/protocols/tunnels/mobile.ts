/**
 * The core of mobile networks: echoes of GTP (3GPP TS 29.060, 7.2 and TS 29.274, 7.1) and heartbeats of PFCP (TS 29.244,
 * 7.4.2), by which neighbours see that each other lives.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Parsed } from '../../contract.ts';
import { questionOf } from '../../payload.ts';

/** Tunnels of subscribers. */
export const gtp: DatagramProtocol = {
  name: 'gtp-control',
  transport: 'udp',
  ports: [2123, 2152],
  request: { cost: 9, bytes: questionOf('gtp-v2') },
  parse: parseGtp,
  products: [],
};

/** Who tells forwarders what to do, and they. */
export const pfcp: DatagramProtocol = {
  name: 'pfcp',
  transport: 'udp',
  ports: [8805],
  request: { cost: 9, bytes: questionOf('pfcp') },
  parse: (bytes) => {
    const reader = new ByteReader(bytes);
    const isAnswer = reader.u8() === 0x20 && reader.u8() === 2 && reader.u16() === bytes.length - 4;
    reader.u32();
    // The time at which it was started has to be there.
    const isStamped = reader.u16() === 96 && reader.u16() === 4;
    reader.u32();
    return isAnswer && isStamped && !reader.isShort ? { facts: {} } : undefined;
  },
  products: [],
};

/** An echo's answer, and how often whoever gives it was restarted. */
function parseGtp(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const first = reader.u8();
  const kind = reader.u8();
  const length = reader.u16();
  const version = first >> 5;
  const headBytes = version === 2 ? 4 : 8;
  const isOne = (version === 1 && (first & 0x10) !== 0) || (version === 2 && (first & 0x18) === 0);
  if (kind !== 2 || !isOne || length !== bytes.length - headBytes) return undefined;
  reader.take(version === 2 ? 4 : 8);
  const isCounted = reader.u8() === (version === 2 ? 3 : 14);
  if (version === 2) reader.take(3);
  const restarts = reader.u8();
  if (!isCounted || reader.isShort) return undefined;
  return { facts: { version: `${version}`, restarts: `${restarts}` } };
}
