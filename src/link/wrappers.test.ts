import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryLink } from '../../test/sim/memory-link.ts';
import { keyOf, RangeSet } from '../base/range-set.ts';
import { guardLink, NextHops } from './guard.ts';
import { type Link, monotonicUs } from './link.ts';
import { arpRequest, neighbourSolicitation } from './neighbour-frames.ts';
import { Recorder } from './record.ts';
import { traceLink } from './trace.ts';

const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
/** The addresses of an Ethernet header that a packet without one gets. */
const bare = new Uint8Array(12);
const one = (family: 4 | 6, value: bigint) => ({ first: keyOf(family, value), last: keyOf(family, value) });

/** A whole IPv4 packet to 10.0.0.`last` with a number in its identification. */
function packetTo(last: number, id = 0): Uint8Array {
  const packet = new Uint8Array(28);
  packet.set([0x45, 0, 0, 28, id >> 8, id & 255, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, last]);
  packet.set([0, 53, 0, 53, 0, 8, 0, 0], 20);
  return packet;
}

function stagePackets(link: Link, packets: readonly Uint8Array[]): void {
  for (const [slot, packet] of packets.entries()) {
    link.transmit.set(packet, slot * link.slotBytes + link.headroom);
    link.stage(slot, packet.length, link.neighbour(link.mac && mac, 4));
  }
}

describe('guard', () => {
  const allowed = RangeSet.of([one(4, 0x0a00_0002n), one(6, 2n)]);
  const nextHops = new NextHops();
  nextHops.add({ family: 4, value: 0x0a00_00fen });
  const make = () => {
    const sent: number[] = [];
    const inner = new MemoryLink((bytes, start) => sent.push(bytes[start + 19] as number), {
      mac,
      headroom: 14,
    });
    return { sent, link: guardLink(inner, { allowed, nextHops }) };
  };

  test('lets packets to allowed addresses pass', () => {
    const { sent, link } = make();
    stagePackets(link, [packetTo(2)]);
    expect(link.flush()).toBe(1);
    expect(sent).toEqual([2]);
  });

  test('throws on any other, and on a next hop too, before it is staged', () => {
    const { sent, link } = make();
    for (const last of [1, 3, 254])
      expect(() => stagePackets(link, [packetTo(last)])).toThrow(`10.0.0.${last}`);
    expect(link.flush()).toBe(0);
    expect(sent).toEqual([]);
  });

  test('looks at every packet of a run, and stages none of it if one may not leave', () => {
    const { sent, link } = make();
    const write = (lasts: readonly number[]) => {
      for (const [slot, last] of lasts.entries())
        link.transmit.set(packetTo(last), slot * link.slotBytes + link.headroom);
    };
    write([2, 2, 2]);
    link.stageRun(0, 3, 28, link.neighbour(mac, 4));
    expect(link.flush()).toBe(3);
    for (const lasts of [
      [3, 2, 2],
      [2, 2, 3],
      [2, 3, 2],
    ]) {
      write(lasts);
      expect(() => link.stageRun(0, 3, 28, link.neighbour(mac, 4))).toThrow('10.0.0.3');
    }
    expect(() => link.stageRun(0, 1, 19, link.neighbour(mac, 4))).toThrow('of unknown form');
    expect(link.flush()).toBe(0);
    expect(sent).toEqual([2, 2, 2]);
  });

  test('throws on what is not an IP packet, or not all of its header', () => {
    const { link } = make();
    expect(() => link.stage(5, 28, 0)).toThrow('of unknown form');
    link.transmit.set(packetTo(2), link.headroom);
    expect(() => link.stage(0, 19, 0)).toThrow('of unknown form');
  });

  test('judges IPv6 by its destination', () => {
    const { link } = make();
    const at = link.headroom;
    link.transmit[at] = 0x60;
    link.transmit[at + 39] = 2;
    link.stage(0, 40, 0);
    link.transmit[at + 39] = 3;
    expect(() => link.stage(0, 40, 0)).toThrow('to ::3');
  });

  test('lets allowed addresses and next hops be asked for, nobody else, and no other frame', () => {
    const { link } = make();
    const us = Uint8Array.of(10, 0, 0, 1);
    expect(link.sendFrame(arpRequest(mac, us, Uint8Array.of(10, 0, 0, 2)))).toBe(true);
    expect(link.sendFrame(arpRequest(mac, us, Uint8Array.of(10, 0, 0, 254)))).toBe(true);
    expect(() => link.sendFrame(arpRequest(mac, us, Uint8Array.of(10, 0, 0, 3)))).toThrow('10.0.0.3');
    const six = (last: number) => Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? last : 0));
    expect(link.sendFrame(neighbourSolicitation(mac, six(1), six(2)))).toBe(true);
    expect(() => link.sendFrame(neighbourSolicitation(mac, six(1), six(3)))).toThrow('::3');
    expect(() => link.sendFrame(new Uint8Array(60))).toThrow('of unknown form');
    expect(() => link.sendFrame(new Uint8Array(3))).toThrow('of unknown form');
  });
});

