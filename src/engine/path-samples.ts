/**
 * Samples of the path to a host that drops nearly everything. Its silence says nothing of the path, so questions that
 * it has answered itself (its sentinels) are put again among the others: what becomes of them shows loss, round trip
 * and the rate that is borne, as answers do elsewhere.
 *
 * @module
 */

import type { Sentinels } from './sentinels.ts';
import {
  enoughSentinels,
  heardInARow,
  leastSlower,
  mostSampledAtOnce,
  probesPerSample,
  sampledEchoPps,
  sampledHandshakePps,
  sampledHostHandshakePps,
  sampledResetPps,
  sampleSpread,
  suspiciousSamples,
} from './tables/rate-constants.ts';

/** The samples of one host. Times are microseconds. */
export class PathSamples {
  /** Samples in a row, up to the latest, that went unanswered; echoes say nothing of whether the host answers us. */
  lostInARow = 0;
  /** Samples answered since the host was last asked whether it is there. */
  heardSinceHeld = 0;
  /** The host is asked whether it is there after a pause in which it was asked nothing. */
  isPaused = false;
  /** So many samples in a row must still be answered until the path may be gone again, see {@link seemsAlive}. */
  #aliveFor = 0;
  readonly #sentinels: Sentinels;
  /** The earliest times for the next sample of each kind. */
  #closedAtUs = 0;
  #echoAtUs = 0;
  #openAtUs = 0;
  /** Echoes stayed away: somebody may limit them, and they are not asked for any more. */
  #leavesEcho = false;
  /** Where somebody limits refusals: none is asked for, or this part of the usual number. */
  #leavesClosed = false;
  #slower = 1;
  /** How long the latest gap was among those that there are, 0 to 1. */
  #spread = 0;
  /** A ring of what was sent: task, number of the transmission, time; negative times are known to be lost. */
  readonly #tasks = new Int32Array(mostSampledAtOnce).fill(-1);
  readonly #attempts = new Uint8Array(mostSampledAtOnce);
  readonly #sentUs = new Float64Array(mostSampledAtOnce);
  #oldest = 0;
  #next = 0;

  constructor(sentinels: Sentinels) {
    this.#sentinels = sentinels;
  }

