/**
 * Samples of the path to a host that drops nearly everything. Its silence says nothing of the path, so questions that
 * it has answered itself (its sentinels) are put again among the others: what becomes of them shows loss, round trip
 * and the rate that is borne, as answers do elsewhere.
 *
 * @module
 */

import type { Sentinels } from '../hosts/sentinels.ts';
import {
  enoughSentinels,
  heardBeforeGone,
  heardInARow,
  leastSlower,
  probesPerSample,
  sampledEchoPps,
  sampledHandshakePps,
  sampledHostHandshakePps,
  sampledResetPps,
  sampleSpread,
  suspiciousSamples,
} from '../tables/rate-constants.ts';
import { goldenRatio, PlaceInTurn } from './place-in-turn.ts';
import { SampleLog } from './sample-log.ts';

/** The samples of one host. Times are microseconds. */
export class PathSamples {
  /** What was sent, and what became of it. */
  readonly log: SampleLog = new SampleLog();
  /**
   * Samples answered since the host was last asked whether it is there; as many as show that it was, until it is asked first.
   */
  heardSinceHeld: number = heardBeforeGone;
  /** The host is asked whether it is there after a pause in which it was asked nothing. */
  isPaused = false;
  /** So many samples in a row must still be answered until the path may be gone again, see {@link seemsAlive}. */
  #aliveFor = 0;
  /** Whether nothing but an echo showed the path when they were begun. */
  readonly isByEcho: boolean;
  /** Whether they were begun too late to show what became of the first transmissions, at the pace these were made. */
  isLate = false;
  readonly #sentinels: Sentinels;
  /** The earliest times for the next sample of each kind. */
  #closedAtUs = 0;
  #echoAtUs = 0;
  #openAtUs = 0;
  /** After so many questions the next echo may be asked for. */
  #echoFromAsked = 0;
  /** Echoes stayed away: somebody may limit them, and they are not asked for any more. */
  #leavesEcho = false;
  /** Where somebody limits refusals: none is asked for, or this part of the usual number. */
  #leavesClosed = false;
  #slower = 1;
  /** How long the latest gap was among those that there are, 0 to 1. */
  #spread = 0;
  /** Where in a turn those to ports leave. */
  readonly #place = new PlaceInTurn();

  constructor(sentinels: Sentinels) {
    this.#sentinels = sentinels;
    this.isByEcho = sentinels.isEmpty;
    this.log.aside = sentinels.echo;
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

  /** Whether those who serve are asked. */
  get isByServices(): boolean {
    return this.#asksOpen;
  }

  /** Whether one is to be put now, after so many questions. */
  isDue(nowUs: number, asked: number): boolean {
    return this.#isEchoDue(nowUs, asked) || (this.#isOneDue(nowUs) && this.#place.mayLeave(nowUs, asked));
  }

  /** How many questions may leave, after so many, before a sample that is due has to. */
  room(asked: number): number {
    return this.#place.room(asked);
  }

  /** The task to put again now, after so many questions, which leave at a rate; -1 when none is due. */
  take(nowUs: number, ratePps: number, asked: number): number {
    const leaves = this.#isOneDue(nowUs) && this.#place.mayLeave(nowUs, asked);
    if (leaves) this.#place.left();
    if (leaves && this.#isClosedDue(nowUs)) {
      this.#closedAtUs = nowUs + this.#gapUs(this.#closedPps, ratePps);
      return this.#sentinels.nextClosed();
    }
    if (this.#isEchoDue(nowUs, asked)) {
      this.#echoFromAsked = asked + probesPerSample;
      this.#echoAtUs = nowUs + this.#gapUs(sampledEchoPps, ratePps);
      return this.#sentinels.echo;
    }
    if (!leaves) return -1;
    this.#openAtUs = nowUs + this.#gapUs(this.#openPps, ratePps);
    return this.#sentinels.nextOpen();
  }

  /**
   * Until the next sample of a kind: `pps` of it on average, and as many questions in between as there must be. Never the
   * same twice in a row: at equal gaps samples and a limiter's beat may go in step, and all come through or none (RFC 2330,
   * 11.1.1).
   */
  #gapUs(pps: number, ratePps: number): number {
    this.#spread = (this.#spread + goldenRatio) % 1;
    return Math.max(1e6 / pps, (1e6 * probesPerSample) / ratePps) * (1 + sampleSpread * (this.#spread - 0.5));
  }

  #isOneDue(nowUs: number): boolean {
    return this.#isClosedDue(nowUs) || (this.#asksOpen && this.#openAtUs <= nowUs);
  }

  #isClosedDue(nowUs: number): boolean {
    return this.#asksClosed && this.#closedAtUs <= nowUs;
  }

  get #asksClosed(): boolean {
    return !this.#leavesClosed && this.#sentinels.closed > 0;
  }

  /** An echo is asked for only where nothing else answers: who limits what is asked may let every echo pass. */
  get #asksEcho(): boolean {
    return this.isByEcho && !this.#leavesEcho;
  }

  /** Where many hosts share a link questions leave slower than the rate of each: echoes do as well. */
  #isEchoDue(nowUs: number, asked: number): boolean {
    return this.#asksEcho && this.#echoAtUs <= nowUs && asked >= this.#echoFromAsked;
  }

  /** Those who serve are asked last: where the others are too few, or may answer only so often. */
  get #asksOpen(): boolean {
    const { closed, open } = this.#sentinels;
    return open > 0 && this.#isWanted(closed);
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

  /** See {@link SampleLog.answered}. */
  answered(task: number, attempt: number, wasLost?: (sentUs: number) => boolean): number {
    const sentUs = this.log.answered(task, attempt, wasLost);
    if (Number.isNaN(sentUs) || task === this.#sentinels.echo) return sentUs;
    this.heardSinceHeld++;
    this.#aliveFor--;
    return sentUs;
  }

  /** Samples sent before this time are lost, unless they were answered. Returns how many. */
  expire(beforeUs: number): number {
    const lost = this.log.expire(beforeUs);
    if (this.log.lostInARow > 0 && this.#aliveFor > 0) this.#aliveFor = heardInARow;
    return lost;
  }

  /**
   * Whether the path may be gone altogether: the latest samples were all lost, of those sent before this time. Sentinels,
   * asked alone, will show; if one has been answered, what swallows samples lets some through. Or it has just come back.
   */
  mayBeGone(beforeUs: number): boolean {
    if (this.log.isComingBack) return true;
    return this.#aliveFor <= 0 && this.log.latestLost(beforeUs) === suspiciousSamples;
  }

  /**
   * A sentinel that was asked alone after a pause was answered at once. The path may have come back just now, or something
   * swallows samples that lets some through: that would go on at once.
   */
  seemsAlive(): void {
    this.#aliveFor = heardInARow;
  }

  /**
   * Fewer come back, a share of those sent. Somebody may limit echoes: no more are asked for. Or refusals: asks those who
   * serve alone, or if nobody does, so few that a limit would be kept to. False: that has been tried.
   */
  doubtRefusals(share: number): boolean {
    if (this.#asksEcho) {
      this.#leavesEcho = true;
      // Those on their way prove nothing.
      this.log.forgetTask(this.#sentinels.echo);
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
