/**
 * A program: asks every port once in each way, by packets written here byte for byte, and prints what came back as JSON.
 * Argument: a {@link TruthQuestion}. What got through is counted elsewhere, by the kernel of who was asked.
 *
 * @module
 */

import { isIP } from 'node:net';
import { libc } from '../../../src/system/ffi.ts';
import { type Answer, type TruthQuestion, ways } from './truth.ts';

const question = JSON.parse(process.argv[2] as string) as TruthQuestion;
const { source, target, tcp, udp, gapMs } = question;
const family = isIP(target) as 4 | 6;
const { socket, bind, sendto, recv, poll, setsockopt } = libc();
const sender = socket(family === 4 ? 2 : 10, 3, 255);
// IPV6_HDRINCL; on IPv4 the protocol says so already.
if (family === 6) setsockopt(sender, 41, 36, new Int32Array([1]), 4);
const listener = socket(17, 2 | 0o4000, 0x0300);
// SO_RCVBUFFORCE: answers of a thousand ports come at once.
setsockopt(listener, 1, 33, new Int32Array([16 << 20]), 4);
if (sender < 0 || listener < 0 || bind(listener, new Uint8Array([17, 0, 0, 3, ...Array(16).fill(0)]), 20) < 0)
  throw new Error('no raw sockets here');

const answers = new Map<string, Answer>();
const asked = [
  // Where packets must keep their distance the plain ones are enough.
  ...tcp.flatMap((port) =>
    ways
      .filter(({ name, isUdp }) => isUdp !== true && (gapMs === 0 || name === 'syn'))
      .map((way) => ({ way, port })),
  ),
  ...udp.flatMap((port) => ways.filter(({ isUdp }) => isUdp === true).map((way) => ({ way, port }))),
];
const sourceBytes = bytesOf(source);
const targetBytes = bytesOf(target);
const to = new Uint8Array(28);
to[0] = family === 4 ? 2 : 10;
to.set(targetBytes, family === 4 ? 4 : 8);
const buffer = new Uint8Array(2048);

// Silence is asked three times: a busy machine may be slow, and neighbours have to be found first.
for (let round = 0; round < 3; round++) {
  const left = asked.filter(({ way, port }) => !answers.has(`${way.name} ${port}`));
  for (const [i, { way, port }] of left.entries()) {
    send(way, port);
    // A burst of hundreds is more than a program that answers in the host's name may keep up with.
    listen(gapMs === 0 && i % 32 === 31 ? 2 : gapMs);
  }
  if (left.length > 0) listen(150);
}
process.stdout.write(JSON.stringify(Object.fromEntries(answers)));

function send(way: (typeof ways)[number], port: number): void {
  const upper =
    way.isUdp === true ? datagram(way.sourcePort, port) : segment(way.sourcePort, port, way.flags);
  for (const packet of packets(upper, way.isUdp === true ? 17 : 6, way.fragment ?? 0))
    sendto(sender, packet, packet.length, 0, to, family === 4 ? 16 : 28);
}

/** A SYN has the options that every system sends, so that a filter that looks at them lets it pass. */
function segment(sourcePort: number, port: number, flags: number): Uint8Array {
  const options = flags === 2 ? [2, 4, 5, 0xb4, 4, 2, 1, 1] : [];
  const bytes = new Uint8Array(20 + options.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, port);
  view.setUint32(4, 0x1234_5678);
  view.setUint32(8, (flags & 16) === 0 ? 0 : 0x2345_6789);
  view.setUint16(12, ((5 + options.length / 4) << 12) | flags);
  view.setUint16(14, 64_240);
  bytes.set(options, 20);
  view.setUint16(16, checksum(bytes, 6));
  return bytes;
}

function datagram(sourcePort: number, port: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, port);
  view.setUint16(4, bytes.length);
  view.setUint16(6, checksum(bytes, 17) || 0xffff);
  return bytes;
}

