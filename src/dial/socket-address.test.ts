import { expect, test } from 'vitest';
import {
  lengthOf,
  namesAddress,
  readAddress,
  readPort,
  socketAddressBytes,
  writeSocketAddress,
} from './socket-address.ts';

const v4 = Uint8Array.of(10, 0, 0, 5);
const v6 = Uint8Array.from({ length: 16 }, (_, i) => 0xf0 + i);

test('socket address: every byte is the kernel’s, whatever stood there', () => {
  const bytes = new Uint8Array(2 * socketAddressBytes).fill(0xee);
  writeSocketAddress(bytes, 32, 4, v4, 0, 0x1234);
  const two = (value: number) => [...new Uint8Array(Uint16Array.of(value).buffer)];
  const four = (value: number) => [...new Uint8Array(Uint32Array.of(value).buffer)];
  expect([...bytes.subarray(32, 40)]).toEqual([...two(2), 0x12, 0x34, ...v4]);
  writeSocketAddress(bytes, 32, 6, v6, 0x01020304, 443);
  expect([...bytes.subarray(32, 32 + lengthOf(6))]).toEqual([
    ...[...two(10), 1, 0xbb, 0, 0, 0, 0],
    ...[...v6, ...four(0x01020304)],
  ]);
  expect(bytes.subarray(0, 32).every((byte) => byte === 0xee)).toBe(true);
});

test('socket address: reading undoes writing', () => {
  const bytes = new Uint8Array(socketAddressBytes);
  for (const [family, address] of [
    [4, v4],
    [6, v6],
  ] as const) {
    writeSocketAddress(bytes, 0, family, address, 7, 65_535);
    expect(readPort(bytes, 0)).toBe(65_535);
    expect(readAddress(bytes, 0, family)).toEqual(address);
    expect(namesAddress(bytes, 0, family, address)).toBe(true);
    expect(
      namesAddress(
        bytes,
        0,
        family,
        Uint8Array.from(address, (byte, i) => (i === 3 ? 0 : byte)),
      ),
    ).toBe(false);
  }
});

test('socket address: an address of the wrong length is a fault', () => {
  expect(() => writeSocketAddress(new Uint8Array(32), 0, 6, v4, 0, 1)).toThrow('4 bytes');
});
