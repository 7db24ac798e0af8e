/**
 * OpenVPN (openvpn-wire-protocol, 4.1): a client's hard reset is answered by the server's. One that wants its packets
 * signed or encrypted (tls-auth, tls-crypt) says nothing to strangers.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16 } from '../../byte-writer.ts';
import type { DatagramProtocol, Parsed, Protocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';

/** Over TCP each packet has its length before it. */
export const openvpn: Protocol = {
  name: 'openvpn',
  transport: 'tcp',
  ports: [1194],
  request: {
    cost: 7,
    toStrangers: 'closes',
    hangsUp: 'end',
    hangsUpAfter: 2,
    bytes: () => bytesFrom(u16(askReset().length), askReset()),
  },
  parse: (bytes) => {
    const reader = new ByteReader(bytes);
    const packet = reader.take(reader.u16());
    return reader.isShort ? undefined : parse(packet);
  },
  isWhole: (bytes) => bytes.length >= 2 && bytes.length >= 2 + new ByteReader(bytes).u16(),
  products: products(),
};

/** Over UDP. */
export const openvpnDatagrams: DatagramProtocol = {
  name: 'openvpn',
  transport: 'udp',
  ports: [1194],
  request: { cost: 7, bytes: askReset },
  parse,
  products: products(),
};

/** The server's session, what it acknowledges and for whom, the number of its first packet. */
function parse(packet: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(packet);
  const kind = reader.u8();
  reader.take(8);
  const acknowledged = reader.u8();
  const first = reader.u32();
  reader.take(8);
  const number = reader.u32();
  const isReset = kind === serverReset && acknowledged === 1 && first === 0 && number === 0;
  return isReset && !reader.isShort && reader.left === 0 ? { facts: {} } : undefined;
}

function askReset(): Uint8Array {
  return questionOf('openvpn')();
}

function products() {
  return [{ when: {}, product: 'OpenVPN', cpe: 'a:openvpn:openvpn' }];
}

/** Opcode 8, key 0. */
const serverReset = 8 << 3;
