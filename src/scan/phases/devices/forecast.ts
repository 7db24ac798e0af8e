/**
 * What asking devices will cost.
 *
 * @module
 */

import type { PhaseCost } from '../../../plan/forecast.ts';

/** Datagrams to six ports and a connection to one of them: once where they are refused, twice where nobody answers. */
export function forecastDevices(): PhaseCost {
  return {
    packets: questions,
    bytes: questions * packetBytes,
    firstMs: refusedMs,
    silent: {
      packets: silentPackets,
      bytes: silentPackets * packetBytes,
      firstMs: silentMs,
      eachMs: (questions * silentMs) / mostAtOnce,
    },
    assumes: `what device it is: each host is sent ${questions} packets where it refuses, ${silentPackets} where it keeps silent, and more where it announces more of itself`,
  };
}

/** One talk takes no longer: the longest has three questions of multicast DNS, each put twice. */
export const longestUs = 8_000_000;
const questions = 9;
const packetBytes = 200;
const refusedMs = 100;
const silentPackets = 17;
/** The longest that is waited for where nobody answers: two probes of WS-Discovery, each twice. */
const silentMs = 4000;
/** Dialogues of one shard at once. */
const mostAtOnce = 128;
