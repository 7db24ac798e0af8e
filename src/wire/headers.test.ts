import { describe, expect, test } from 'vitest';
import { arp, arpOperation } from './arp.ts';
import { checkLaws } from './codec.laws.ts';
import { type Codec, Malformed } from './codec.ts';
import { icmpv4, icmpv4Type } from './icmpv4.ts';
import { icmpv6, icmpv6Type } from './icmpv6.ts';
import { ipv4, ipv4Flag } from './ipv4.ts';
import { ipv6 } from './ipv6.ts';
import { ipv6Fragment } from './ipv6-fragment.ts';
import { listener, listenerReport } from './listener.ts';
import { neighbour } from './neighbour.ts';
import { sctp, sctpChunk, sctpInit } from './sctp.ts';
import { type Tcp, tcp, tcpFlag } from './tcp.ts';
import { udp } from './udp.ts';

describe('laws: symmetry, bounds, truncation, hostile bytes', () => {
  test('arp', () => {
    const request = {
      hardwareType: 1,
      protocolType: 0x0800,
      operation: arpOperation.request,
      senderMac: mac(1),
      senderAddress: v4(1),
      targetMac: mac(0),
      targetAddress: v4(2),
    };
    checkLaws(
      arp,
      [request, { ...request, operation: arpOperation.reply }, { ...request, operation: 9 }],
      exact,
    );
  });

  test('ipv4', () => {
    const routerAlert4 = { kind: 148, data: Uint8Array.of(0, 0) };
    const odd = { kind: 7, data: Uint8Array.of(4, 0, 0, 0, 0) };
    const nop = { kind: 1, data: new Uint8Array(0) };
    const ended = { kind: 0, data: Uint8Array.of(0, 0, 0, 9, 9, 9, 9) };
    checkLaws(
      ipv4,
      [
        ip4,
        { ...ip4, flags: ipv4Flag.moreFragments | ipv4Flag.reserved, fragmentOffset: 65528, ttl: 255 },
        { ...ip4, options: [routerAlert4] },
        { ...ip4, options: [nop, odd] },
        { ...ip4, options: [ended] },
        { ...ip4, options: [{ kind: 68, data: new Uint8Array(38).fill(7) }] },
      ],
      exact,
    );
  });

  test('ipv6', () => {
    const header = {
      trafficClass: 0,
      flowLabel: 0,
      payloadLength: 20,
      nextHeader: 6,
      hopLimit: 64,
      source: v6(1),
      destination: v6(2),
    };
    checkLaws(ipv6, [header, { ...header, trafficClass: 255, flowLabel: 0xf_ffff, hopLimit: 0 }], exact);
  });

  test('ipv6 fragment header', () => {
    const header = { nextHeader: 17, offset: 0, moreFragments: true, identification: 0xffff_ffff };
    checkLaws(ipv6Fragment, [header, { ...header, offset: 65528, moreFragments: false }]);
  });

  test('tcp', () => {
    checkLaws(
      tcp,
      [
        syn,
        { ...syn, options: [] },
        {
          ...syn,
          flags: 0xff,
          reserved: 15,
          sequence: 0xffff_ffff,
          acknowledgement: 0xffff_ffff,
          options: [],
        },
        {
          ...syn,
          options: [
            { kind: 'no-operation' },
            {
              kind: 'sack',
              blocks: [
                { left: 1, right: 2 },
                { left: 0xffff_fff0, right: 5 },
              ],
            },
          ],
        },
        { ...syn, options: [{ kind: 'unknown', number: 254, data: Uint8Array.of(0xf9, 0x89, 1) }] },
        { ...syn, options: [{ kind: 'unknown', number: 2, data: Uint8Array.of(1) }] },
      ],
      exact,
    );
  });

  test('udp', () => {
    checkLaws(udp, [{ sourcePort: 53, destinationPort: 65535, length: 8, checksum: 0xffff }], exact);
  });

  test('icmpv4', () => {
    const echo = { type: icmpv4Type.echoRequest, code: 0, checksum: 1, identifier: 0xffff, sequence: 2 };
    const timestamps = { originate: 0x8000_0000, receive: 1, transmit: 0xffff_ffff };
    checkLaws(
      icmpv4,
      [
        echo,
        { ...echo, type: icmpv4Type.unreachable, code: 3 },
        { ...echo, type: icmpv4Type.unreachable, code: 4 },
        { ...echo, type: 200 },
        { ...echo, type: icmpv4Type.timestampReply, timestamps },
        { ...echo, type: icmpv4Type.maskReply, mask: 0xffff_ff00 },
      ],
      exact,
    );
  });

  test('icmpv6', () => {
    const echo = { type: icmpv6Type.echoRequest, code: 0, checksum: 1, identifier: 0xffff, sequence: 2 };
    const types = [icmpv6Type.echoReply, icmpv6Type.packetTooBig, icmpv6Type.unreachable, 200];
    checkLaws(icmpv6, [echo, ...types.map((type) => ({ ...echo, type }))], exact);
  });

  test('neighbour discovery', () => {
    const ask = { type: icmpv6Type.neighbourSolicitation, checksum: 7, flags: 0, target: v6(1), mac: mac(3) };
    const answer = { ...ask, type: icmpv6Type.neighbourAdvertisement, flags: 7 };
    const { mac: _, ...without } = answer;
    checkLaws(neighbour, [ask, answer, without], { isOpenEnded: true });
  });

  test('multicast listener discovery', () => {
    const query = { type: icmpv6Type.listenerQuery, checksum: 7, maxResponseMs: 0xffff, group: v6(0) };
    checkLaws(listener, [
      query,
      { ...query, type: icmpv6Type.listenerReport },
      { ...query, type: icmpv6Type.listenerDone },
    ]);
    const record = { type: 4, group: v6(9), sources: [] };
    const records = [record, { type: 1, group: v6(8), sources: [v6(1), v6(2)] }];
    checkLaws(listenerReport, [
      { checksum: 1, records: [] },
      { checksum: 1, records: [record] },
      { checksum: 1, records },
    ]);
  });

  test('sctp', () => {
    checkLaws(
      sctp,
      [{ sourcePort: 1, destinationPort: 65535, verificationTag: 0xffff_ffff, checksum: 0x89ab_cdef }],
      exact,
    );
    checkLaws(
      sctpChunk,
      [
        { type: 6, flags: 1, length: 4 },
        { type: 255, flags: 0, length: 65535 },
      ],
      exact,
    );
    const init = {
      type: 1,
      flags: 0,
      chunkLength: 20,
      initiateTag: 0xffff_ffff,
      receiverWindow: 65536,
      outboundStreams: 10,
      inboundStreams: 65535,
      initialSequence: 0x8000_0000,
    };
    checkLaws(sctpInit, [init, { ...init, type: 2, chunkLength: 400 }], exact);
  });
});

