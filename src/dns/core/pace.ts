/**
 * How much one server is asked at a time, and how fast: as much as it answers.
 *
 * As long as it answers all, only the number of outstanding questions is bounded, and grows while answers do not come later
 * for it. A server that refuses a part of what it is asked, or is silent to most of it, has a limit: it is asked a little more
 * than it answered in a second, so that the limit is used and its changes are noticed. What is lost whatever the rate is no
 * limit.
 *
 * @module
 */

/** A limit that a server was seen to have. */
export interface PaceLimit {
  readonly perSecond: number;
  /** What it does with the rest. */
  readonly by: 'refused' | 'servfail' | 'silence';
}

/** The pace of one server. Times are milliseconds of any clock that only goes on. */
export class Pace {
  /** Questions under way. */
  outstanding = 0;
  readonly #mostPerSecond: number;
  #window = firstWindow;
  /** Questions a second; Infinity where only the window bounds them. */
  #rate: number;
  #nextMs = Number.NEGATIVE_INFINITY;
  #by: PaceLimit['by'] | undefined;
  #confirmed = 0;
  /** What it answered a second on the average of late, of hardly more than it answers: a bucket of tokens varies. */
  #answeredWithin = 0;
  #named: PaceLimit | undefined;
  /** The interval that is being counted. */
  #sinceMs: number | undefined;
  #good = 0;
  #refused = 0;
  #lost = 0;
  #goodBefore = 0;
  #share = 0;
  #quiet = 0;
  /** Silence that does not depend on how much is asked. */
  #isLossy = false;
  /** What it answered before is asked again, to learn whether it refuses questions or their number. */
  #isInDoubt = false;
  #trustedUntilMs = 0;
  #doubtBy: 'refused' | 'servfail' = 'refused';
  #lossAtCut = 0;
  #loudIntervals = 0;
  #allGood = 0;
  #loss = 0;
  #smoothMs: number | undefined;
  #variationMs = 0;
  #leastMs = Number.POSITIVE_INFINITY;
  readonly #shortestMs: number;
  readonly #plainWindow: number;

  /** `mostPerSecond`: a bound that the user set. `asksOthers`: it answers late now and then. */
  constructor(mostPerSecond = Number.POSITIVE_INFINITY, asksOthers = false) {
    this.#mostPerSecond = mostPerSecond;
    this.#rate = mostPerSecond;
    this.#shortestMs = asksOthers ? shortestRecursiveMs : shortestTimeoutMs;
    this.#plainWindow = asksOthers ? recursiveWindow : plainWindow;
  }

