import { describe, expect, test } from 'vitest';
import { captured, packet } from './captured.laws.ts';
import { hasQuote } from './quote.ts';
import { concat, read } from './read-packet.laws.ts';
import { PacketReader } from './read-packet.ts';

describe('quotes', () => {
  test('eight bytes of transport header are enough for ports and sequence', () => {
    const error = concat(
      packet('4500 0038 0000 0000 4001 0000 0a000002 0a000001 030d 0000 00000000'),
      captured.syn4,
    );
    const fields = read(error.subarray(0, 20 + 8 + 28), 56);
    expect(fields.isError).toBe(true);
    expect(fields.quote).toMatchObject({
      hasTransport: true,
      isCut: true,
      sourcePort: 44558,
      destinationPort: 80,
      sequence: 287354372,
      acknowledgement: 0,
      tcpFlags: 0,
    });
  });

  test('what comes after eight bytes is read as far as it goes', () => {
    for (const [bytes, expected] of [
      [11, { acknowledgement: 0, tcpFlags: 0, window: 0 }],
      [12, { acknowledgement: 3474052801, tcpFlags: 0, window: 0 }],
      [14, { acknowledgement: 3474052801, tcpFlags: 0x10, window: 0 }],
      [16, { acknowledgement: 3474052801, tcpFlags: 0x10, window: 63 }],
    ] as const) {
      const ack = packet(
        '4500 0034 fb6a 4000 4006 2b57 0a000001 0a000002 ae0e 0050 1120ae05 cf11d6c1 8010 003f 1429 0000',
      );
      expect(readError4(ack.subarray(0, 20 + bytes)).quote).toMatchObject({
        hasTransport: true,
        ...expected,
      });
    }
  });

  test('seven bytes are not enough, but addresses and protocol count', () => {
    const fields = readError4(captured.syn4.subarray(0, 27));
    expect(fields.isError).toBe(true);
    expect(fields.quote).toMatchObject({ protocol: 6, hasTransport: false, sourcePort: 0, sequence: 0 });
  });

  test('a cut IP header is no quote', () => {
    expect(readError4(captured.syn4.subarray(0, 19)).isError).toBe(false);
    expect(readError4(new Uint8Array(0)).isError).toBe(false);
  });

  test('a length that a stack has changed is not held against the quote', () => {
    const quoted = captured.syn4.slice();
    quoted.set([0, 20], 2);
    expect(readError4(quoted).quote).toMatchObject({ hasTransport: true, sourcePort: 44558 });
  });

  test('extensions behind the quote (RFC 4884) are not taken for it', () => {
    const quoted = new Uint8Array(140);
    quoted.set(captured.syn4.subarray(0, 20));
    quoted.set([0, 140], 2);
    const withLength = readError4(quoted, 128 / 4);
    expect(withLength.transportEnd - withLength.payloadOffset).toBe(140);
    expect(withLength.quote.transportEnd - withLength.payloadOffset).toBe(128);
    const junk = readError4(quoted, 3);
    expect(junk.quote.transportEnd - junk.payloadOffset).toBe(140);
  });

  test('a quoted echo request gives id and sequence', () => {
    expect(readError4(captured.echoRequest).quote).toMatchObject({ protocol: 1, icmpType: 8, icmpId: 55650 });
  });

  test('IPv6 extension headers inside a quote are walked', () => {
    const fragment = packet('06 00 0001 12345678');
    const quoted = concat(captured.syn6.subarray(0, 40), fragment, captured.syn6.subarray(40));
    quoted[6] = 44;
    const error = concat(captured.portUnreachable6.subarray(0, 48), quoted);
    error.set([0, error.length - 40], 4);
    expect(read(error).quote).toMatchObject({
      protocol: 6,
      isFragment: true,
      fragmentOffset: 0,
      ipId: 0x12345678,
      hasTransport: true,
      sourcePort: 37562,
      sequence: 2234803235,
    });
  });

  test('only errors quote: four types of ICMPv6, and of ICMPv4 also source quench and redirect', () => {
    const types = Array.from({ length: 256 }, (_, type) => type);
    expect(types.filter((type) => hasQuote(4, type))).toEqual([3, 4, 5, 11, 12]);
    expect(types.filter((type) => hasQuote(6, type))).toEqual([1, 2, 3, 4]);
    const reply = captured.portUnreachable4.slice();
    reply[20] = 0;
    expect(read(reply).isError).toBe(false);
  });

  test('a packet of the other family is no quote', () => {
    expect(readError4(captured.syn6).isError).toBe(false);
  });

  test('a quote of an earlier packet is not left over', () => {
    const reader = new PacketReader();
    reader.read(captured.portUnreachable4, 0, captured.portUnreachable4.length);
    expect(reader.isError).toBe(true);
    reader.read(captured.synAck4, 0, captured.synAck4.length);
    expect(reader.isError).toBe(false);
    expect(reader).toMatchObject({ icmpType: 0, icmpCode: 0 });
  });
});

/** An ICMPv4 admin-prohibited that quotes these bytes. */
function readError4(quoted: Uint8Array, quotedWords = 0): PacketReader {
  const header = packet('4500 0000 0000 0000 4001 0000 0a000002 0a000001 030d 0000 00000000');
  const error = concat(header, quoted);
  error.set([error.length >> 8, error.length & 255], 2);
  error[25] = quotedWords;
  return read(error);
}