describe('what is refused, and why', () => {
  test('a version that is not the layer’s own', () => {
    expect(ipv4.parse(new DataView(new ArrayBuffer(20)), 0, 20)).toEqual(
      new Malformed('ipv4', 'bad-version', 4, 0),
    );
    expect(ipv6.parse(new DataView(new ArrayBuffer(40)), 0, 40)).toEqual(
      new Malformed('ipv6', 'bad-version', 6, 0),
    );
  });

  test('a header length below the fixed header', () => {
    const bytes = new Uint8Array(20);
    bytes[0] = 0x44;
    bytes[12] = 0x40;
    const view = new DataView(bytes.buffer);
    expect(ipv4.parse(view, 0, 20)).toEqual(new Malformed('ipv4', 'bad-length', 20, 16));
    expect(tcp.parse(view, 0, 20)).toEqual(new Malformed('tcp', 'bad-length', 20, 16));
  });

  test('a TCP option whose length is 0, 1 or runs out of the header', () => {
    for (const length of [0, 1, 5]) {
      const view = new DataView(new ArrayBuffer(24));
      tcp.emit({ ...syn, options: [{ kind: 'unknown', number: 77, data: Uint8Array.of(1, 2) }] }, view, 0);
      view.setUint8(21, length);
      expect(tcp.parse(view, 0, 24)).toEqual(new Malformed('tcp', 'bad-length', 24, 24));
    }
  });

  test('a UDP length that cannot hold the header, but not the zero of a jumbogram', () => {
    const view = new DataView(new ArrayBuffer(8));
    expect(udp.parse(view, 0, 8)).toMatchObject({ length: 0 });
    view.setUint16(4, 7);
    expect(udp.parse(view, 0, 8)).toEqual(new Malformed('udp', 'bad-length', 8, 7));
  });

  test('a neighbour option of length zero, which would never end', () => {
    const view = new DataView(new ArrayBuffer(32));
    view.setUint8(0, 136);
    expect(neighbour.parse(view, 0, 32)).toEqual(new Malformed('neighbour', 'bad-length', 8, 8));
  });

  test('a message of another type', () => {
    const view = new DataView(new ArrayBuffer(32));
    for (const codec of [neighbour, listener, listenerReport]) {
      expect(codec.parse(view, 0, 32)).toMatchObject({ problem: 'bad-type', available: 0 });
    }
    view.setUint16(2, 20);
    expect(sctpInit.parse(view, 0, 32)).toMatchObject({ problem: 'bad-type' });
  });

  test('a listener report that announces more records than it has', () => {
    const view = new DataView(new ArrayBuffer(28));
    view.setUint8(0, 143);
    view.setUint16(6, 2);
    expect(listenerReport.parse(view, 0, 28)).toEqual(new Malformed('listener-report', 'truncated', 48, 28));
  });

  test('more options than a header can hold are our own fault', () => {
    const nops = Array.from({ length: 41 }, () => ({ kind: 'no-operation' }) as const);
    expect(() => tcp.length({ ...syn, options: nops })).toThrow(/44 bytes of options/);
  });
});