  /** How long the answer to a question is waited for that is asked for the n-th time (from 1). */
  timeoutMs(attempt: number): number {
    const once =
      this.#smoothMs === undefined
        ? firstTimeoutMs
        : Math.max(this.#shortestMs, this.#smoothMs + 4 * this.#variationMs);
    return Math.min(longestTimeoutMs, once * 1.5 ** (attempt - 1));
  }

  /** The share of questions that nothing answers, as seen lately. */
  get loss(): number {
    return this.#loss;
  }

  /** Whether it refuses much of what it is asked just now, so that a refusal says nothing of the question. */
  get isCrowded(): boolean {
    return this.#isInDoubt || (this.#by !== undefined && this.#share > crowdedShare);
  }

  /** Whether it has ever answered anything. */
  get hasAnswered(): boolean {
    return this.#allGood > 0;
  }

  /** The limit that was found, once it has been seen for some time. */
  get limit(): PaceLimit | undefined {
    return this.#named;
  }

  /** Whether another question may be asked now. */
  mayAsk(nowMs: number): boolean {
    return this.outstanding < this.#window && nowMs >= this.#nextMs;
  }

  /** When time alone lets another one be asked; undefined where it does not wait for time. */
  nextMs(nowMs: number): number | undefined {
    return this.outstanding < this.#window && this.#nextMs > nowMs ? this.#nextMs : undefined;
  }

  sent(nowMs: number): void {
    this.outstanding++;
    if (this.#rate === Number.POSITIVE_INFINITY) return;
    // What a late timer missed is made good, as far as that is no burst.
    this.#nextMs = Math.max(this.#nextMs, nowMs - catchUpMs) + 1000 / this.#rate;
  }

  /** It answered; `rttMs` is absent where it is not known which of several it answered. */
  good(nowMs: number, rttMs?: number): void {
    this.#roll(nowMs);
    this.#good++;
    this.#allGood++;
    this.#loss += (0 - this.#loss) / lossMemory;
    if (rttMs !== undefined) this.#measure(rttMs);
    if (this.#window < this.#plainWindow) this.#window += 1;
    else if ((this.#smoothMs ?? 0) < this.#leastMs + Math.max(queueMs, this.#leastMs / 2))
      this.#window = Math.min(mostWindow, this.#window + 0.25);
    else if (this.#window > this.#plainWindow) this.#window -= 0.25;
  }

  /**
   * It refused, or failed, where it has answered what is alike. Returns whether it is now to be asked something that it has
   * answered before; what becomes of that {@link controlled} is told.
   */
  refused(nowMs: number, by: 'refused' | 'servfail'): boolean {
    const wasSilent = this.#roll(nowMs);
    this.#refused++;
    if (this.#allGood === 0 || this.#isInDoubt || nowMs < this.#trustedUntilMs) return false;
    const share = this.#refused / (this.#refused + this.#good);
    const isNew = this.#by === undefined && this.#refused >= fewest && share > noticedShare;
    if (!isNew && !wasSilent) return false;
    this.#isInDoubt = true;
    this.#doubtBy = by;
    return true;
  }

  /** What it had answered before it has answered again, or not; undefined: nothing came. */
  controlled(nowMs: number, isAnswered: boolean | undefined): void {
    this.#isInDoubt = false;
    if (isAnswered === undefined) return;
    if (isAnswered) {
      this.#trustedUntilMs = nowMs + trustMs;
      this.#refused = 0;
      this.#share = 0;
    } else if (this.#by === undefined) this.#limit(nowMs, this.#doubtBy);
    else this.#setRate(this.#rate / 2);
  }

  /** Nothing came within the time. */
  lost(nowMs: number): void {
    this.#roll(nowMs);
    this.#lost++;
    this.#loss += (1 - this.#loss) / lossMemory;
  }

  #measure(rttMs: number): void {
    this.#leastMs = Math.min(this.#leastMs, rttMs);
    if (this.#smoothMs === undefined) {
      // RFC 6298, 2.2 and 2.3.
      this.#smoothMs = rttMs;
      this.#variationMs = rttMs / 2;
      return;
    }
    this.#variationMs += (Math.abs(this.#smoothMs - rttMs) - this.#variationMs) / 4;
    this.#smoothMs += (rttMs - this.#smoothMs) / 8;
  }

  #limit(nowMs: number, by: PaceLimit['by']): void {
    this.#by = by;
    this.#share = 1;
    this.#confirmed = 0;
    this.#loudIntervals = 0;
    const good = Math.max(this.#good, this.#goodBefore);
    this.#goodBefore = good;
    this.#begin(nowMs);
    this.#setRate(good);
  }

  /** Ends the interval when its time is over; whether nothing but refusals came in it. */
  #roll(nowMs: number): boolean {
    if (this.#sinceMs === undefined) this.#sinceMs = nowMs;
    const elapsedMs = nowMs - this.#sinceMs;
    if (elapsedMs < intervalMs) return false;
    const isRefused = this.#good === 0 && this.#refused > 0;
    const [good, lost] = [(this.#good * 1000) / elapsedMs, this.#lost];
    const bad = this.#by === 'silence' ? lost : this.#refused;
    const all = this.#good + bad;
    this.#share = all === 0 ? 0 : bad / all;
    const lostShare = this.#good + lost === 0 ? 0 : lost / (this.#good + lost);
    if (this.#by === undefined) this.#adapt(nowMs, good, lostShare);
    else this.#follow(good, all);
    this.#goodBefore = good;
    this.#begin(nowMs);
    return isRefused;
  }

  #begin(nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#good = 0;
    this.#refused = 0;
    this.#lost = 0;
  }

  /** Without a limit: fewer at a time where much is lost, unless that does not help. */
  #adapt(nowMs: number, good: number, lostShare: number): void {
    if (this.#isLossy || this.#lost < fewest) return;
    if (lostShare > silentShare && good > 0) {
      this.#limit(nowMs, 'silence');
      return;
    }
    if (lostShare < fullQueueShare) {
      this.#lossAtCut = 0;
    } else if (this.#lossAtCut > 0 && lostShare > 0.7 * this.#lossAtCut) {
      this.#isLossy = true;
      this.#window = Math.max(this.#window, this.#plainWindow);
    } else {
      this.#lossAtCut = lostShare;
      this.#window = Math.max(leastWindow, this.#window / 2);
    }
  }

  /** With a limit: a little more than it answers. */
  #follow(good: number, all: number): void {
    // Where it answered nothing else, what it refuses may be what it would not answer anyway.
    if (all === 0 || (good === 0 && this.#goodBefore === 0)) return;
    const answered = Math.max(good, this.#goodBefore);
    if (this.#share === 0) {
      this.#quiet++;
      this.#loudIntervals = 0;
      // Only where all that was allowed was asked has a rate without a refusal been tried.
      if (good > 0.8 * this.#rate) this.#setRate(this.#rate * this.#growth + 1);
      if (this.#rate > freeRate) this.#free();
      return;
    }
    this.#quiet = 0;
    this.#loudIntervals = this.#share > silentShare ? this.#loudIntervals + 1 : 0;
    if (this.#by === 'silence' && this.#loudIntervals >= 4) {
      this.#isLossy = true;
      this.#named = undefined;
      this.#free();
      return;
    }
    this.#setRate(answered * (this.#by === 'silence' ? 1.1 : 1.03));
    // What is refused of much more than it takes says little of how much it takes.
    if (this.#share < crowdedShare) {
      this.#confirmed++;
      this.#answeredWithin += (good - this.#answeredWithin) / Math.min(this.#confirmed, limitMemory);
    }
    if (this.#confirmed >= 3 && this.#by !== undefined)
      this.#named = { perSecond: Math.round(this.#answeredWithin), by: this.#by };
  }

  /** Fast as long as the limit has not been met at a rate of our choice. */
  get #growth(): number {
    if (this.#confirmed === 0) return 2;
    return this.#quiet > 3 ? 1.5 : 1.1;
  }

  #free(): void {
    this.#by = undefined;
    this.#rate = this.#mostPerSecond;
    this.#nextMs = Number.NEGATIVE_INFINITY;
  }

  #setRate(perSecond: number): void {
    this.#rate = Math.min(this.#mostPerSecond, Math.max(1, perSecond));
  }
}

/** Enough for whoever is asked first. */
const firstWindow = 32;
const leastWindow = 16;
/** Less than what a small forwarder (dnsmasq: 150) takes at a time. */
const recursiveWindow = 128;
/** Less than what a socket of Linux holds by default (212,992 bytes, 768 for a small datagram). */
const plainWindow = 224;
const mostWindow = 4096;
/** Answers that come so much later than the first of them have waited in a queue. */
const queueMs = 2;
const intervalMs = 1000;
const fewest = 3;
const noticedShare = 0.1;
const crowdedShare = 0.25;
const silentShare = 0.5;
/** More than that is lost where a queue overflows. */
const fullQueueShare = 0.05;
const limitMemory = 8;
const freeRate = 20_000;
const lossMemory = 256;
/** So long a server is known to refuse only what it would refuse anyway. */
const trustMs = 1000;
/** What a timer of Node's may be late. */
const catchUpMs = 10;
const firstTimeoutMs = 1000;
const shortestTimeoutMs = 100;
const shortestRecursiveMs = 400;
const longestTimeoutMs = 3000;