describe('trace', () => {
  test('prints what left and what came, in order, with seconds, and nothing that was not taken', () => {
    const lines: string[] = [];
    const inner = new MemoryLink(() => {}, { mac, headroom: 14 });
    const link = traceLink(inner, (line) => lines.push(line), 1_000_000);
    stagePackets(link, [packetTo(2), packetTo(3), packetTo(4)]);
    inner.room = 1;
    link.flush();
    inner.failure = 105;
    expect(link.flush()).toBe(0);
    expect(link.trouble).toBe(105);
    link.discard();
    inner.failure = 0;
    link.flush();
    link.sendFrame(arpRequest(mac, Uint8Array.of(10, 0, 0, 1), Uint8Array.of(10, 0, 0, 9)));
    inner.deliver(packetTo(7), 1_250_000);
    inner.deliverArp(
      arpRequest(mac, Uint8Array.of(10, 0, 0, 8), Uint8Array.of(10, 0, 0, 1)).subarray(14),
      3e6,
    );
    expect(link.receive(() => {}, 10)).toBe(2);
    const shape = lines.map((line) => line.replace(/^SENT \(-?\d+\.\d{4}s\)/, 'SENT'));
    expect(shape).toEqual([
      expect.stringMatching(/^SENT IPv4 10\.0\.0\.1 > 10\.0\.0\.2 .*UDP 53 > 53/),
      expect.stringMatching(/^SENT IPv4 10\.0\.0\.1 > 10\.0\.0\.4 /),
      'SENT ARP who-has 10.0.0.9 tell 10.0.0.1',
      expect.stringMatching(/^RCVD \(0\.2500s\) IPv4 10\.0\.0\.1 > 10\.0\.0\.7 /),
      'RCVD (2.0000s) ARP who-has 10.0.0.1 tell 10.0.0.8',
    ]);
  });

  test('what is sent has the time before it left: no answer seems to come before its question', () => {
    let leftUs = 0;
    const lines: string[] = [];
    const inner = new MemoryLink(
      () => {
        leftUs = monotonicUs();
        // The clock moves on before the call returns.
        while (monotonicUs() < leftUs + 500);
      },
      { mac, headroom: 14 },
    );
    const link = traceLink(inner, (line) => lines.push(line), 0);
    stagePackets(link, [packetTo(2)]);
    link.flush();
    const saidUs = Number(/\((.*)s\)/.exec(lines[0] as string)?.[1]) * 1e6;
    // Lines have a ten-thousandth of a second.
    expect(saidUs).toBeLessThanOrEqual(leftUs + 50);
  });

  test('stands whatever bytes arrive', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const lines: string[] = [];
        const inner = new MemoryLink(() => {}, { mac });
        const link = traceLink(inner, (line) => lines.push(line), 0);
        inner.deliver(bytes);
        inner.deliverArp(bytes);
        link.receive(() => {}, 10);
        expect(lines).toHaveLength(2);
        expect(lines.join('')).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});

describe('record', () => {
  test('keeps each packet with its link, direction, time and true length', () => {
    const blocks: Uint8Array[] = [];
    const recorder = new Recorder(
      (handed) => {
        for (let at = 0; at < handed.length; ) {
          const length = new DataView(handed.buffer, at).getUint32(4, true);
          blocks.push(handed.subarray(at, at + length));
          at += length;
        }
      },
      () => 1e15,
    );
    const first = new MemoryLink(() => {}, { name: 'a0' });
    const second = new MemoryLink(() => {}, { name: 'b0', mac, headroom: 14 });
    const plain = recorder.record(first);
    const ethernet = recorder.record(second);
    stagePackets(plain, [packetTo(2)]);
    plain.flush();
    second.deliver(packetTo(3), 500_000);
    const request = arpRequest(mac, Uint8Array.of(10, 0, 0, 8), Uint8Array.of(10, 0, 0, 1));
    second.deliverArp(request.subarray(14), 600_000);
    ethernet.receive(
      () => {},
      10,
      () => {},
    );
    ethernet.sendFrame(request);
    recorder.flush();
    const read = blocks.map((block) => {
      const view = new DataView(block.buffer, block.byteOffset, block.length);
      const type = view.getUint32(0, true);
      if (type !== 6) return { type };
      const length = view.getUint32(20, true);
      const time = view.getUint32(12, true) * 2 ** 32 + view.getUint32(16, true);
      return { type, link: view.getUint32(8, true), time, bytes: block.subarray(28, 28 + length) };
    });
    expect(read.map(({ type }) => type)).toEqual([1, 1, 6, 6, 6, 6]);
    expect(read.slice(2).map(({ link }) => link)).toEqual([0, 1, 1, 1]);
    expect(read.slice(3, 5).map(({ time }) => time)).toEqual([1e15 + 500_000, 1e15 + 600_000]);
    expect(read[2]?.bytes).toEqual(Uint8Array.of(...bare, 8, 0, ...packetTo(2)));
    expect(read[3]?.bytes).toEqual(Uint8Array.of(...bare, 8, 0, ...packetTo(3)));
    expect(read[4]?.bytes).toEqual(Uint8Array.of(...bare, 8, 6, ...request.subarray(14)));
    expect(read[5]?.bytes).toEqual(request);
  });
});

test('a link in memory drops and counts what its ring cannot hold, and passes over ARP nobody wants', () => {
  const link = new MemoryLink(() => {});
  link.ringFrames = 3;
  link.deliverArp(new Uint8Array(28));
  for (let i = 0; i < 4; i++) link.deliver(packetTo(i));
  expect(link.drops()).toBe(2);
  const seen: number[] = [];
  expect(link.receive((bytes) => seen.push(bytes[19] as number), 10)).toBe(2);
  expect(seen).toEqual([0, 1]);
});
