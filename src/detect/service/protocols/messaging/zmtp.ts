/**
 * ZMTP, what ZeroMQ's sockets speak (rfc.zeromq.org, 23/ZMTP): each side begins with its signature; the other's version
 * and mechanism come after ours.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, zeros } from '../../byte-writer.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Sockets of ZeroMQ. */
export const zmtp: Protocol = {
  name: 'zmtp',
  transport: 'tcp',
  ports: [5555, 5556],
  greeting: true,
  more: { cost: 1, bytes: () => greeting },
  parse,
  isWhole: (bytes) => bytes.length >= 64 && (bytes.length > 66 || textOf(bytes.subarray(12, 16)) !== 'NULL'),
  products: [],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isSigned =
    reader.u8() === 0xff && reader.u32() === 0 && reader.u16() === 0 && reader.u16() <= 0x100 + 0xff;
  if (!isSigned || reader.u8() !== 0x7f) return undefined;
  const [major, minor] = [reader.u8(), reader.u8()];
  if (reader.isShort) return { facts: {} };
  const mechanism = textOf(reader.take(20)).replace(/\0.*$/s, '');
  reader.take(1 + 31);
  // The command READY with the type of the socket, where nothing has to be proven before.
  reader.take(2);
  const command = textOf(reader.take(reader.u8()));
  const key = command === 'READY' ? textOf(reader.take(reader.u8())) : '';
  const type = key === 'Socket-Type' ? textOf(reader.take(reader.u32())) : '';
  return {
    facts: {
      info: `protocol version ${major}.${minor}`,
      ...(/^[A-Z0-9_]{1,20}$/.test(mechanism) && { mechanism }),
      ...(/^[A-Z]{1,10}$/.test(type) && { socketType: type }),
    },
  };
}

/** Signature, version 3.0, no mechanism, not a server. */
const greeting = bytesFrom(0xff, zeros(8), 0x7f, 3, 0, 'NULL', zeros(16), 0, zeros(31));
