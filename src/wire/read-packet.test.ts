import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captured } from './captured.laws.ts';
import { mutated } from './codec.laws.ts';
import type { PacketFields } from './packet-fields.ts';
import { concat, read } from './read-packet.laws.ts';
import { PacketReader } from './read-packet.ts';

describe('packets of a real kernel', () => {
  test('a SYN-ACK over IPv4', () => {
    expect(read(captured.synAck4)).toMatchObject({
      family: 4,
      protocol: 6,
      sourceOffset: 12,
      destinationOffset: 16,
      ttl: 64,
      ipId: 0,
      isFragment: false,
      transportOffset: 20,
      transportEnd: 60,
      payloadOffset: 60,
      hasTransport: true,
      isCut: false,
      isError: false,
      sourcePort: 80,
      destinationPort: 44558,
      sequence: 3474052801,
      acknowledgement: 287354373,
      tcpFlags: 0x12,
      window: 65160,
    });
  });

  test('a SYN-ACK and a reset over IPv6', () => {
    expect(read(captured.synAck6)).toMatchObject({
      family: 6,
      sourceOffset: 8,
      destinationOffset: 24,
      transportOffset: 40,
      transportEnd: 80,
      sourcePort: 80,
      destinationPort: 37562,
      sequence: 4252028518,
      acknowledgement: 2234803236,
      tcpFlags: 0x12,
    });
    expect(read(captured.reset6)).toMatchObject({
      tcpFlags: 0x14,
      sequence: 0,
      acknowledgement: 1423663292,
      window: 0,
    });
  });

  test('a datagram and its payload', () => {
    const fields = read(captured.udp4);
    expect(fields).toMatchObject({ protocol: 17, sourcePort: 56434, destinationPort: 4242, ipId: 10837 });
    const payload = captured.udp4.subarray(fields.payloadOffset, fields.transportEnd);
    expect(new TextDecoder().decode(payload)).toBe('hello world, a longer datagram');
  });

  test('port-unreachable quotes the datagram, in both families', () => {
    expect(read(captured.portUnreachable4)).toMatchObject({
      isError: true,
      icmpType: 3,
      icmpCode: 3,
      quote: {
        family: 4,
        protocol: 17,
        sourceOffset: 40,
        destinationOffset: 44,
        ttl: 64,
        ipId: 10837,
        hasTransport: true,
        sourcePort: 56434,
        destinationPort: 4242,
      },
    });
    expect(read(captured.portUnreachable6)).toMatchObject({
      isError: true,
      icmpType: 1,
      icmpCode: 4,
      quote: {
        family: 6,
        protocol: 17,
        sourceOffset: 56,
        hasTransport: true,
        sourcePort: 55397,
        destinationPort: 4242,
      },
    });
  });

  test('an SCTP INIT, alone and quoted', () => {
    const init = { protocol: 132, sourcePort: 39134, destinationPort: 80, verificationTag: 0, chunkType: 1 };
    expect(read(captured.sctpInit)).toMatchObject({ ...init, initiateTag: 388933440 });
    expect(read(captured.protocolUnreachable).quote).toMatchObject({ ...init, initiateTag: 388933440 });
  });

  test('other SCTP chunks have no initiate tag, and a bare common header no chunk', () => {
    const abort = captured.sctpInit.slice();
    abort[32] = 6;
    expect(read(abort)).toMatchObject({
      hasTransport: true,
      chunkType: 6,
      initiateTag: 0,
      payloadOffset: 32,
    });
    const bare = captured.sctpInit.slice(0, 32);
    bare.set([0, 32], 2);
    expect(read(bare)).toMatchObject({ hasTransport: true, chunkType: -1 });
    expect(read(bare, 31).hasTransport).toBe(false);
  });

  test('echo and timestamp carry id and sequence and are no errors', () => {
    expect(read(captured.echoRequest)).toMatchObject({
      icmpType: 8,
      icmpId: 55650,
      icmpSequence: 0,
      isError: false,
    });
    expect(read(captured.timestampReply)).toMatchObject({ icmpType: 14, icmpId: 33307, isError: false });
  });

  test('fragments: the first has too little of TCP, the second none', () => {
    expect(read(captured.fragmentFirst)).toMatchObject({
      isFragment: true,
      fragmentOffset: 0,
      hasTransport: false,
    });
    expect(read(captured.fragmentSecond)).toMatchObject({
      fragmentOffset: 8,
      hasTransport: false,
      sourcePort: 0,
    });
  });

  test('hop-by-hop options are passed on the way to ICMPv6', () => {
    expect(read(captured.listenerReport)).toMatchObject({ protocol: 58, transportOffset: 48, icmpType: 143 });
  });
});

