/**
 * Values of options: numbers with units, lists, bytes. Each reader returns the value or throws
 * {@link Unacceptable} with what it accepts.
 *
 * @module
 */

import { Unacceptable } from './flag.ts';

/** A whole number within bounds, decimal. */
export function readCount(text: string, low: number, high: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new Unacceptable(`a whole number from ${low} to ${high}`);
}

/** A time with an optional unit, in milliseconds: `500ms`, `1.5s`, `10m`, `2h`; a bare number is seconds. */
export function readTimeMs(text: string, lowMs = 0): number {
  const match = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)?$/.exec(text);
  if (match !== null) {
    const timeMs = Number(match[1]) * (millisecondsOf[(match[2] ?? 's') as TimeUnit] as number);
    if (timeMs >= lowMs && timeMs <= longestMs) return timeMs;
  }
  const least = lowMs === 0 ? '' : ` of at least ${lowMs}ms`;
  throw new Unacceptable(`a time${least} such as 500ms, 2s, 10m or 1h (without a unit: seconds)`);
}

/** Packets per second: a number, or one with `k` or `M` behind it. */
export function readRatePps(text: string, low: number): number {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)([kM])?$/.exec(text);
  const scale = match?.[2] === 'M' ? 1e6 : match?.[2] === 'k' ? 1e3 : 1;
  const value = match === null ? Number.NaN : Number(match[1]) * scale;
  if (value >= low && value <= fastestPps) return value;
  throw new Unacceptable(`packets per second from ${low}, such as 500, 10k or 1M`);
}

/** Parts between commas, none of them empty. */
export function readList(text: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => part !== '')) return parts;
  throw new Unacceptable('a list such as A,B,C without empty parts');
}

/** Text that must not be empty, such as a file's name. */
export function readText(text: string): string {
  // A NUL byte would end the name early inside the operating system.
  if (text !== '' && !text.includes('\0')) return text;
  throw new Unacceptable('a text that is not empty');
}

/** Bytes in hexadecimal: `0xdeadbeef`, `deadbeef` or `\xde\xad`; there `\x00*9` stands for nine of them. */
export function readHex(text: string): Uint8Array {
  const isEscaped = /^(?:\\x[\da-f]{2}(?:\*\d{1,4})?)+$/i.test(text);
  const digits = isEscaped ? repeated(text) : text.replace(/^0x/i, '');
  if (/^(?:[\da-f]{2})+$/i.test(digits)) {
    return Uint8Array.from(digits.match(/../g) as string[], (pair) => Number.parseInt(pair, 16));
  }
  throw new Unacceptable('bytes in hexadecimal such as 0xdeadbeef or \\xde\\xad');
}

function repeated(text: string): string {
  return text.replaceAll(/\\x(..)(?:\*(\d+))?/gi, (_, pair: string, times = '1') =>
    pair.repeat(Number(times)),
  );
}

/** TCP flags as names written together (`SYNFIN`, `urgackpsh`) or as a number from 0 to 255. */
export function readTcpFlags(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return Number(text);
  if (/^0x[\da-f]{1,2}$/i.test(text)) return Number(text);
  const names = text.toUpperCase().match(/CWR|ECE|URG|ACK|PSH|RST|SYN|FIN/g) ?? [];
  if (names.length > 0 && names.join('') === text.toUpperCase()) {
    return names.reduce((flags, name) => flags | (flagBits[name as keyof typeof flagBits] as number), 0);
  }
  throw new Unacceptable('names of TCP flags such as SYNFIN, or a number from 0 to 255');
}

/**
 * IPv4 options (RFC 791, 3.1): bytes in hexadecimal, or one letter for the usual ones: R records the route,
 * T the times, U both, `L` and `S` with addresses ask for a loose or strict source route.
 */
export function readIpOptions(text: string): Uint8Array {
  const route = /^([LS]) +([\d. ,]+)$/.exec(text);
  if (route !== null) {
    const hops = (route[2] as string).trim().split(/[ ,]+/).map(readFourBytes);
    if (hops.length > 9) throw new Unacceptable('a source route of at most 9 addresses');
    return padded([route[1] === 'L' ? 131 : 137, 3 + 4 * hops.length, 4, ...hops.flat()]);
  }
  if (text === 'R') return padded([7, 39, 4, ...new Array<number>(36).fill(0)]);
  if (text === 'T') return padded([68, 40, 5, 0, ...new Array<number>(36).fill(0)]);
  if (text === 'U') return padded([68, 36, 5, 1, ...new Array<number>(32).fill(0)]);
  try {
    const bytes = readHex(text);
    if (bytes.length <= 40) return padded([...bytes]);
  } catch (error) {
    if (!(error instanceof Unacceptable)) throw error;
  }
  throw new Unacceptable('R, T, U, "L ADDRESSES", "S ADDRESSES" or up to 40 bytes in hexadecimal');
}

function readFourBytes(text: string): number[] {
  const parts = text.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (parts.length === 4 && parts.every((part) => part < 256)) return parts;
  throw new Unacceptable('L or S followed by IPv4 addresses');
}

/** Options fill whole 32-bit words; type 0 ends them. */
function padded(bytes: readonly number[]): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}

type TimeUnit = keyof typeof millisecondsOf;

const millisecondsOf = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const flagBits = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, ECE: 64, CWR: 128 } as const;
/** 24 days: a timer of Node holds at most 2^31 ms, which is 24.8 days. */
const longestMs = 24 * 24 * 3_600_000;
const fastestPps = 1e9;
