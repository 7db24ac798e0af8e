import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captured } from './captured.laws.ts';
import { mutated, printable } from './codec.laws.ts';
import { describePacket } from './dump.ts';

describe('one line per packet', () => {
  test.each([
    [
      'synAck4',
      'IPv4 10.0.0.2 > 10.0.0.1 ttl=64 id=0 DF proto=6 len=60 | TCP 80 > 44558 [SA] seq=3474052801 ack=287354373 win=65160 <mss 1460,sackOK,TS val 1545497848 ecr 309045667,nop,wscale 10>',
    ],
    [
      'reset6',
      'IPv6 fd00::2 > fd00::1 hlim=64 flow=0x27db6 next=6 len=20 | TCP 81 > 35890 [RA] seq=0 ack=1423663292 win=0',
    ],
    ['udp4', 'IPv4 10.0.0.1 > 10.0.0.2 ttl=64 id=10837 DF proto=17 len=58 | UDP 56434 > 4242 len=38 data=30'],
    [
      'portUnreachable4',
      'IPv4 10.0.0.2 > 10.0.0.1 ttl=64 id=2813 proto=1 len=86 | ICMP port-unreach | quotes 10.0.0.1 > 10.0.0.2 ttl=64 id=10837 UDP 56434 > 4242',
    ],
    [
      'portUnreachable6',
      'IPv6 fd00::2 > fd00::1 hlim=64 flow=0x8c7d6 next=58 len=86 | ICMPv6 port-unreach | quotes fd00::1 > fd00::2 ttl=64 id=0 UDP 55397 > 4242',
    ],
    [
      'sctpInit',
      'IPv4 10.0.0.1 > 10.0.0.2 ttl=58 id=13382 proto=132 len=52 | SCTP 39134 > 80 vtag=0x0 INIT tag=0x172ea740 win=32768 streams=10/2048',
    ],
    [
      'echoRequest',
      'IPv4 10.0.0.1 > 10.0.0.2 ttl=49 id=11653 proto=1 len=28 | ICMP echo-request id=55650 seq=0',
    ],
    [
      'protocolUnreachable',
      'IPv4 10.0.0.2 > 10.0.0.1 ttl=64 id=2819 proto=1 len=80 | ICMP proto-unreach | quotes 10.0.0.1 > 10.0.0.2 ttl=58 id=13382 SCTP 39134 > 80 vtag=0x0',
    ],
    [
      'timestampReply',
      'IPv4 10.0.0.2 > 10.0.0.1 ttl=64 id=2828 proto=1 len=40 | ICMP timestamp-reply id=33307 seq=0',
    ],
    [
      'fragmentFirst',
      'IPv4 10.0.0.1 > 10.0.0.2 ttl=57 id=30830 MF proto=6 len=28 | fragment id=30830 offset=0 (tcp truncated: needed 20, found 8)',
    ],
    [
      'fragmentSecond',
      'IPv4 10.0.0.1 > 10.0.0.2 ttl=57 id=30830 MF offset=8 proto=6 len=28 | fragment id=30830 offset=8 protocol 6 data=8',
    ],
    [
      'advertisement',
      'IPv6 fd00::2 > fd00::1 hlim=255 next=58 len=32 | ICMPv6 neighbour-advertisement fd00::2 [OS] mac=02:00:00:00:00:02',
    ],
    [
      'solicitationWithNonce',
      'IPv6 :: > ff02::1:ff00:1 hlim=255 next=58 len=32 | ICMPv6 neighbour-solicitation fe80::ff:fe00:1',
    ],
    [
      'listenerReport',
      'IPv6 :: > ff02::16 hlim=1 next=0 len=36 | ICMPv6 listener-report-v2 groups=ff02::1:ff00:1',
    ],
  ] as const)('%s', (name, line) => {
    expect(describePacket(captured[name], 0, captured[name].length)).toBe(line);
  });

  test('a quote that stops after eight bytes still names ports and sequence', () => {
    const error = captured.protocolUnreachable.slice();
    error.set(captured.syn4.subarray(0, 28), 28);
    expect(describePacket(error, 0, 56)).toContain(
      'quotes 10.0.0.1 > 10.0.0.2 ttl=64 id=64361 TCP 44558 > 80 seq=287354372',
    );
  });

  test('broken options do not hide the ports', () => {
    const broken = captured.synAck4.slice();
    broken[41] = 0;
    expect(describePacket(broken, 0, 60)).toContain(
      'TCP 80 > 44558 seq=3474052801 (tcp bad-length: needed 40, found 40)',
    );
  });

  test('a protocol without a codec is a number', () => {
    const gre = captured.synAck4.slice();
    gre[9] = 47;
    expect(describePacket(gre, 0, 60)).toContain('| protocol 47 data=40');
  });

  test('what is no packet is said plainly', () => {
    expect(describePacket(new Uint8Array(0), 0, 0)).toBe('(empty)');
    expect(describePacket(Uint8Array.of(0x12, 0), 0, 2)).toBe('(no IP packet: version 1, 2 bytes)');
    expect(describePacket(captured.synAck4, 0, 12)).toBe(
      '(ipv4 truncated: needed 20, found 12) (12 bytes, not a whole packet)',
    );
    expect(describePacket(captured.synAck4, 0, 45)).toMatch(/\(cut\)$/);
  });

  test('any bytes and any bounds: one printable line that bytes outside do not change', () => {
    const packets = fc.oneof(
      mutated(fc.constantFrom(...Object.values(captured))),
      fc.uint8Array({ maxLength: 120 }),
    );
    const bound = fc.oneof(fc.constant(0), fc.integer({ min: -5, max: 150 }));
    fc.assert(
      fc.property(packets, bound, bound, (bytes, start, cut) => {
        const end = bytes.length - cut;
        const line = describePacket(bytes, start, end);
        expect(line).toMatch(printable);
        const poisoned = bytes.map((byte, i) => (i < start || i >= end ? ~byte : byte));
        expect(describePacket(poisoned, start, end)).toBe(line);
      }),
      { numRuns: 3000 },
    );
  });
});