describe('bounds', () => {
  test('padding after the IP packet, as on Ethernet, is left out', () => {
    const padded = concat(captured.reset4, new Uint8Array(6).fill(0xff));
    expect(read(padded)).toMatchObject({ transportEnd: 40, payloadOffset: 40, isCut: false });
  });

  test('a UDP length shorter than the packet ends the payload', () => {
    const short = captured.udp4.slice();
    short.set([0, 12], 24);
    expect(read(short)).toMatchObject({ hasTransport: true, payloadOffset: 28, transportEnd: 32 });
    short.set([0, 8], 24);
    expect(read(short)).toMatchObject({ hasTransport: true, transportEnd: 28 });
    for (const length of [0, 7, 39]) {
      short.set([0, length], 24);
      expect(read(short).hasTransport).toBe(false);
    }
  });

  test('a UDP length of zero is a jumbogram over IPv6', () => {
    const jumbo = captured.udp6.slice();
    jumbo.set([0, 0], 44);
    expect(read(jumbo)).toMatchObject({ hasTransport: true, payloadOffset: 48, transportEnd: 78 });
    jumbo.set([0, 7], 44);
    expect(read(jumbo).hasTransport).toBe(false);
  });

  test('the first fragment of a datagram has its ports', () => {
    const first = captured.udp4.slice();
    first[6] = 0x20;
    first.set([4, 0], 24);
    expect(read(first)).toMatchObject({
      isFragment: true,
      hasTransport: true,
      sourcePort: 56434,
      transportEnd: 58,
    });
  });

  test('a cut packet keeps its ports and says that it is cut', () => {
    expect(read(captured.synAck4, 40)).toMatchObject({
      isCut: true,
      hasTransport: true,
      tcpFlags: 0x12,
      payloadOffset: 40,
    });
    expect(read(captured.synAck4, 39)).toMatchObject({ isCut: true, hasTransport: false, sourcePort: 0 });
  });

  test('a TCP data offset below five words, or beyond the packet, is no TCP', () => {
    for (const offset of [0x40, 0xf0]) {
      const bad = captured.reset4.slice();
      bad[32] = offset;
      expect(read(bad)).toMatchObject({ protocol: 6, hasTransport: false });
    }
  });

  test('lengths of zero: merged segments of IPv4, jumbograms of IPv6', () => {
    const merged = captured.synAck4.slice();
    merged.set([0, 0], 2);
    expect(read(merged)).toMatchObject({ transportEnd: 60, hasTransport: true });
    const jumbo = captured.listenerReport.slice();
    jumbo.set([0, 0], 4);
    expect(read(jumbo)).toMatchObject({ transportEnd: 76, icmpType: 143 });
    const empty = captured.synAck6.slice();
    empty.set([0, 0], 4);
    expect(read(empty)).toMatchObject({ transportEnd: 40, hasTransport: false });
    expect(read(empty, 40)).toMatchObject({ transportEnd: 40, hasTransport: false });
  });

  test('no IP packet: other versions, cut headers, lengths below the header, bounds outside the array', () => {
    const reader = new PacketReader();
    const bytes = captured.synAck4;
    expect(reader.read(Uint8Array.of(0x50), 0, 1)).toBe(false);
    expect(reader.read(bytes, 0, 19)).toBe(false);
    expect(reader.read(captured.synAck6, 0, 39)).toBe(false);
    expect(reader.read(bytes, 0, 0)).toBe(false);
    expect(reader.read(bytes, -1, 60)).toBe(false);
    expect(reader.read(bytes, 0, 61)).toBe(false);
    const short = bytes.slice();
    short.set([0, 19], 2);
    expect(reader.read(short, 0, 60)).toBe(false);
    const tiny = bytes.slice();
    tiny[0] = 0x44;
    expect(reader.read(tiny, 0, 60)).toBe(false);
    tiny[0] = 0x4f;
    expect(reader.read(tiny, 0, 59)).toBe(false);
  });
});

describe('hostile bytes', () => {
  test('no exception, nothing read outside [start, end), offsets inside, numbers unsigned', () => {
    const packets = fc.oneof(
      mutated(fc.constantFrom(...Object.values(captured))),
      fc.uint8Array({ maxLength: 120 }),
    );
    const reader = new PacketReader();
    fc.assert(
      fc.property(packets, fc.nat(20), fc.nat(20), fc.nat(12), (bytes, before, after, cut) => {
        const start = before;
        const end = before + Math.max(0, bytes.length - cut);
        const zeros = place(bytes, before, after, end, 0);
        const isPacket = reader.read(zeros, start, end);
        const first = JSON.stringify(isPacket ? reader : null);
        const again = new PacketReader().read(place(bytes, before, after, end, 0xff), start, end);
        expect(again).toBe(isPacket);
        const second = new PacketReader();
        second.read(place(bytes, before, after, end, 0xff), start, end);
        if (!isPacket) return;
        checkFields(reader, start, end);
        if (reader.isError) checkFields(reader.quote, start, end);
        const { quote: _, ...outer } = JSON.parse(first);
        const { quote: __, ...outerAgain } = JSON.parse(JSON.stringify(second));
        expect(outerAgain).toEqual(outer);
        if (reader.isError) expect(second.quote).toEqual(reader.quote);
      }),
      { numRuns: 4000 },
    );
  });
});

/** The packet at `before` in a larger array whose other bytes, from `end` on too, are `poison`. */
function place(bytes: Uint8Array, before: number, after: number, end: number, poison: number): Uint8Array {
  const all = new Uint8Array(before + bytes.length + after).fill(poison);
  all.set(bytes.subarray(0, end - before), before);
  return all;
}

function checkFields(fields: PacketFields, start: number, end: number): void {
  const { transportOffset, payloadOffset, transportEnd, sourceOffset, destinationOffset } = fields;
  const order = [start, sourceOffset, destinationOffset, transportOffset, payloadOffset, transportEnd, end];
  expect([...order].sort((a, b) => a - b)).toEqual(order);
  const numbers = Object.values(fields).filter((value) => typeof value === 'number');
  const isUnsigned = (value: number) => Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  expect(numbers.filter((value) => !isUnsigned(value))).toEqual(fields.chunkType === -1 ? [-1] : []);
}
