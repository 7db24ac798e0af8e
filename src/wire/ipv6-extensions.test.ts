import { describe, expect, test } from 'vitest';
import { packet } from './captured.laws.ts';
import { walkExtensions } from './ipv6-extensions.ts';
import { PacketFields } from './packet-fields.ts';

describe('the walk over extension headers', () => {
  test('passes each kind by its own length', () => {
    const hopByHop = '2b00 05020000 0100';
    const routing = `3c02 0400 ${'00'.repeat(20)}`;
    const destinationOptions = '3300 010400000000';
    // An authentication header counts words and leaves out two of them.
    const authentication = `0604 ${'00'.repeat(22)}`;
    const bytes = packet(hopByHop, routing, destinationOptions, authentication);
    expect(walk(bytes, 0)).toEqual({
      isWhole: true,
      protocol: 6,
      at: 8 + 24 + 8 + 24,
      fragmentOffset: 0,
      ipId: 0,
    });
  });

  test('an upper layer stands at once where there is no extension', () => {
    expect(walk(packet('00'), 17)).toMatchObject({ isWhole: true, protocol: 17, at: 0 });
    expect(walk(new Uint8Array(0), 59)).toMatchObject({ isWhole: true, protocol: 59, at: 0 });
  });

  test('stops behind a later fragment, whatever it says comes next', () => {
    expect(walk(packet('3c00 0009 0000002a', 'ffff ffff ffffffff'), 44)).toEqual({
      isWhole: true,
      protocol: 60,
      at: 8,
      fragmentOffset: 8,
      ipId: 42,
    });
  });

  test('an atomic fragment is no fragment', () => {
    const fields = new PacketFields();
    const atomic = packet('0600 0000 00000007');
    expect(walkExtensions(fields, atomic, 0, 8, 44)).toBe(true);
    expect(fields).toMatchObject({ isFragment: false, protocol: 6, ipId: 7 });
    const first = packet('0600 0001 00000007');
    expect(walkExtensions(fields, first, 0, 8, 44)).toBe(true);
    expect(fields.isFragment).toBe(true);
  });

  test('a header that is cut, by its fixed eight bytes or by its own length, ends it', () => {
    const bytes = packet('0600 0000 00000000', '0600 0000 00000000');
    expect(walk(bytes.subarray(0, 7), 60).isWhole).toBe(false);
    // What lies outside is not looked at, not even to find a length of zero there.
    expect(walk(bytes.subarray(0, 0), 60).isWhole).toBe(false);
    bytes[1] = 1;
    expect(walk(bytes, 60)).toMatchObject({ isWhole: true, at: 16 });
    expect(walk(bytes.subarray(0, 15), 60).isWhole).toBe(false);
  });

  test('nine headers are too many, eight are not', () => {
    const header = '3c00 0000 00000000';
    expect(walk(packet(...new Array(7).fill(header), '0600 0000 00000000'), 60).isWhole).toBe(true);
    expect(walk(packet(...new Array(8).fill(header), '0600 0000 00000000'), 60).isWhole).toBe(false);
  });
});

function walk(bytes: Uint8Array, nextHeader: number) {
  const fields = new PacketFields();
  const isWhole = walkExtensions(fields, bytes, 0, bytes.length, nextHeader);
  return {
    isWhole,
    protocol: fields.protocol,
    at: fields.transportOffset,
    fragmentOffset: fields.fragmentOffset,
    ipId: fields.ipId,
  };
}
