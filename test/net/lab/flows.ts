/**
 * What servers said first in captures of the wild: each TCP connection of a pcap or pcapng file whose beginning was
 * captured, with the server's bytes put together.
 *
 * @module
 */

/** The server's side of a connection. */
export interface Flow {
  /** Both ends as `address:port`, sorted. */
  readonly key: string;
  readonly port: number;
  /** Its first bytes, at most 4096. */
  readonly said: Uint8Array;
}

/** The connections of a capture. */
export function flowsOf(bytes: Uint8Array): readonly Flow[] {
  const open = new Map<string, { server: string; port: number; parts: [at: number, data: Buffer][] }>();
  for (const packet of packetsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))) {
    const segment = segmentOf(packet);
    if (segment === undefined) continue;
    const { from, to, flags, sequence, data } = segment;
    const key = [from, to].sort().join(' ');
    if ((flags & 0x12) === 0x12) {
      const port = Number(from.slice(from.lastIndexOf(':') + 1));
      // The number after that of the SYN is the first byte's.
      open.set(key, { server: from, port, parts: [[(sequence + 1) >>> 0, Buffer.alloc(0)]] });
    } else {
      const flow = open.get(key);
      if (flow?.server === from && data.length > 0) flow.parts.push([sequence, data]);
    }
  }
  return [...open].map(([key, { port, parts }]) => ({ key, port, said: joined(parts) }));
}

/** The bytes in their order, as far as none is missing. */
function joined(parts: readonly (readonly [at: number, data: Buffer])[]): Uint8Array {
  const first = parts[0]?.[0] ?? 0;
  const ordered = parts.map(([at, data]) => [(at - first) >>> 0, data] as const).sort(([a], [b]) => a - b);
  const chunks: Buffer[] = [];
  let length = 0;
  for (const [at, data] of ordered) {
    if (at > length || length >= most) break;
    if (at + data.length <= length) continue;
    chunks.push(data.subarray(length - at));
    length = at + data.length;
  }
  return Uint8Array.from(Buffer.concat(chunks).subarray(0, most));
}

/** A datagram. */
export interface Datagram {
  /** Both ends as `address:port`. */
  readonly from: string;
  readonly to: string;
  readonly data: Uint8Array;
}

/** The datagrams of a capture over UDP, in their order. */
export function datagramsOf(bytes: Uint8Array): readonly Datagram[] {
  const packets = [...packetsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))];
  return packets.flatMap((packet) => {
    const found = transportOf(packet, udpNumber, 8);
    if (found === undefined) return [];
    const { from, to, packet: datagram } = found;
    return [{ from, to, data: Uint8Array.from(datagram.subarray(8, datagram.readUInt16BE(4) || undefined)) }];
  });
}

interface Segment {
  readonly from: string;
  readonly to: string;
  readonly flags: number;
  readonly sequence: number;
  readonly data: Buffer;
}

function segmentOf(packet: Buffer): Segment | undefined {
  const found = transportOf(packet, tcpNumber, 20);
  if (found === undefined) return undefined;
  const { from, to, packet: tcp } = found;
  return {
    from,
    to,
    flags: tcp[13] as number,
    sequence: tcp.readUInt32BE(4),
    data: tcp.subarray(((tcp[12] as number) >> 4) * 4),
  };
}

/** What a packet carries, if it is of this protocol and not a later fragment, with both ends. */
function transportOf(
  packet: Buffer,
  protocol: number,
  leastBytes: number,
): { readonly from: string; readonly to: string; readonly packet: Buffer } | undefined {
  const isV6 = (packet[0] ?? 0) >> 4 === 6;
  const headBytes = isV6 ? 40 : ((packet[0] ?? 0) & 15) * 4;
  if (packet.length < headBytes + leastBytes || packet[isV6 ? 6 : 9] !== protocol) return undefined;
  if (!isV6 && (packet.readUInt16BE(6) & 0x1fff) !== 0) return undefined;
  const end = isV6 ? 40 + packet.readUInt16BE(4) : packet.readUInt16BE(2) || packet.length;
  const carried = packet.subarray(headBytes, end);
  if (carried.length < leastBytes) return undefined;
  const address = (at: number) =>
    isV6 ? packet.subarray(at, at + 16).toString('hex') : packet.subarray(at, at + 4).join('.');
  const [source, destination] = isV6 ? [address(8), address(24)] : [address(12), address(16)];
  return {
    from: `${source}:${carried.readUInt16BE(0)}`,
    to: `${destination}:${carried.readUInt16BE(2)}`,
    packet: carried,
  };
}

/** The IP packets of a capture: Ethernet, with or without tags, cooked, or bare. */
function* packetsOf(bytes: Buffer): Generator<Buffer> {
  for (const [link, frame] of framesOf(bytes)) {
    if (link === 1) {
      let at = 12;
      while (frame.length > at + 4 && [0x8100, 0x88a8].includes(frame.readUInt16BE(at))) at += 4;
      yield frame.subarray(at + 2);
    } else if (link === 113) yield frame.subarray(16);
    else if (link === 276) yield frame.subarray(20);
    else if (link === 0) yield frame.subarray(4);
    else if ([101, 12, 14, 228, 229].includes(link)) yield frame;
  }
}

function* framesOf(bytes: Buffer): Generator<readonly [link: number, frame: Buffer]> {
  const magic = bytes.readUInt32LE(0);
  if (magic !== 0x0a0d0d0a) {
    const isLittle = magic === 0xa1b2_c3d4 || magic === 0xa1b2_3c4d;
    const u32 = (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
    const link = u32(20) & 0xffff;
    for (let at = 24; at + 16 <= bytes.length; at += 16 + u32(at + 8))
      yield [link, bytes.subarray(at + 16, at + 16 + u32(at + 8))];
    return;
  }
  let links: number[] = [];
  let isLittle = true;
  const u32 = (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  for (let at = 0; at + 12 <= bytes.length; ) {
    const type = u32(at);
    if (type === 0x0a0d_0d0a) {
      isLittle = bytes.readUInt32LE(at + 8) === 0x1a2b_3c4d;
      links = [];
    } else if (type === 1) links.push(isLittle ? bytes.readUInt16LE(at + 8) : bytes.readUInt16BE(at + 8));
    else if (type === 6) yield [links[u32(at + 8)] ?? 1, bytes.subarray(at + 28, at + 28 + u32(at + 20))];
    const length = u32(at + 4);
    if (length < 12) return;
    at += length;
  }
}

const most = 4096;
const tcpNumber = 6;
const udpNumber = 17;
