/**
 * The IPv6 hop-by-hop and destination options headers, RFC 8200, sections 4.3 and 4.6.
 *
 * @module
 */

import assert from 'node:assert/strict';
import { copyBytes, putBytes } from './bytes.ts';
import { type Codec, Malformed } from './codec.ts';

/** One option; `type` 0 is Pad1, 1 is PadN. */
export interface Ipv6Option {
  readonly type: number;
  readonly data: Uint8Array;
}

/** An options header. The padding that fills its last 8 bytes is not listed, `emit` adds it. */
export interface Ipv6Options {
  readonly nextHeader: number;
  readonly options: readonly Ipv6Option[];
}

/** Reads and writes hop-by-hop and destination options headers. */
export const ipv6Options: Codec<Ipv6Options> = {
  name: 'ipv6-options',
  minLength: 8,

  length(header) {
    const length = (unpaddedLength(header.options) + 7) & ~7;
    assert.ok(length <= maxLength, `${length} bytes of IPv6 options, at most ${maxLength} fit`);
    return length;
  },

  parse(view, start, end) {
    const available = end - start;
    if (available < 8) return new Malformed('ipv6-options', 'truncated', 8, available);
    const length = (view.getUint8(start + 1) + 1) * 8;
    if (available < length) return new Malformed('ipv6-options', 'truncated', length, available);
    const options: Ipv6Option[] = [];
    for (let at = start + 2; at < start + length; ) {
      const type = view.getUint8(at);
      const data = type === pad1 ? 0 : at + 1 < start + length ? view.getUint8(at + 1) : length;
      const next = type === pad1 ? at + 1 : at + 2 + data;
      if (next > start + length) return new Malformed('ipv6-options', 'bad-length', next - start, length);
      options.push({ type, data: type === pad1 ? new Uint8Array(0) : copyBytes(view, at + 2, data) });
      at = next;
    }
    const last = options.at(-1);
    if (last !== undefined && isFilling(last)) options.pop();
    return { nextHeader: view.getUint8(start), options };
  },

  emit(header, view, start) {
    const length = ipv6Options.length(header);
    view.setUint8(start, header.nextHeader);
    view.setUint8(start + 1, length / 8 - 1);
    let at = start + 2;
    const put = ({ type, data }: Ipv6Option) => {
      view.setUint8(at++, type);
      if (type !== pad1) view.setUint8(at++, data.length);
      putBytes(view, at, data);
      at += data.length;
    };
    header.options.forEach(put);
    const rest = start + length - at;
    if (rest === 1) put({ type: pad1, data: new Uint8Array(0) });
    else if (rest > 1) put({ type: padN, data: new Uint8Array(rest - 2) });
  },

  describe: (header) => `options=${header.options.map(({ type }) => type)} next=${header.nextHeader}`,
};

/** Router alert (RFC 2711) with value 0, which every multicast listener message carries. */
export const routerAlert: Ipv6Option = { type: 5, data: new Uint8Array(2) };

function unpaddedLength(options: readonly Ipv6Option[]): number {
  return options.reduce((sum, { type, data }) => sum + (type === pad1 ? 1 : 2 + data.length), 2);
}

/** Whether `emit` would write this option by itself, at the end. */
function isFilling({ type, data }: Ipv6Option): boolean {
  return type === pad1 || (type === padN && data.length <= 5 && data.every((byte) => byte === 0));
}

const pad1 = 0;
const padN = 1;
const maxLength = 256 * 8;
