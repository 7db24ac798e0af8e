/**
 * What is done about a host that loses more of its probes than chance explains.
 *
 * @module
 */

import { type Board, taskState } from '../board.ts';
import type { Closing } from '../closing.ts';
import type { Host } from '../hosts/host.ts';
import type { HostRates } from '../hosts/host-rates.ts';
import type { Patience } from '../hosts/patience.ts';
import type { SchedulerOptions } from '../scheduler-options.ts';
import { ownPaceFrom, suspectedFrom } from '../tables/rate-constants.ts';
import { areRefusalsLate } from './path-feedback.ts';
import { RateFinder } from './rate-finder.ts';
import type { Sampling } from './sampling.ts';

/** What belongs to the scheduler whose hosts they are. */
export interface SuspicionOptions extends Pick<SchedulerOptions, 'limits' | 'link' | 'firstAnswerSettles'> {
  readonly board: Board;
  readonly closing: Closing;
  readonly patience: Patience;
  readonly rates: HostRates;
  readonly sampling: Pick<Sampling, 'begins'>;
}

/** Looks into losses of the hosts on one board. Times are microseconds. */
export class Suspicion {
  readonly #options: SuspicionOptions;
  /** Hosts whose silence was doubted at the end: once is enough. */
  readonly #doubted = new WeakSet<Host>();

  constructor(options: SuspicionOptions) {
    this.#options = options;
  }

  /**
   * Looks into losses: where hardly anything is answered samples of the path tell what they are about, unless it is refusals
   * that were late.
   */
  suspect(host: Host, nowUs: number): void {
    if (areRefusalsLate(host) || !this.#options.sampling.begins(host, nowUs)) this.#hunt(host, nowUs);
  }

  /** Looks for a limit on a host's answers; one that is asked too little to find its pace gets one of its own for it. */
  #hunt(host: Host, nowUs: number): void {
    const { limits, link, rates, firstAnswerSettles } = this.#options;
    if (host.finder === undefined) {
      if (host.agendaSize < suspectedFrom || firstAnswerSettles) return;
      host.finder = new RateFinder(limits.hostRate, nowUs, 'hunt', host.rtt);
      rates.add(host);
      link.leaveToHosts(nowUs);
    }
    host.samples = undefined;
    host.finder.suspectLimit(nowUs);
  }

  /**
   * All has been asked, and some is silent. Where refusals came that late it may be for a limit on them that few answers
   * could not show: it is looked for, and what is silent is asked again. Where fewer are silent than have refused by then,
   * the limit has let most through. Returns whether it is asked again.
   */
  doubtSilence(host: Host, nowUs: number): boolean {
    const { board, closing } = this.#options;
    if (this.#askSpared(host)) return true;
    if (host.silent <= host.answers - host.opens || this.#doubted.has(host) || !areRefusalsLate(host))
      return false;
    this.#doubted.add(host);
    this.#hunt(host, nowUs);
    if (host.finder?.hunt.isOpen !== true) return false;
    closing.each(host, (task) => {
      if (board.state[task] !== taskState.silent || host.noWay?.kept.has(task) === true) return;
      board.silences[task] = 0;
      closing.askAgain(host, task);
    });
    return true;
  }

  /** Asks what was spared another transmission once more, where something is lost after all; returns whether it does. */
  #askSpared(host: Host): boolean {
    const { board, closing, patience } = this.#options;
    if (host.silent === 0 || !patience.sparesAny) return false;
    const { state, silences } = board;
    let wasLost = host.loss.lost > 0;
    const spared: number[] = [];
    closing.each(host, (task) => {
      if (state[task] === taskState.silent && (silences[task] as number) < 2) spared.push(task);
      // What was lost may be a limiter's doing, and then counts for no loss.
      wasLost ||= state[task] === taskState.settled && (silences[task] as number) > 0;
    });
    if (!wasLost) return false;
    for (const task of spared) closing.askAgain(host, task);
    return spared.length > 0;
  }

  /**
   * So many sentinels of a host were lost, as its answers to what is silent may have been. With few questions nothing
   * else shows that somebody limits them: those not asked often enough for such a loss are asked again.
   */
  doubt(host: Host, lost: number): void {
    const { board, closing, patience } = this.#options;
    if (host.agendaSize >= ownPaceFrom) return;
    host.loss.lost += lost;
    closing.each(host, (task) => {
      if (board.state[task] === taskState.silent && !patience.hasEnough(host, task))
        closing.askAgain(host, task);
    });
  }
}
