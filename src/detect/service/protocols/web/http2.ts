/**
 * HTTP/2 (RFC 9113) by its frames: for servers that speak nothing else, as those of gRPC, and to learn whether a server of
 * the web speaks it besides.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u24, u32 } from '../../byte-writer.ts';
import type { Asked, Facts, Further, Parsed, Protocol } from '../../contract.ts';
import { fieldsIn } from './hpack.ts';
import { frameworks, servers } from './servers.ts';

/** Servers that begin with their settings, or answer to ours. */
export const http2: Protocol = {
  name: 'http2',
  transport: 'tcp',
  ports: [50051],
  request: { cost: 8, toStrangers: 'closes', bytes: opening },
  more: { cost: 2, bytes: opening },
  parse,
  isWhole: (bytes) => framesIn(bytes).some(({ type }) => type === frame.headers || type === frame.goAway),
  products: [...servers, ...frameworks],
};

/** Whether a server that speaks HTTP/1 speaks this as well: agreed on inside TLS, known beforehand in plain text. */
export const furtherHttp2: readonly Further[] = [
  { ...further('h2'), alpn: 'h2' },
  { ...further('h2c'), isPlain: true },
];

function further(name: string): Further {
  return {
    name,
    cost: 8,
    bytes: opening,
    isWhole: (heard) => framesIn(heard).length > 0,
    read: (heard) => (parse(heard) === undefined ? undefined : { http2: name }),
  };
}

/** The preface, settings that change nothing, and a request for `/` (RFC 9113, 3.4 and 8.1). */
function opening({ host, port }: Asked): Uint8Array {
  const authority = `${host}:${port}`.slice(0, longestLiteral);
  // `:method: GET`, `:scheme: http`, `:path: /` stand in the static table; the host is a literal that nobody keeps.
  const block = bytesFrom(0x82, 0x86, 0x84, 0x01, authority.length, authority);
  return bytesFrom(
    preface,
    [0, 0, 0, frame.settings, 0, ...u32(0)],
    u24(block.length),
    [frame.headers, endOfStream | endOfHeaders],
    u32(1),
    block,
  );
}

function parse(bytes: Uint8Array): Parsed | undefined {
  const frames = framesIn(bytes);
  const [first] = frames;
  if (first?.type !== frame.settings || first.flags !== 0 || !isSettings(first.payload)) return undefined;
  const answer = frames.find(({ type }) => type === frame.headers);
  const fields = answer === undefined ? undefined : fieldsIn(withoutPadding(answer));
  const facts: Record<string, string> = { version: '2' };
  for (const [field, name] of shown) {
    const value = fields?.get(field);
    if (value !== undefined && value !== '') facts[name] = value;
  }
  if (fields?.get('content-type')?.startsWith('application/grpc') === true) facts['info'] = 'gRPC';
  return {
    facts,
    name: 'http',
    ...(fields && { hints: Object.fromEntries(fields) as Facts }),
    ...(answer === undefined && { isAside: true as const }),
    ...(first.payload.length === 0 && { confidence: 7 as const }),
  };
}

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

/** The frames that are whole; none where the first one is none (RFC 9113, 4.1). */
function framesIn(bytes: Uint8Array): readonly Frame[] {
  const reader = new ByteReader(bytes);
  const frames: Frame[] = [];
  while (reader.left >= frameHead && frames.length < mostFrames) {
    const length = (reader.u8() << 16) | reader.u16();
    const type = reader.u8();
    const flags = reader.u8();
    const stream = reader.u32();
    if (length > longestFrame || type > frame.continuation || (frames.length === 0 && stream !== 0)) break;
    const payload = reader.take(length);
    if (reader.isShort) break;
    frames.push({ type, flags, payload });
  }
  return frames;
}

/** Six bytes each, with numbers that are given (RFC 9113, 6.5.2; 8441, 9218). */
function isSettings(payload: Uint8Array): boolean {
  if (payload.length % 6 !== 0 || payload.length > longestSettings) return false;
  for (let at = 0; at < payload.length; at += 6)
    if (payload[at] !== 0 || payload[at + 1]! < 1 || payload[at + 1]! > 0x10) return false;
  return true;
}

/** RFC 9113, 6.2. */
function withoutPadding({ flags, payload }: Frame): Uint8Array {
  const isPadded = (flags & 0x08) !== 0;
  const from = (isPadded ? 1 : 0) + ((flags & 0x20) !== 0 ? 5 : 0);
  return payload.subarray(from, isPadded ? payload.length - (payload[0] ?? 0) : payload.length);
}

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const frame = { headers: 1, settings: 4, goAway: 7, continuation: 9 } as const;
const endOfStream = 0x01;
const endOfHeaders = 0x04;
const frameHead = 9;
const longestFrame = 1 << 14;
const longestSettings = 120;
/** What fits into the first byte of a length. */
const longestLiteral = 126;
const mostFrames = 16;
const shown = [
  [':status', 'status'],
  ['server', 'server'],
  ['location', 'redirect'],
  ['via', 'via'],
] as const;
