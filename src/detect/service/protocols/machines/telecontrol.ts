/**
 * Telecontrol: IEC 60870-5-104 (5.3, TESTFR, which a station answers before it is started and without a command), and
 * DNP3 (IEEE 1815, 9.2.6: the status of the link).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, le16 } from '../../byte-writer.ts';
import type { Parsed, Protocol } from '../../contract.ts';

/** Asked whether the connection is alive. */
export const iec104: Protocol = {
  name: 'iec-104',
  transport: 'tcp',
  ports: [2404],
  request: { cost: 9, toStrangers: 'closes', bytes: () => Uint8Array.of(0x68, 4, 0x43, 0, 0, 0) },
  parse: (bytes) => {
    const reader = new ByteReader(bytes);
    const isConfirmed = reader.u8() === 0x68 && reader.u8() === 4 && reader.u32() === 0x8300_0000;
    return isConfirmed && !reader.isShort ? { facts: {} } : undefined;
  },
  isWhole: (bytes) => bytes.length >= 6,
  products: [],
};

/** Asked under the addresses that are usual, as nobody answers to another's. */
export const dnp3: Protocol = {
  name: 'dnp3',
  transport: 'tcp',
  ports: [20000],
  request: { cost: 9, toStrangers: 'waits', bytes: () => bytesFrom(...addresses.map(statusRequest)) },
  parse: parseDnp3,
  isWhole: (bytes) => bytes.length >= 10,
  products: [],
};

/** A head of ten bytes with its sum: from a station, in answer to a status request or because it knows none. */
function parseDnp3(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isHead = reader.u16() === 0x0564;
  const length = reader.u8();
  const control = reader.u8();
  reader.u16le();
  const address = reader.u16le();
  const sum = reader.u16le();
  const isSecondary = (control & 0xf0) === 0 || (control & 0xd0) === 0;
  const answer = answers[control & 0x0f];
  if (reader.isShort || !isHead || length !== 5 || !isSecondary || answer === undefined) return undefined;
  return sum === checksum(bytes.subarray(0, 8)) ? { facts: { address: `${address}`, answer } } : undefined;
}

/** From a master (address 3) to a station. */
function statusRequest(address: number): Uint8Array {
  const head = bytesFrom(0x05, 0x64, 5, 0xc9, le16(address), le16(3));
  return bytesFrom(head, le16(checksum(head)));
}

/** CRC-DNP (9.2.4.3.2). */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ ((sum & 1) === 1 ? 0xa6bc : 0);
  }
  return ~sum & 0xffff;
}

/** Whoever is asked under its own name (65532, where it is allowed), and the lowest numbers. */
const addresses = [0xfffc, 1, 2, 4, 10, 100, 1024];
const answers: Readonly<Record<number, string>> = {
  0: 'acknowledged',
  1: 'refused',
  11: 'link status',
  15: 'not known',
};
