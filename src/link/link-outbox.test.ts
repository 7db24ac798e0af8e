import { expect, test } from 'vitest';
import { errnos } from '../system/errnos.ts';
import type { Link } from './link.ts';
import { LinkOutbox } from './link-outbox.ts';

/** A link with few slots that takes what it is allowed to. */
class FakeLink {
  readonly mtu = 1500;
  readonly slotBytes = 128;
  readonly slots = 64;
  readonly headroom = 14;
  readonly transmit = new Uint8Array(this.slots * this.slotBytes);
  readonly staged: string[] = [];
  readonly sent: string[] = [];
  allowance = Number.POSITIVE_INFINITY;
  trouble = 0;

  stage(slot: number, length: number): void {
    const at = slot * this.slotBytes + this.headroom;
    this.staged.push(Buffer.from(this.transmit.subarray(at, at + length)).toString('hex'));
  }

  flush(): number {
    const taken = Math.min(this.staged.length, this.allowance);
    this.allowance -= taken;
    this.trouble = taken === 0 ? errnos.EAGAIN : 0;
    this.sent.push(...this.staged.splice(0, taken));
    return taken;
  }

  discard(): void {
    this.staged.shift();
  }
}

/** Writes an IPv4 packet with `number` in its last byte. */
function write(outbox: LinkOutbox, number: number, fragmentBytes?: number): number {
  outbox.open(0, fragmentBytes === undefined ? undefined : { sizes: [fragmentBytes], order: 'forward' });
  const packet = new Uint8Array(60);
  packet.set([0x45, 0, 0, 60, 0, number, 0, 0, 64, 200, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
  packet[59] = number;
  outbox.bytes.set(packet, outbox.offset);
  return outbox.commit(packet.length, 0);
}

function make(outbox: LinkOutbox): FakeLink {
  const link = new FakeLink();
  outbox.addPath(link as unknown as Link);
  return link;
}

const decoy = Uint8Array.of(10, 0, 0, 9);

test('one packet becomes one for each decoy and fragment, in order', () => {
  const outbox = new LinkOutbox({ v4: [decoy, null], v6: [null] });
  const link = make(outbox);
  expect(write(outbox, 7, 16)).toBe(6);
  expect(outbox.flush()).toBe(0);
  expect(link.sent.map((packet) => packet.slice(24, 32))).toEqual([
    ...new Array(3).fill('0a000009'),
    ...new Array(3).fill('0a000001'),
  ]);
  // Two more packets of 60 bytes, each with two more headers of 20: one packet of 60 was the engine's own.
  expect(outbox.extraBytes).toBe(60 + 4 * 20);
});

test('nothing is lost or sent twice when there are more packets than slots and the kernel takes few', () => {
  const outbox = new LinkOutbox();
  const link = make(outbox);
  link.allowance = 0;
  let written = 0;
  for (; outbox.hasRoom; written++) write(outbox, written, 8);
  // Beyond its room, as one transmission of several payloads may.
  for (const end = written + 20; written < end; written++) write(outbox, written, 8);
  expect(outbox.hasRoom).toBe(false);
  for (let i = 0; i < 1000 && link.sent.length < 5 * written; i++) {
    link.allowance = i % 7;
    outbox.flush();
  }
  expect(outbox.hasRoom).toBe(true);
  const last = link.sent.filter((_, i) => i % 5 === 4).map((packet) => Number.parseInt(packet.slice(-2), 16));
  expect(last).toEqual(Array.from({ length: written }, (_, i) => i));
  expect(link.sent).toHaveLength(5 * written);
});

test('whole packets and such in fragments leave in the order in which they were written', () => {
  const outbox = new LinkOutbox();
  const link = make(outbox);
  expect([write(outbox, 1), write(outbox, 2, 16), write(outbox, 3)]).toEqual([1, 3, 1]);
  expect(outbox.flush()).toBe(0);
  const ids = link.sent.map((packet) => Number.parseInt(packet.slice(8, 12), 16));
  expect(ids).toEqual([1, 2, 2, 2, 3]);
});

test('what cannot leave is given up, and the rest goes on', () => {
  const outbox = new LinkOutbox();
  const link = make(outbox);
  for (let i = 0; i < 3; i++) expect(write(outbox, i)).toBe(1);
  link.allowance = 1;
  expect(outbox.flush()).toBe(errnos.EAGAIN);
  const refused: number[] = [];
  outbox.discard((_, bytes, start) => refused.push(bytes[start + 59] as number));
  expect(refused).toEqual([1]);
  link.allowance = 9;
  expect(outbox.flush()).toBe(0);
  expect(link.sent.map((packet) => packet.slice(-2))).toEqual(['00', '02']);
});

test('what is longer than the way bears leaves in pieces that fit', () => {
  const outbox = new LinkOutbox();
  const link = new FakeLink();
  outbox.addPath(link as unknown as Link, 44);
  expect(write(outbox, 7)).toBe(2);
  outbox.flush();
  expect(link.sent.map((packet) => packet.length / 2)).toEqual([44, 36]);
  // A router says that even that is too long.
  expect(outbox.shrinkTo(4, Uint8Array.of(10, 0, 0, 2), 0, 100, 68)).toBe(true);
  expect(outbox.openRun(0, 8, 60)).toBe(0);
});