function checksum(upper: Uint8Array, protocol: number): number {
  const pseudo = [
    ...sourceBytes,
    ...targetBytes,
    0,
    protocol,
    upper.length >> 8,
    upper.length & 255,
    ...upper,
  ];
  let sum = 0;
  for (let i = 0; i < pseudo.length; i += 2) sum += ((pseudo[i] ?? 0) << 8) | (pseudo[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** One packet, or as many as fragments of this size make. */
function packets(upper: Uint8Array, protocol: number, size: number): Uint8Array[] {
  const id = 1 + Math.floor(Math.random() * 0xfffe);
  const made: Uint8Array[] = [];
  for (let at = 0; at < upper.length; at += size || upper.length) {
    const part = upper.subarray(at, size === 0 ? undefined : at + size);
    const more = at + part.length < upper.length ? 1 : 0;
    made.push(
      family === 4 ? packet4(part, protocol, id, at, more) : packet6(part, protocol, id, at, more, size > 0),
    );
  }
  return made;
}

function packet4(part: Uint8Array, protocol: number, id: number, at: number, more: number): Uint8Array {
  const bytes = new Uint8Array(20 + part.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x4500_0000 + bytes.length);
  view.setUint16(4, id);
  view.setUint16(6, (more << 13) | (at >> 3));
  bytes[8] = 64;
  bytes[9] = protocol;
  bytes.set(sourceBytes, 12);
  bytes.set(targetBytes, 16);
  bytes.set(part, 20);
  return bytes;
}

function packet6(
  part: Uint8Array,
  protocol: number,
  id: number,
  at: number,
  more: number,
  isFragment: boolean,
): Uint8Array {
  const header = isFragment ? 8 : 0;
  const bytes = new Uint8Array(40 + header + part.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x6000_0000);
  view.setUint16(4, header + part.length);
  bytes[6] = isFragment ? 44 : protocol;
  bytes[7] = 64;
  bytes.set(sourceBytes, 8);
  bytes.set(targetBytes, 24);
  if (isFragment) {
    bytes[40] = protocol;
    view.setUint16(42, at | more);
    view.setUint32(44, id);
  }
  bytes.set(part, 40 + header);
  return bytes;
}

/** Takes what comes for this long. */
function listen(forMs: number): void {
  const endMs = performance.now() + forMs;
  for (;;) {
    const restMs = endMs - performance.now();
    if (poll(new Int32Array([listener, 1]), 1, Math.max(0, Math.ceil(restMs))) > 0) {
      const length = Number(recv(listener, buffer, buffer.length, 0));
      if (length > 0) read(buffer.slice(0, length));
    }
    if (restMs <= 0) return;
  }
}

function read(packet: Uint8Array): void {
  const [protocol, at, sourceAt, size] =
    family === 4 ? [packet[9], ((packet[0] as number) & 15) * 4, 12, 4] : [packet[6], 40, 8, 16];
  if ((packet[0] as number) >> 4 !== family || (packet[6] as number & 0x1f) === 0x1f) return;
  const view = new DataView(packet.buffer);
  const from = textOf(packet.subarray(sourceAt, sourceAt + size));
  const own = packet.subarray(sourceAt + size, sourceAt + 2 * size);
  if (own.some((byte, i) => byte !== sourceBytes[i])) return;
  if (protocol === 6 && from === textOf(targetBytes) && packet.length >= at + 20) {
    const flags = packet[at + 13] as number;
    note(view.getUint16(at + 2), view.getUint16(at), {
      kind: (flags & 4) !== 0 ? 'reset' : 'syn-ack',
      from,
      ttl: packet[family === 4 ? 8 : 7] as number,
    });
  } else if (protocol === 17 && from === textOf(targetBytes) && packet.length >= at + 8) {
    note(view.getUint16(at + 2), view.getUint16(at), {
      kind: 'datagram',
      from,
      ttl: packet[family === 4 ? 8 : 7] as number,
    });
  } else if (protocol === (family === 4 ? 1 : 58)) {
    const type = packet[at] as number;
    if (!(family === 4 ? [3, 11] : [1, 3]).includes(type)) return;
    const quoted = at + 8;
    let upper = family === 4 ? quoted + ((packet[quoted] as number) & 15) * 4 : quoted + 40;
    if (family === 6 && packet[quoted + 6] === 44) upper += 8;
    if (packet.length < upper + 4) return;
    note(view.getUint16(upper), view.getUint16(upper + 2), {
      kind: 'icmp',
      from,
      ttl: packet[family === 4 ? 8 : 7] as number,
      type,
      code: packet[at + 1] as number,
    });
  }
}

function note(sourcePort: number, port: number, answer: Answer): void {
  const isUdp = udp.includes(port) && !tcp.includes(port);
  const way = ways.find((each) => each.sourcePort === sourcePort && (each.isUdp === true || !isUdp));
  const key = `${way?.name} ${port}`;
  if (way !== undefined && !answers.has(key)) answers.set(key, answer);
}

function bytesOf(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const zeros = 8 - groups(head).length - groups(tail).length;
  return Uint8Array.from(
    [...groups(head), ...Array(zeros).fill('0'), ...groups(tail)].flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 255];
    }),
  );
}

function textOf(bytes: Uint8Array): string {
  return bytes.length === 4 ? bytes.join('.') : Buffer.from(bytes).toString('hex');
}
