/**
 * Replies of three digits and text, as FTP, SMTP and NNTP have them (RFC 959, 4.2).
 *
 * @module
 */

import { textOf } from './text.ts';

/** A reply that is whole. */
export interface Reply {
  readonly code: string;
  /** Its lines without codes. */
  readonly lines: readonly string[];
  /** What comes after it. */
  readonly rest: Uint8Array;
}

/** The first reply, or undefined where there is none, or it is not over. */
export function replyOf(bytes: Uint8Array): Reply | undefined {
  const lines: string[] = [];
  let code = '';
  for (let start = 0; lines.length < mostLines; ) {
    const end = bytes.indexOf(lineFeed, start);
    if (end < 0) return undefined;
    const line = textOf(bytes.subarray(start, end)).replace(/\r$/, '');
    start = end + 1;
    const [, digits, mark, text = ''] = /^(\d{3})(?:([ -])(.*))?$/.exec(line) ?? [];
    if (code === '' && digits === undefined) return undefined;
    code ||= digits as string;
    const isOfReply = digits === code;
    lines.push(isOfReply ? text : line.trim());
    if (isOfReply && mark !== '-') return { code, lines, rest: bytes.subarray(start) };
  }
  return undefined;
}

const lineFeed = 10;
const mostLines = 64;