describe('lines for people', () => {
  test('tcp names flags and options as tcpdump does', () => {
    expect(tcp.describe(syn)).toBe(
      'TCP 40000 > 80 [S] seq=1 win=64240 <mss 1460,sackOK,TS val 5 ecr 0,nop,wscale 7>',
    );
    expect(tcp.describe({ ...syn, flags: 0, options: [] })).toBe('TCP 40000 > 80 [none] seq=1 win=64240');
    expect(tcp.describe({ ...syn, flags: 0x14, acknowledgement: 2, options: [] })).toContain(
      '[RA] seq=1 ack=2',
    );
  });

  test('icmp says what it means', () => {
    const header = { type: 3, code: 13, checksum: 0, identifier: 0, sequence: 1400 };
    expect(icmpv4.describe(header)).toBe('ICMP admin-prohibited');
    expect(icmpv4.describe({ ...header, code: 4 })).toBe('ICMP fragmentation-needed mtu=1400');
    expect(icmpv6.describe({ ...header, type: 2, code: 0 })).toBe('ICMPv6 packet-too-big mtu=1400');
    expect(icmpv6.describe({ ...header, type: 129, code: 0 })).toBe('ICMPv6 echo-reply id=0 seq=1400');
  });

  test('neighbours and ARP name who is asked for', () => {
    const target = v6(1);
    expect(neighbour.describe({ type: 136, checksum: 0, flags: 3, target, mac: mac(5) })).toBe(
      'ICMPv6 neighbour-advertisement fd00:10::1 [OS] mac=02:00:00:00:00:05',
    );
    const view = new DataView(new ArrayBuffer(28));
    const both = { senderMac: mac(1), senderAddress: v4(1), targetMac: mac(0), targetAddress: v4(2) };
    arp.emit({ hardwareType: 1, protocolType: 0x0800, operation: 1, ...both }, view, 0);
    expect(line(arp, view)).toBe('ARP who-has 10.0.0.2 tell 10.0.0.1');
    view.setUint16(6, 2);
    expect(line(arp, view)).toBe('ARP 10.0.0.1 is-at 02:00:00:00:00:01');
    view.setUint16(6, 9);
    expect(line(arp, view)).toBe('ARP operation=9 10.0.0.1 > 10.0.0.2');
  });
});

function line<Header>(codec: Codec<Header>, view: DataView): string {
  const header = codec.parse(view, 0, view.byteLength);
  return header instanceof Malformed ? header.problem : codec.describe(header);
}

function mac(last: number): Uint8Array {
  return Uint8Array.of(2, 0, 0, 0, 0, last);
}

function v4(last: number): Uint8Array {
  return Uint8Array.of(10, 0, 0, last);
}

function v6(last: number): Uint8Array {
  return Uint8Array.of(0xfd, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last);
}

const exact = { isExact: true };

const ip4 = {
  trafficClass: 0,
  totalLength: 40,
  identification: 0x1234,
  flags: ipv4Flag.dontFragment,
  fragmentOffset: 0,
  ttl: 64,
  protocol: 6,
  checksum: 0xbeef,
  source: v4(1),
  destination: v4(2),
  options: [],
};

const syn: Tcp = {
  sourcePort: 40000,
  destinationPort: 80,
  sequence: 1,
  acknowledgement: 0,
  reserved: 0,
  flags: tcpFlag.syn,
  window: 64240,
  checksum: 0,
  urgentPointer: 0,
  options: [
    { kind: 'mss', size: 1460 },
    { kind: 'sack-permitted' },
    { kind: 'timestamps', value: 5, echo: 0 },
    { kind: 'no-operation' },
    { kind: 'window-scale', shift: 7 },
  ],
};
