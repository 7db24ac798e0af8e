/**
 * What Java's machines are spoken to with: the registry of RMI (Java RMI specification, 10.2), AJP of its web servers (its
 * protocol reference: CPing), and JDWP, by which debuggers come in (JDWP specification).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16 } from '../../byte-writer.ts';
import type { Protocol } from '../../contract.ts';
import { beginsWith, bytesOf, textOf } from '../../text.ts';

/** The registry tells under which address it sees who asks, and looks nothing up. */
export const rmi: Protocol = {
  name: 'java-rmi',
  transport: 'tcp',
  ports: [1098, 1099, 1090, 9010],
  request: { cost: 7, toStrangers: 'closes', hangsUp: 'end', bytes: () => bytesFrom('JRMI', u16(2), 0x4b) },
  parse: (bytes) => {
    const reader = new ByteReader(bytes);
    const isAgreed = reader.u8() === 0x4e;
    const client = textOf(reader.take(reader.u16()));
    reader.u32();
    const isRead = isAgreed && !reader.isShort && reader.left === 0 && /^[\w.:%-]{2,255}$/.test(client);
    return isRead ? { facts: {} } : undefined;
  },
  isWhole: (bytes) => bytes.length >= 7,
  products: [{ when: {}, product: 'Java RMI' }],
};

/** A ping between a web server and the one behind it. */
export const ajp: Protocol = {
  name: 'ajp13',
  transport: 'tcp',
  ports: [8009],
  request: { cost: 7, toStrangers: 'closes', hangsUp: 'end', bytes: () => bytesFrom(0x12, 0x34, u16(1), 10) },
  parse: (bytes) => (beginsWith(bytes, 'AB\0\x01\x09') ? { facts: {} } : undefined),
  isWhole: (bytes) => bytes.length >= 5,
  products: [],
};

/**
 * The only one whose question is not said to the port where it is usual: a machine takes one debugger at a time, and one
 * that waits for its debugger before it starts goes on when that has left. So the greeting, which runs nothing, is for
 * those who ask for everything.
 */
export const jdwp: Protocol = {
  name: 'jdwp',
  transport: 'tcp',
  ports: [],
  request: { cost: 9, toStrangers: 'closes', bytes: () => bytesOf(handshake) },
  parse: (bytes) =>
    beginsWith(bytes, handshake) && bytes.length === handshake.length ? { facts: {} } : undefined,
  isWhole: (bytes) => bytes.length >= handshake.length,
  products: [{ when: {}, product: 'Java Debug Wire Protocol' }],
};

const handshake = 'JDWP-Handshake';
