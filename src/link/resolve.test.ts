import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Address, formatAddress } from '../model/address.ts';
import { writeTransportChecksum } from '../wire/transport-checksum.ts';
import { neighbourSolicitation, readAdvertisement, readArpReply } from './neighbour-frames.ts';
import { type NeighbourOptions, Neighbours } from './resolve.ts';

const ourMac = Uint8Array.of(2, 0, 0, 0, 0, 1);
const theirMac = Uint8Array.of(2, 0, 0, 0, 0, 9);
const v4 = (value: number): Address => ({ family: 4, value: BigInt(value) });
const v6 = (value: bigint): Address => ({ family: 6, value });
const us4 = v4(0x0a00_0001);
const us6 = v6(0xfd00n << 112n);

/** Neighbours on a virtual clock, with what was sent and what came out. */
function bench(options: Partial<NeighbourOptions> = {}) {
  const events: string[] = [];
  const frames: Uint8Array[] = [];
  const neighbours = new Neighbours(
    { mac: ourMac, ...options },
    {
      found: (address, mac, rttUs) => events.push(`${formatAddress(address)} at ${mac[5]} in ${rttUs}`),
      silent: (address) => events.push(`${formatAddress(address)} silent`),
    },
  );
  const bench = {
    neighbours,
    events,
    frames,
    ask(address: Address) {
      neighbours.ask(address, address.family === 4 ? us4 : us6);
    },
    poll(nowUs: number) {
      neighbours.handleTimeout(nowUs);
      neighbours.pollTransmit(nowUs, (frame) => frames.push(frame) > 0);
    },
    /** Lets time run to the next thing to do until there is none. Returns the times. */
    run(fromUs: number): number[] {
      const times: number[] = [];
      for (let nowUs = fromUs; Number.isFinite(nowUs); nowUs = Math.max(nowUs, neighbours.pollTimeout())) {
        bench.poll(nowUs);
        times.push(nowUs);
        if (neighbours.pollTimeout() === Number.POSITIVE_INFINITY) break;
      }
      return times;
    },
  };
  return bench;
}

/** The reply to an ARP request frame, as an ARP message. */
function arpReply(request: Uint8Array, mac = theirMac): Uint8Array {
  const message = request.slice(14);
  message.set([0, 2], 6);
  message.set(mac, 8);
  message.set(request.subarray(38, 42), 14);
  message.set(request.subarray(22, 32), 18);
  return message;
}

/** The advertisement that answers a solicitation frame, as an IPv6 packet. */
function advertisement(request: Uint8Array, mac = theirMac): Uint8Array {
  const packet = request.slice(14);
  packet.set(request.subarray(62, 78), 8);
  packet.set(request.subarray(22, 38), 24);
  packet[40] = 136;
  packet[44] = 0x60;
  packet[64] = 2;
  packet.set(mac, 66);
  writeTransportChecksum(packet, 6, 8, 58, 40, 72);
  return packet;
}

