/**
 * What is done where somebody limits answers. Once a limit on the host's own words is found, what it swallowed is asked
 * again. For a limit on ICMP errors most techniques do nothing: silence leads to the same state. Where an error decides
 * what silence leaves open, the questions that stay silent wait for one in a slow lane: as long as it takes where hosts
 * tell their ports apart by them, for some seconds where they only show a filter.
 *
 * @module
 */

import type { ErrorWorth } from '../../techniques/error-worth.ts';
import { isFiltered } from '../answers/answer-kind.ts';
import { type Board, taskState } from '../board.ts';
import type { Closing } from '../closing.ts';
import type { Host } from '../hosts/host.ts';
import type { RateNews } from '../hosts/host-rates.ts';
import { SlowLane } from '../hosts/slow-lane.ts';
import { type Questions, replyTableOf } from '../questions/questions.ts';
import { areRefusalsLate, type PathFeedback } from '../rate/path-feedback.ts';
import type { HuntNews, RateBounds } from '../rate/rate-terms.ts';
import {
  asksBeforeSlow,
  fewestPortErrors,
  filterPatienceUs,
  manyRefusals,
  mostlyAnswered,
  quietUs,
  restPatience,
  restSlackSeconds,
  worthwhileSeconds,
} from '../tables/rate-constants.ts';

/** What belongs to the scheduler whose hosts they are. */
export interface LimitedAnswersOptions {
  readonly questions: Questions;
  readonly board: Board;
  readonly closing: Closing;
  readonly feedback: PathFeedback;
  readonly bounds: RateBounds;
  /** A limit on a host's own words was found. */
  readonly limitFound: (host: Host) => void;
  /** Something about the host has changed: it may have to be asked, or be done. */
  readonly goOn: (host: Host, nowUs: number) => void;
}

/** The limits that the hosts on one board meet. Times are microseconds. */
export class LimitedAnswers implements RateNews {
  /** Whether there are questions of which no error is waited for. */
  readonly areWorthless: boolean;
  /** Whether hosts tell some of what is asked by errors. */
  readonly tellPorts: boolean;
  readonly #options: LimitedAnswersOptions;

  constructor(options: LimitedAnswersOptions) {
    const worths = options.questions.techniques.map((technique) => replyTableOf(technique).errorWorth);
    this.areWorthless = worths.every((worth) => worth === 'nothing');
    this.tellPorts = worths.includes('port');
    this.#options = options;
  }

  /** An error came for a question of a host. */
  note(host: Host, code: number, nowUs: number): void {
    if (isFiltered(code) || ++host.portErrors < fewestPortErrors || host.slowLane === undefined) return;
    host.slowLane.untilUs = Math.max(host.slowLane.untilUs, nowUs + quietUs);
  }

  /**
   * A task went unanswered `attempts` times. Whether it has to wait in the slow lane now: not before it was asked
   * twice, so that whoever answers himself need not wait.
   */
  diverts(host: Host, task: number, attempts: number, nowUs: number): boolean {
    if (host.finder === undefined || attempts < asksBeforeSlow || host.laneOf(task) !== undefined)
      return false;
    const question = task - host.row * this.#options.board.questions;
    const worth = this.#worthOf(host, question);
    if (worth === 'nothing') return false;
    // One alone may be a stray, or all that a limit had saved up: the next one is waited for, no longer.
    const isOne = host.portErrors < fewestPortErrors;
    if (host.slowLane === undefined && worth === 'port' && host.portErrors > 0)
      this.#open(host, nowUs + (isOne ? filterPatienceUs : quietUs), nowUs);
    if (host.slowLane === undefined) return false;
    host.slowLane.enter(question);
    this.#options.board.silences[task] = 0;
    return true;
  }

  hunted(host: Host, news: HuntNews, nowUs: number): void {
    const { closing, feedback, goOn } = this.#options;
    if (news !== 'limited') {
      // Somebody limits refusals. Where there were many or they came late, what is silent may be what was not let through.
      const areMany = host.answers - host.opens >= manyRefusals || areRefusalsLate(host);
      if (news === 'samples') feedback.forgetLoss(host);
      if (news === 'samples' && areMany) feedback.suspect(host, nowUs);
      else closing.countSilences(host);
      return;
    }
    // What went unanswered while the limiter swallowed it is asked again.
    const { fromUs = 0, untilUs = nowUs } = host.finder?.doubted ?? {};
    closing.voidAttempts(host, fromUs, nowUs, false, untilUs);
    this.#options.limitFound(host);
    feedback.forgetLoss(host);
    goOn(host, nowUs);
  }

  errorsFell(host: Host, nowUs: number): void {
    if (host.errorSource !== undefined) host.errorSource.isLimited = true;
    if (!this.areWorthless && host.slowLane === undefined) this.#open(host, nowUs + filterPatienceUs, nowUs);
  }

  slowHunted(host: Host, lane: SlowLane, news: HuntNews | undefined, nowUs: number): void {
    if (news === 'limited') {
      if (host.errorSource !== undefined) host.errorSource.isLimited = true;
      const leftSeconds = lane.length / lane.finder.hunt.limitPps;
      if (leftSeconds < worthwhileSeconds)
        lane.untilUs = Math.max(lane.untilUs, nowUs + (restPatience * leftSeconds + restSlackSeconds) * 1e6);
      return;
    }
    // They are all answered now that they are asked slowly: faster will be tried.
    if (news === 'futile' && lane.finder.usualShare > mostlyAnswered) return;
    this.#close(host);
    this.#options.goOn(host, nowUs);
  }

  /** Whether an error about a question leads to the state that silence leads to. */
  isWorthless(host: Host, question: number): boolean {
    return this.#worthOf(host, question) === 'nothing';
  }

  #worthOf(host: Host, question: number): ErrorWorth {
    return this.#options.questions.tableAt(host.row, question).errorWorth;
  }

  #open(host: Host, untilUs: number, nowUs: number): void {
    const { board, closing, bounds } = this.#options;
    host.slowLane = new SlowLane(board.questions, host.rtt, bounds, untilUs, nowUs);
    closing.each(host, (task, question) => {
      if (board.state[task] !== taskState.silent || host.noWay?.kept.has(task) === true) return;
      if (this.#worthOf(host, question) === 'nothing') return;
      board.silences[task] = 0;
      host.slowLane?.enter(question);
      closing.askAgain(host, task);
    });
  }

  /** Silence is what is left. */
  #close(host: Host): void {
    const { board, closing } = this.#options;
    const lane = host.slowLane;
    host.slowLane = undefined;
    // What is still under way must not open another, unless errors come again.
    host.portErrors = 0;
    closing.countSilences(host);
    for (let task = lane?.take() ?? -1; task >= 0; task = lane?.take() ?? -1) {
      if (board.state[task] !== taskState.waiting) continue;
      host.keepSilent(task);
    }
  }
}
