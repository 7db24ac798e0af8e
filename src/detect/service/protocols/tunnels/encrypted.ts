/**
 * Encrypted transports over UDP: QUIC (RFC 8999, RFC 9000), whose servers name their versions to whoever speaks none of
 * them, and DTLS (RFC 6347).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Parsed } from '../../contract.ts';
import { questionOf } from '../../payload.ts';

/** Version negotiation: the version zero, then those that are known. */
export const quic: DatagramProtocol = {
  name: 'quic',
  transport: 'udp',
  ports: [80, 443, 784, 853, 4433, 8443],
  request: { cost: 7, bytes: questionOf('quic') },
  parse: parseQuic,
  products: [],
};

/** A cookie wanted, a hello, an alert. */
export const dtls: DatagramProtocol = {
  name: 'dtls',
  transport: 'udp',
  ports: [443, 2083, 3391, 4433, 5061, 5349, 5684, 10161],
  request: { cost: 7, bytes: questionOf('dtls') },
  parse: parseDtls,
  products: [],
};

function parseQuic(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isLong = (reader.u8() & 0x80) !== 0;
  const version = reader.u32();
  const [ours, theirs] = [reader.take(reader.u8()), reader.take(reader.u8())];
  const isList = reader.left >= 4 && reader.left % 4 === 0 && reader.left <= 256;
  if (isLong && version !== 0) return parseLongHeader(bytes);
  if (!isLong || version !== 0 || reader.isShort || !isList || ours.length + theirs.length === 0)
    return undefined;
  const versions: string[] = [];
  while (reader.left > 0) {
    const name = versionName(reader.u32());
    if (name !== undefined) versions.push(name);
  }
  return { facts: { versions } };
}

/**
 * A packet of a version that is known, as those who were spoken to in it answer: Initial, 0-RTT, Handshake (RFC 9000,
 * 17.2) with a length that fits, or Retry. Google's first versions had another head.
 */
function parseLongHeader(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const first = reader.u8();
  const version = versionName(reader.u32());
  const lengths = [reader.u8()];
  reader.take(lengths[0] as number);
  lengths.push(reader.u8());
  reader.take(lengths[1] as number);
  const isKnown = version !== undefined && /^(?:[12]|draft \d{1,2}|T\d{3})$/.test(version);
  if (!isKnown || (first & 0x40) === 0 || lengths.some((length) => length > 20)) return undefined;
  const kind = ((first >> 4) & 3) - (version === '2' ? 1 : 0);
  const isRetry = (kind & 3) === 3;
  if ((kind & 3) === 0) reader.take(variable(reader));
  const length = isRetry ? 0 : variable(reader);
  const fits = isRetry ? reader.left >= 16 : length >= 20 && length <= reader.left;
  return fits && !reader.isShort ? { facts: { versions: [version] }, confidence: 7 } : undefined;
}

/** RFC 9000, 16. */
function variable(reader: ByteReader): number {
  const first = reader.u8();
  let value = first & 0x3f;
  for (let more = (1 << (first >> 6)) - 1; more > 0; more--) value = value * 256 + reader.u8();
  return value;
}

/** Those that are reserved to keep lists growing (RFC 9000, 15) are left out. */
function versionName(version: number): string | undefined {
  if ((version & 0x0f0f_0f0f) === 0x0a0a_0a0a) return undefined;
  if (version === 1) return '1';
  if (version === 0x6b33_43cf) return '2';
  if (version >>> 8 === 0xff_0000) return `draft ${version & 0xff}`;
  const text = Buffer.from([version >>> 24, version >>> 16, version >>> 8, version]).toString('latin1');
  return /^[QT]\d{3}$/.test(text) ? text : `0x${version.toString(16).padStart(8, '0')}`;
}

function parseDtls(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const type = reader.u8();
  const version = versions[reader.u16()];
  const epoch = reader.u16();
  reader.take(6);
  const length = reader.u16();
  if (reader.isShort || version === undefined || epoch !== 0 || length === 0 || length > reader.left)
    return undefined;
  if (type === 21) {
    const [level, alert] = [reader.u8(), reader.u8()];
    const isAlert = length === 2 && (level === 1 || level === 2);
    return isAlert ? { facts: { version, answer: `alert ${alert}` } } : undefined;
  }
  const answer = type === 22 ? messages[reader.u8()] : undefined;
  return answer === undefined ? undefined : { facts: { version, answer } };
}

const versions: Readonly<Record<number, string>> = { 65279: '1.0', 65277: '1.2', 65276: '1.3' };
const messages: Readonly<Record<number, string>> = { 2: 'server hello', 3: 'cookie wanted' };
