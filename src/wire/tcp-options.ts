/**
 * TCP options: RFC 9293 (section 3.2), RFC 7323 (window scale, timestamps), RFC 2018 (selective
 * acknowledgement).
 *
 * @module
 */

import { viewOf } from './bytes.ts';
import { type Option, parseOptions } from './options.ts';

/** One TCP option. What is not known here, or has not its length, is kept as it came. */
export type TcpOption =
  | { readonly kind: 'no-operation' }
  | { readonly kind: 'mss'; readonly size: number }
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'sack-permitted' }
  | { readonly kind: 'sack'; readonly blocks: readonly SackBlock[] }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'unknown'; readonly number: number; readonly data: Uint8Array };

/** Sequence numbers received: from `left` up to, not including, `right`. */
interface SackBlock {
  readonly left: number;
  readonly right: number;
}

/** Gives a raw option its meaning. */
export function decodeTcpOption({ kind, data }: Option): TcpOption {
  const view = viewOf(data);
  if (kind === number.noOperation) return { kind: 'no-operation' };
  if (kind === number.mss && data.length === 2) return { kind: 'mss', size: view.getUint16(0) };
  if (kind === number.windowScale && data.length === 1)
    return { kind: 'window-scale', shift: view.getUint8(0) };
  if (kind === number.sackPermitted && data.length === 0) return { kind: 'sack-permitted' };
  if (kind === number.timestamps && data.length === 8) {
    return { kind: 'timestamps', value: view.getUint32(0), echo: view.getUint32(4) };
  }
  if (kind === number.sack && data.length > 0 && data.length % 8 === 0) {
    const blocks = Array.from({ length: data.length / 8 }, (_, i) => ({
      left: view.getUint32(8 * i),
      right: view.getUint32(8 * i + 4),
    }));
    return { kind: 'sack', blocks };
  }
  return { kind: 'unknown', number: kind, data };
}

/** Reverses {@link decodeTcpOption}. */
export function encodeTcpOption(option: TcpOption): Option {
  switch (option.kind) {
    case 'no-operation':
      return { kind: number.noOperation, data: new Uint8Array(0) };
    case 'mss':
      return { kind: number.mss, data: Uint8Array.of(option.size >> 8, option.size) };
    case 'window-scale':
      return { kind: number.windowScale, data: Uint8Array.of(option.shift) };
    case 'sack-permitted':
      return { kind: number.sackPermitted, data: new Uint8Array(0) };
    case 'sack':
      return { kind: number.sack, data: words(option.blocks.flatMap(({ left, right }) => [left, right])) };
    case 'timestamps':
      return { kind: number.timestamps, data: words([option.value, option.echo]) };
    case 'unknown':
      return { kind: option.number, data: option.data };
  }
}

/** A short text for dumps, in the words of tcpdump. */
export function describeTcpOption(option: TcpOption): string {
  switch (option.kind) {
    case 'no-operation':
      return 'nop';
    case 'mss':
      return `mss ${option.size}`;
    case 'window-scale':
      return `wscale ${option.shift}`;
    case 'sack-permitted':
      return 'sackOK';
    case 'sack':
      return `sack ${option.blocks.map(({ left, right }) => `${left}:${right}`).join(' ')}`;
    case 'timestamps':
      return `TS val ${option.value} ecr ${option.echo}`;
    case 'unknown':
      return option.number === number.endOfList ? `eol+${option.data.length}` : `unknown-${option.number}`;
  }
}

/** Options in short: their order in the words of reports, and the values that say something of their sender. */
export interface TcpOptionWords {
  /** Such as `mss,sack,ts,nop,wscale`. */
  readonly text: string;
  readonly mss?: number;
  readonly windowScale?: number;
}

/** The options of a header, as far as they can be read. */
export function tcpOptionWords(bytes: Uint8Array): TcpOptionWords {
  const options = parseOptions(viewOf(bytes), 0, bytes.length);
  if (options === undefined) return { text: 'malformed' };
  const found = options.map(decodeTcpOption);
  const mss = found.find((option) => option.kind === 'mss');
  const scale = found.find((option) => option.kind === 'window-scale');
  return {
    text: found
      .map((option) => shortNames[option.kind] ?? `${(option as { number: number }).number}`)
      .join(','),
    ...(mss !== undefined && { mss: mss.size }),
    ...(scale !== undefined && { windowScale: scale.shift }),
  };
}

const shortNames: Readonly<Partial<Record<TcpOption['kind'], string>>> = {
  'no-operation': 'nop',
  mss: 'mss',
  'window-scale': 'wscale',
  'sack-permitted': 'sack',
  sack: 'sack-blocks',
  timestamps: 'ts',
};

function words(values: readonly number[]): Uint8Array {
  const data = new Uint8Array(values.length * 4);
  const view = new DataView(data.buffer);
  values.forEach((value, i) => {
    view.setUint32(4 * i, value);
  });
  return data;
}

const number = {
  endOfList: 0,
  noOperation: 1,
  mss: 2,
  windowScale: 3,
  sackPermitted: 4,
  sack: 5,
  timestamps: 8,
} as const;
