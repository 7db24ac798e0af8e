/**
 * What asking devices will cost.
 *
 * @module
 */

import type { PhaseCost } from '../../../plan/forecast.ts';

/** Datagrams to six ports, twice where nobody answers, some in two wordings, and a connection to one of them. */
export function forecastDevices(): PhaseCost {
  return {
    packets: questions + usualTalks * usualTalkPackets,
    bytes: questions * datagramBytes + usualTalks * usualTalkBytes,
    firstMs: silentMs,
    eachMs: (questions * silentMs) / mostAtOnce,
    assumes: `what device it is: each host is sent up to ${2 * questions} datagrams, and few connections where it announces more of itself`,
  };
}

/** One talk takes no longer: the longest has three questions of multicast DNS, each put twice. */
export const longestUs = 8_000_000;
const questions = 9;
const usualTalks = 1;
const usualTalkPackets = 7;
const usualTalkBytes = 600;
const datagramBytes = 120;
/** The longest that is waited for where nobody answers: two probes of WS-Discovery, each twice. */
const silentMs = 3600;
/** Dialogues of one shard at once. */
const mostAtOnce = 128;