describe('neighbours', () => {
  test('an ARP reply gives the hardware address and the round-trip time, once', () => {
    const b = bench();
    b.ask(v4(0x0a00_0002));
    b.ask(v4(0x0a00_0002));
    b.poll(0);
    expect(b.frames).toHaveLength(1);
    expect([...b.frames[0]!.subarray(0, 14)]).toEqual([255, 255, 255, 255, 255, 255, ...ourMac, 8, 6]);
    const reply = arpReply(b.frames[0]!);
    expect(b.neighbours.handleArp(reply, 0, reply.length, 150)).toBe(true);
    expect(b.neighbours.handleArp(reply, 0, reply.length, 160)).toBe(false);
    expect(b.events).toEqual(['10.0.0.2 at 9 in 150']);
    expect(b.neighbours.pending).toBe(0);
    b.run(160);
    expect(b.frames).toHaveLength(1);
  });

  test('an advertisement does the same for IPv6, asked of the group its address belongs to', () => {
    const b = bench();
    const target = v6((0xfd00n << 112n) | 0x12_3456n);
    b.ask(target);
    b.poll(0);
    const frame = b.frames[0]!;
    expect([...frame.subarray(0, 6)]).toEqual([0x33, 0x33, 0xff, 0x12, 0x34, 0x56]);
    expect(frame[21]).toBe(255);
    const packet = advertisement(frame);
    expect(b.neighbours.handlePacket(packet, 0, packet.length, 70)).toBe(true);
    expect(b.events).toEqual(['fd00::12:3456 at 9 in 70']);
  });

  test('silence is said after three requests, 400 ms apart', () => {
    const b = bench();
    b.ask(v4(0x0a00_0002));
    const times = b.run(0);
    expect(b.frames).toHaveLength(3);
    expect(times).toEqual([0, 400_000, 800_000, 1_200_000]);
    expect(b.events).toEqual(['10.0.0.2 silent']);
  });

  test('after a repetition the round-trip time is unknown', () => {
    const b = bench();
    b.ask(v4(0x0a00_0002));
    b.poll(0);
    b.poll(400_000);
    expect(b.frames).toHaveLength(2);
    const reply = arpReply(b.frames[0]!);
    b.neighbours.handleArp(reply, 0, reply.length, 400_100);
    expect(b.events).toEqual(['10.0.0.2 at 9 in -1']);
    b.run(400_100);
    expect(b.frames).toHaveLength(2);
  });

  test('what the kernel knows is not asked for', () => {
    const b = bench({ lookup: ({ value }) => (value === 0x0a00_0002n ? theirMac : undefined) });
    b.ask(v4(0x0a00_0002));
    b.ask(v4(0x0a00_0003));
    expect(b.events).toEqual(['10.0.0.2 at 9 in -1']);
    expect(b.neighbours.pending).toBe(1);
  });

  test('a neighbour is asked from the address that packets to it leave from', () => {
    const b = bench();
    b.neighbours.ask(v4(0x0a00_0209), v4(0x0a00_0201));
    b.ask(v4(0x0a00_0002));
    b.poll(0);
    expect(b.frames.map((frame) => [...frame.subarray(28, 32)])).toEqual([
      [10, 0, 2, 1],
      [10, 0, 0, 1],
    ]);
  });

  test('a /16 goes out at the asked rate, and every address gets exactly one answer', () => {
    const b = bench({ ratePps: 10_000, attempts: 2, timeoutUs: 100_000 });
    for (let i = 0; i < 65536; i++) b.ask(v4(0x0a01_0000 + i));
    let nowUs = 0;
    let answered = 0;
    let seen = 0;
    while (b.neighbours.pending > 0) {
      b.poll(nowUs);
      // The bound holds at every moment, burst included.
      expect(b.frames.length).toBeLessThanOrEqual((nowUs * 10_000) / 1e6 + 52);
      for (; seen < b.frames.length; seen++) {
        const frame = b.frames[seen]!;
        if (frame[41]! % 3 !== 0) continue;
        const reply = arpReply(frame);
        if (b.neighbours.handleArp(reply, 0, reply.length, nowUs + 10)) answered++;
      }
      nowUs = Math.max(nowUs + 1, b.neighbours.pollTimeout());
    }
    expect(answered).toBe(256 * 86);
    expect(b.events).toHaveLength(65536);
    expect(new Set(b.events.map((event) => event.split(' ')[0])).size).toBe(65536);
    expect(b.frames.length).toBe(256 * (86 + 2 * 170));
  });

  test('a request that the link does not take comes again and does not count', () => {
    const b = bench();
    b.ask(v4(0x0a00_0002));
    b.neighbours.pollTransmit(0, () => false);
    b.poll(10);
    expect(b.frames).toHaveLength(1);
    const reply = arpReply(b.frames[0]!);
    b.neighbours.handleArp(reply, 0, reply.length, 30);
    expect(b.events).toEqual(['10.0.0.2 at 9 in 20']);
  });

  test('an answer that nobody asked for changes nothing', () => {
    const b = bench({ ratePps: 1 });
    b.ask(v4(0x0a00_0002));
    b.ask(v4(0x0a00_0003));
    b.poll(0);
    expect(b.frames).toHaveLength(1);
    // Asked for, but not sent yet; and never asked for.
    for (const last of [3, 4]) {
      const reply = arpReply(b.frames[0]!);
      reply[17] = last;
      expect(b.neighbours.handleArp(reply, 0, reply.length, 5)).toBe(false);
    }
    expect(b.events).toEqual([]);
  });

  test('forged and broken answers are not believed', () => {
    const b = bench();
    b.ask(v4(0x0a00_0002));
    b.poll(0);
    const good = arpReply(b.frames[0]!);
    const change = (at: number, value: number) => {
      const message = good.slice();
      message[at] = value;
      return readArpReply(message, 0, message.length);
    };
    expect(readArpReply(good, 0, good.length)).toBeDefined();
    expect(change(7, 1)).toBeUndefined(); // a request
    expect(change(8, 1)).toBeUndefined(); // a group's hardware address
    expect(change(1, 6)).toBeUndefined(); // not Ethernet
    expect(readArpReply(good, 0, 27)).toBeUndefined();

    const six = Uint8Array.from({ length: 16 }, (_, i) => i);
    const packet = advertisement(neighbourSolicitation(ourMac, six, six));
    const changed = (at: number, value: number) => {
      const message = packet.slice();
      message[at] = value;
      if (at !== 42) writeTransportChecksum(message, 6, 8, 58, 40, 72);
      return readAdvertisement(message, 0, message.length);
    };
    expect(readAdvertisement(packet, 0, packet.length)).toBeDefined();
    expect(changed(7, 254)).toBeUndefined(); // came through a router
    expect(changed(41, 1)).toBeUndefined(); // a code
    expect(changed(42, packet[42]! ^ 1)).toBeUndefined(); // the checksum
    expect(changed(40, 135)).toBeUndefined(); // a solicitation
    expect(changed(65, 0)).toBeUndefined(); // an option without end
    expect(changed(66, 1)).toBeUndefined(); // a group's hardware address
  });

  test('whatever bytes arrive, nothing is thrown and nothing answered', () => {
    const b = bench();
    b.ask(v4(0x0a00_0002));
    b.poll(0);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(40), (bytes, skip) => {
        const start = Math.min(skip, bytes.length);
        expect(b.neighbours.handleArp(bytes, start, bytes.length, 1)).toBe(false);
        expect(b.neighbours.handlePacket(bytes, start, bytes.length, 1)).toBe(false);
      }),
    );
    expect(b.neighbours.pending).toBe(1);
  });
});