  /** How many samples a second can be had. */
  get mostPps(): number {
    const [closed, open] = [this.#asksClosed ? this.#closedPps : 0, this.#asksOpen ? this.#openPps : 0];
    return closed + open + (this.#asksEcho ? sampledEchoPps : 0);
  }

  /** Whether nothing is left to ask for. */
  get isMute(): boolean {
    return this.mostPps === 0;
  }

  /** Whether one is to be put now. */
  isDue(nowUs: number): boolean {
    if (this.#asksClosed && this.#closedAtUs <= nowUs) return true;
    return (this.#asksEcho && this.#echoAtUs <= nowUs) || (this.#asksOpen && this.#openAtUs <= nowUs);
  }

  /** The task to put again now, among questions that leave at a rate; -1 when none is due. */
  take(nowUs: number, ratePps: number): number {
    if (this.#asksClosed && this.#closedAtUs <= nowUs) {
      this.#closedAtUs = nowUs + this.#gapUs(this.#closedPps, ratePps);
      return this.#sentinels.nextClosed();
    }
    if (this.#asksEcho && this.#echoAtUs <= nowUs) {
      this.#echoAtUs = nowUs + this.#gapUs(sampledEchoPps, ratePps);
      return this.#sentinels.echo;
    }
    if (!this.#asksOpen || this.#openAtUs > nowUs) return -1;
    this.#openAtUs = nowUs + this.#gapUs(this.#openPps, ratePps);
    return this.#sentinels.nextOpen();
  }

  /**
   * Until the next sample of a kind: `pps` of it on average, and as many questions in between as there must be. Never the same
   * twice in a row: at equal gaps samples and a limiter's beat may go in step, and all come through or none (RFC 2330, 11.1.1).
   */
  #gapUs(pps: number, ratePps: number): number {
    this.#spread = (this.#spread + goldenRatio) % 1;
    return Math.max(1e6 / pps, (1e6 * probesPerSample) / ratePps) * (1 + sampleSpread * (this.#spread - 0.5));
  }

  get #asksClosed(): boolean {
    return !this.#leavesClosed && this.#sentinels.closed > 0;
  }

  /** An echo is asked for where too few refuse. */
  get #asksEcho(): boolean {
    return this.#sentinels.echo >= 0 && !this.#leavesEcho && this.#isWanted(this.#sentinels.closed);
  }

  /** Those who serve are asked last: where the others are too few, or may answer only so often. */
  get #asksOpen(): boolean {
    const { closed, open } = this.#sentinels;
    return open > 0 && this.#isWanted(closed + (this.#asksEcho ? 1 : 0));
  }

  #isWanted(others: number): boolean {
    return others < enoughSentinels || this.#leavesClosed;
  }

  get #closedPps(): number {
    return sampledResetPps * this.#slower;
  }

  get #openPps(): number {
    return Math.min(this.#sentinels.open * sampledHandshakePps, sampledHostHandshakePps);
  }

  /** A sample was sent. */
  sent(task: number, attempt: number, nowUs: number): void {
    const at = this.#next++ % mostSampledAtOnce;
    if (this.#next - this.#oldest > mostSampledAtOnce) this.#oldest = this.#next - mostSampledAtOnce;
    this.#tasks[at] = task;
    this.#attempts[at] = attempt;
    this.#sentUs[at] = nowUs;
  }

  /** The latest sample did not leave after all. Returns whether it was this task's. */
  takeBack(task: number): boolean {
    if (this.#next === this.#oldest) return false;
    const at = (this.#next - 1) % mostSampledAtOnce;
    if (this.#tasks[at] !== task) return false;
    this.#tasks[at] = -1;
    this.#next--;
    return true;
  }

  /** A transmission of a task was answered. Returns when it was sent, negative if it was called lost; NaN: no sample. */
  answered(task: number, attempt: number): number {
    const first = Math.max(0, this.#next - mostSampledAtOnce);
    for (let i = this.#next - 1; i >= first; i--) {
      const at = i % mostSampledAtOnce;
      if (this.#tasks[at] !== task || this.#attempts[at] !== attempt) continue;
      this.#tasks[at] = -1;
      if (task === this.#sentinels.echo) return this.#sentUs[at] as number;
      this.lostInARow = 0;
      this.heardSinceHeld++;
      this.#aliveFor--;
      return this.#sentUs[at] as number;
    }
    return Number.NaN;
  }

  /** Samples sent before this time are lost, unless they were answered. Returns how many. */
  expire(beforeUs: number): number {
    let lost = 0;
    for (; this.#oldest < this.#next; this.#oldest++) {
      const at = this.#oldest % mostSampledAtOnce;
      if ((this.#sentUs[at] as number) > beforeUs) break;
      if (this.#tasks[at] === -1) continue;
      this.#sentUs[at] = -(this.#sentUs[at] as number);
      lost++;
      if (this.#tasks[at] !== this.#sentinels.echo) this.lostInARow++;
    }
    if (this.lostInARow > 0 && this.#aliveFor > 0) this.seemsAlive();
    return lost;
  }

  /**
   * Whether the path may be gone altogether: the latest samples were all lost, of those sent before this time. Sentinels,
   * asked alone, will show; if one has been answered, what swallows samples lets some through.
   */
  mayBeGone(beforeUs: number): boolean {
    if (this.#aliveFor > 0) return false;
    let lost = 0;
    const first = Math.max(0, this.#next - mostSampledAtOnce);
    for (let i = this.#next - 1; i >= first && lost < suspiciousSamples; i--) {
      const at = i % mostSampledAtOnce;
      if (this.#tasks[at] === -1) break;
      if (this.#tasks[at] === this.#sentinels.echo) continue;
      if (Math.abs(this.#sentUs[at] as number) <= beforeUs) lost++;
    }
    return lost === suspiciousSamples;
  }

  /**
   * A sentinel that was asked alone was answered at once. The path may have come back just now, or something swallows
   * samples that lets some through: that would go on at once.
   */
  seemsAlive(): void {
    this.#aliveFor = heardInARow;
  }

  /** What is on its way proves nothing. */
  forget(): void {
    this.#tasks.fill(-1);
    this.#oldest = this.#next;
    this.lostInARow = 0;
  }

  /**
   * Fewer come back, a share of those sent. Somebody may limit echoes: no more are asked for. Or refusals: asks those who
   * serve alone, or if nobody does, so few that a limit would be kept to. False: that has been tried.
   */
  doubtRefusals(share: number): boolean {
    if (this.#asksEcho) {
      this.#leavesEcho = true;
      // Those on their way prove nothing.
      for (const [at, task] of this.#tasks.entries()) if (task === this.#sentinels.echo) this.#tasks[at] = -1;
      return true;
    }
    if (!this.#asksClosed || this.#slower < 1) return false;
    this.#leavesClosed = this.#sentinels.open > 0;
    if (!this.#leavesClosed) this.#slower = Math.max(share / 4, leastSlower);
    return true;
  }

  /** It was no limit on refusals: they are asked for as often as before. */
  trustRefusals(): void {
    this.#leavesClosed = false;
    this.#slower = 1;
  }
}

/** Its multiples modulo one lie evenly between 0 and 1 however many they are, and never repeat. */
const goldenRatio = Math.sqrt(5) / 2 - 0.5;
