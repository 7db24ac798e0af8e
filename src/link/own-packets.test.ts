import { expect, test } from 'vitest';
import { viewOf } from '../wire/bytes.ts';
import { OwnPackets } from './own-packets.ts';

/** An IPv4 datagram with these ports. */
function datagram(from: number, to: number, length = 28): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes[0] = 0x45;
  bytes[9] = 17;
  bytes.set([127, 0, 0, 1, 127, 0, 0, 1], 12);
  viewOf(bytes).setUint16(20, from);
  viewOf(bytes).setUint16(22, to);
  return bytes;
}

test('what was sent is known again, once', () => {
  const own = new OwnPackets();
  const probe = datagram(61_500, 53);
  own.note(probe, 0, probe.length);
  expect(own.take(probe, 0, probe.length)).toBe(true);
  expect(own.take(probe, 0, probe.length)).toBe(false);
});

test('what the kernel fills in makes no other packet of it', () => {
  const own = new OwnPackets();
  const probe = datagram(61_500, 53);
  own.note(probe, 0, probe.length);
  probe.set([0x12, 0x34], 4);
  probe.set([0xab, 0xcd], 10);
  expect(own.take(probe, 0, probe.length)).toBe(true);
});

test('an answer is none of them, whatever was sent', () => {
  const own = new OwnPackets();
  for (let port = 1; port < 65_536; port++) {
    const probe = datagram(61_500, port);
    own.note(probe, 0, probe.length);
  }
  for (let port = 1; port < 65_536; port++) {
    const answer = datagram(port, 61_500);
    if (port !== 61_500) expect(own.take(answer, 0, answer.length)).toBe(false);
  }
});

test('a thousand under way are all known again', () => {
  const own = new OwnPackets();
  const probes = Array.from({ length: 1024 }, (_, i) => datagram(61_500, i, 28 + (i % 40)));
  for (const probe of probes) own.note(probe, 0, probe.length);
  expect(probes.every((probe) => own.take(probe, 0, probe.length))).toBe(true);
});

test('probes of all protocols that carry nothing are all known again, and each of them', () => {
  const own = new OwnPackets();
  const probes = Array.from({ length: 256 }, (_, protocol) => {
    const probe = datagram(0, 0).subarray(0, 20);
    probe[9] = protocol;
    return probe;
  });
  for (const probe of probes) own.note(probe, 0, probe.length);
  expect(probes.filter((probe) => !own.take(probe, 0, probe.length))).toEqual([]);
});
