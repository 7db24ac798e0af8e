/**
 * How a stack answers a SYN, as typed features: what a system is known by.
 *
 * @module
 */

import { initialTtl } from './initial-ttl.ts';

/** The features of one SYN-ACK. */
export interface SynAckFeatures {
  readonly family: 4 | 6;
  /** The kinds of its TCP options in their order, such as `mss,sack,ts,nop,wscale`; '': none. */
  readonly options: string;
  readonly mss?: number;
  /** The shift of the window scale option. */
  readonly scale?: number;
  /** As it stands in the header. */
  readonly window: number;
  /** As it came. */
  readonly ttl: number;
  /** IPv6 has none. */
  readonly dontFragment?: boolean;
}

/** Features as a line of the signatures, without what depends on the way. */
export function featuresText(features: SynAckFeatures): string {
  const { options, window, ttl, dontFragment, scale, mss } = features;
  return [
    options === '' ? '-' : options,
    `window=${window}`,
    `ttl=${initialTtl(ttl)}`,
    ...(dontFragment === undefined ? [] : [`df=${dontFragment ? 1 : 0}`]),
    ...(scale === undefined ? [] : [`scale=${scale}`]),
    ...(mss === undefined ? [] : [`mss=${mss}`]),
  ].join(' ');
}

/** The sizes of segments in which a window may have been counted: what is offered, or what was before the way cut it. */
export function segmentSizes({ family, options, mss }: SynAckFeatures): readonly number[] {
  const room = options.split(',').includes('ts') ? timestampBytes : 0;
  const usual = family === 4 ? usualV4 : usualV6;
  return [...new Set([...(mss === undefined ? [] : [mss]), ...usual])].map((size) => size - room);
}

/** RFC 7323, appendix A: ten bytes and two to align them. */
const timestampBytes = 12;
/** Ethernet's, plain and with large frames. */
const usualV4 = [1460, 8960];
const usualV6 = [1440, 8940];
