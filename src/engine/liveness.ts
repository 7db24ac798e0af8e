/**
 * Whether a host that used to answer is still there. When its silence grows longer than chance explains, a
 * question it has answered before (the sentinel) is asked again and nothing else until it answers.
 *
 * @module
 */

import type { Host } from './host.ts';

/** Watches hosts for the moment they stop answering. */
export class Liveness {
  readonly #waitUs: number;

  /** `waitUs`: how long to wait for a blocked host before giving it up. */
  constructor(waitUs: number) {
    this.#waitUs = waitUs;
  }

  /** Whether the host's silence asks for a sentinel. */
  isSuspicious(host: Host, nowUs: number): boolean {
    if (host.sentinel < 0 || host.silentStreak < fewest) return false;
    if (isLimited(host) && nowUs - host.lastAnswerUs < limitedPatienceUs) return false;
    if (host.silentStreak >= most) return true;
    const asked = Math.max(host.cursor, 1);
    const share = host.answers / asked;
    // The chance that as many probes in a row go unanswered by a host that is as it was: below e^-8.
    return host.silentStreak * share >= 8 && nowUs > host.lastAnswerUs;
  }

  /** Another sentinel went unanswered: ask again, call the host blocked, or give it up. */
  sentinelSilent(host: Host, nowUs: number): 'again' | 'blocked' | 'give-up' {
    // As many as a living host would leave unanswered less than once in a million times, at the loss seen.
    const tries = Math.max(fewestTries, rare / -Math.log(host.loss.careful()));
    if (host.sentinelTries < tries) return 'again';
    // A limiter owes us nothing until its next token.
    if (isLimited(host) && nowUs - host.heldSinceUs < limitedPatienceUs) return 'again';
    if (host.blockedAtUs === 0) {
      host.blockedAtUs = nowUs;
      return 'blocked';
    }
    return nowUs - host.blockedAtUs >= this.#waitUs ? 'give-up' : 'again';
  }
}

/** Whether a limiter may be what keeps the host silent. */
function isLimited(host: Host): boolean {
  return host.expectsLimit || (host.finder?.hunt.limitPps ?? 0) > 0;
}

const fewest = 12;
/** A sentinel costs one packet: it is worth one for every 64 that came to nothing. */
const most = 64;
const fewestTries = 3;
/** -ln(1/1,000,000): a scan asks often, and early the loss seen may be half of the true one. */
const rare = 13.8;
/** The slowest limiter in use lets one answer a second through. */
const limitedPatienceUs = 3_000_000;
