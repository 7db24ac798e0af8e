/**
 * A message of HTTP/1 as servers send it (RFC 9112), read as far as it came: interim answers are passed over, lines may
 * end in a line feed alone, something may stand before it.
 *
 * @module
 */

import { linesOf, textOf } from '../../text.ts';

/** What was read of one. */
export interface Message {
  /** Such as `1.1`; `ICY` where the version is that of SHOUTcast. */
  readonly version: string;
  readonly status: string;
  /** Fields by lower-case name; what comes several times is joined (RFC 9110, 5.3). */
  readonly headers: ReadonlyMap<string, string>;
  /** The names of the cookies that it sets. */
  readonly cookies: readonly string[];
  /** What came after the head, chunks joined; undefined while the head is not over. */
  readonly body: Uint8Array | undefined;
  /** All that will come has come, by what it says itself. */
  readonly isWhole: boolean;
  /** Something stood before it. */
  readonly isAfterNoise: boolean;
}

/** The message that the bytes hold; undefined where there is none. */
export function readMessage(bytes: Uint8Array): Message | undefined {
  const start = startOf(bytes);
  if (start === undefined) return undefined;
  let at = start;
  for (let interim = 0; interim <= mostInterim; interim++) {
    const rest = bytes.subarray(at);
    const status = statusLine.exec(textOf(rest.subarray(0, lineEnd(rest, 0))));
    if (status === null) return undefined;
    const [, version = 'ICY', code = ''] = status;
    const body = bodyAt(rest);
    const isInterim = code.startsWith('1') && code !== '101';
    if (isInterim && body !== undefined && body < rest.length) {
      at += body;
      continue;
    }
    const lines = linesOf(rest.subarray(0, body ?? rest.length)).slice(1);
    const { headers, cookies } = fieldsOf(lines);
    const isAfterNoise = start > 0;
    // What is cited somewhere has no fields.
    if (isAfterNoise && headers.size === 0) return undefined;
    const { content, isWhole } = contentOf(body === undefined ? undefined : rest.subarray(body), headers);
    return {
      version,
      status: code,
      headers,
      cookies,
      body: content,
      isWhole: !isInterim && (isWhole || (body !== undefined && bodiless.has(code))),
      isAfterNoise,
    };
  }
  return undefined;
}

/** Bytes as characters of the same numbers. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Where a status line stands: at the beginning, or in a line not far behind it. */
function startOf(bytes: Uint8Array): number | undefined {
  if (isStatus(bytes, 0)) return 0;
  const most = Math.min(bytes.length, mostNoise);
  for (let at = bytes.indexOf(lineFeed); at >= 0 && at < most; at = bytes.indexOf(lineFeed, at + 1))
    if (isStatus(bytes, at + 1)) return at + 1;
  return undefined;
}

function isStatus(bytes: Uint8Array, at: number): boolean {
  return statusLine.test(latin1(bytes.subarray(at, Math.min(at + longestStatus, lineEnd(bytes, at)))));
}

/** Continued lines are no fields any more (RFC 9112, 5.2). */
function fieldsOf(lines: readonly string[]): Pick<Message, 'headers' | 'cookies'> {
  const headers = new Map<string, string>();
  const cookies: string[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0 || /\s/.test(line.slice(0, colon))) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'set-cookie') {
      const cookie = /^([^=;\s]{1,64})=/.exec(value)?.[1];
      if (cookie !== undefined && cookies.length < mostCookies && !cookies.includes(cookie))
        cookies.push(cookie);
      continue;
    }
    const before = headers.get(name);
    if (before === undefined) headers.set(name, value);
    else if (before.length < longestField) headers.set(name, `${before}, ${value}`.slice(0, longestField));
  }
  return { headers, cookies };
}

/** The body as it was meant, and whether it is all there. */
function contentOf(
  raw: Uint8Array | undefined,
  headers: ReadonlyMap<string, string>,
): { readonly content: Uint8Array | undefined; readonly isWhole: boolean } {
  if (raw === undefined) return { content: undefined, isWhole: false };
  if (/\bchunked\b/i.test(headers.get('transfer-encoding') ?? '')) return unchunked(raw);
  const length = Number(headers.get('content-length') ?? Number.NaN);
  return { content: raw, isWhole: raw.length >= length };
}

/** RFC 9112, 7.1. */
function unchunked(raw: Uint8Array): { readonly content: Uint8Array; readonly isWhole: boolean } {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < raw.length; ) {
    const end = lineEnd(raw, at);
    const size = /^([0-9a-f]{1,8})\s*(?:;|$)/i.exec(
      latin1(raw.subarray(at, Math.min(end, at + longestStatus))),
    )?.[1];
    if (size === undefined || end >= raw.length) break;
    const length = Number.parseInt(size, 16);
    if (length === 0) return { content: Buffer.concat(chunks), isWhole: true };
    chunks.push(raw.subarray(end + 1, end + 1 + length));
    at = end + 1 + length;
    if (raw[at] === carriageReturn) at++;
    if (raw[at] === lineFeed) at++;
  }
  // Who announces chunks and sends none has sent something all the same.
  return { content: chunks.length === 0 ? raw : Buffer.concat(chunks), isWhole: false };
}

/** Where the body begins; undefined while the head is not over. */
function bodyAt(bytes: Uint8Array): number | undefined {
  for (let at = lineEnd(bytes, 0); at < bytes.length; ) {
    const next = at + 1;
    const end = lineEnd(bytes, next);
    if (end >= bytes.length) return undefined;
    if (end === next || (end === next + 1 && bytes[next] === carriageReturn)) return end + 1;
    at = end;
  }
  return undefined;
}

/** Where the line that begins there ends; the end of all where it does not. */
function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(lineFeed, from);
  return end < 0 ? bytes.length : end;
}

/** RFC 9112, 4, and what SHOUTcast made of it; a reason may be missing, and there may be more than one space. */
/** Other doors of Tor say in such a line that they are none of the web's. */
const statusLine = /^(?:HTTP\/(\d(?:\.\d)?)|ICY) {1,4}(\d{3})(?=[ \r]|$)(?! Tor (?:is not|ControlPort))/;
/** RFC 9110, 6.4.1. */
const bodiless: ReadonlySet<string> = new Set(['101', '204', '304']);
const longestStatus = 64;
const mostInterim = 4;
const mostNoise = 256;
const mostCookies = 8;
const longestField = 512;
const lineFeed = 10;
const carriageReturn = 13;
