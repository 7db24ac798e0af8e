/**
 * A scheduler, hosts made of functions, and a clock that jumps to whatever is due next.
 *
 * @module
 */

import { Permutation } from '../base/permutation.ts';
import { type Observation, observationKinds } from '../model/observation.ts';
import { verdictOf } from '../model/verdict.ts';
import { syn } from '../techniques/syn.ts';
import type { Host, HostEnd } from './hosts/host.ts';
import { answer, hostRate, rttBounds } from './hosts/test-hosts.laws.ts';
import { ErrorMeter } from './limits/error-meter.ts';
import { ListedQuestions } from './questions/listed-questions.ts';
import { LossEstimator } from './rate/loss.ts';
import { RateFinder } from './rate/rate-finder.ts';
import { Scheduler } from './scheduler.ts';
import type { Limits, SchedulerOptions } from './scheduler-options.ts';

/** The round trip of a transmission, in microseconds, and what comes back; undefined: nothing does. */
export type Answers = (id: number, question: number, attempt: number) => Reply | undefined;
type Reply = { readonly rttUs: number; readonly state?: 'open' | 'closed' };

/** A reply on its way. */
interface Arrival {
  readonly atUs: number;
  readonly host: Host;
  readonly question: number;
  readonly seen: Observation;
}

/** What became of a question. */
export interface Said {
  readonly id: number;
  readonly question: number;
  readonly state: string;
  readonly kind: string;
  readonly attempts: number;
  readonly rttUs: number;
}

const infinity = Number.POSITIVE_INFINITY;
const limits: Limits = {
  rtt: rttBounds,
  hostRate,
  linkRate: hostRate,
  maxAttempts: 8,
  scanDelayUs: 0,
  hostTimeoutUs: infinity,
  maxParallelism: infinity,
  blockedWaitUs: 3_000_000,
};

/** One scheduler under test. Times are microseconds. */
export class SchedulerBed {
  readonly scheduler: Scheduler;
  readonly linkLoss = new LossEstimator();
  readonly said: Said[] = [];
  readonly ends: (readonly [number, HostEnd])[] = [];
  readonly blocked: boolean[] = [];
  /** Transmissions: time, host, question. */
  readonly sent: (readonly [number, number, number])[] = [];
  /** Whether a transmission of a question cannot leave now; what becomes of it is tried again five milliseconds later. */
  isKeptBack: (question: number, attempt: number) => boolean = () => false;
  /** Transmissions that were kept back. */
  keptBack = 0;
  nowUs: number;
  readonly #questions: number;
  readonly #arrivals: Arrival[] = [];
  #waitsUntilUs = 0;

  constructor(
    questions: number,
    change: Partial<Limits> = {},
    options: Partial<SchedulerOptions> = {},
    nowUs = 0,
  ) {
    this.nowUs = nowUs;
    this.#questions = questions;
    const list = Array.from({ length: questions }, (_, i) => ({ technique: syn, port: i + 1, variant: 0 }));
    const events = {
      observed: (host: Host, question: number, seen: Observation) => {
        const { attempts, rttUs, kind, code } = seen;
        const words = { state: verdictOf(code).state, kind: observationKinds[kind] as string };
        this.said.push({ id: host.id, question, ...words, attempts, rttUs });
      },
      hostDone: (host: Host, end: HostEnd) => this.ends.push([host.id, end]),
      blocked: (_host: Host, isBlocked: boolean) => this.blocked.push(isBlocked),
    };
    const shared = {
      link: new RateFinder(hostRate, nowUs, 'leave'),
      linkLoss: this.linkLoss,
      errors: new ErrorMeter(),
    };
    this.scheduler = new Scheduler(
      {
        questions: ListedQuestions.of(list),
        rows: 4,
        limits: { ...limits, ...change },
        inOrder: true,
        firstAnswerSettles: false,
        ...shared,
        ...options,
      },
      events,
      nowUs,
    );
  }

  admit(id: number): Host {
    const agenda = { order: new Permutation(this.#questions, 1) };
    return this.scheduler.admit(id, 4, { path: 0, hop: { neighbour: 0 } }, agenda, this.nowUs);
  }

  /** Sends all that may be sent now. */
  send(answers: Answers = () => undefined): void {
    for (;;) {
      const task = this.scheduler.next(this.nowUs);
      if (task < 0) return;
      const { host } = this.scheduler;
      const question = task % this.#questions;
      const attempt = this.scheduler.sent(task, this.nowUs);
      if (this.isKeptBack(question, attempt)) {
        this.keptBack++;
        this.#waitsUntilUs = this.nowUs + 5000;
        this.scheduler.takeBack(host, question);
        return;
      }
      this.sent.push([this.nowUs, host.id, question]);
      const reply = answers(host.id, question, attempt);
      if (reply === undefined) continue;
      const atUs = this.nowUs + reply.rttUs;
      this.#arrivals.push({ atUs, host, question, seen: answer(reply.state ?? 'closed', attempt, atUs) });
      this.#arrivals.sort((a, b) => a.atUs - b.atUs);
    }
  }

  /** Goes on until nothing is left to do, or until a time. */
  run(answers: Answers, untilUs = this.nowUs + 600e6): this {
    while (this.nowUs <= untilUs) {
      if (this.nowUs >= this.#waitsUntilUs) this.send(answers);
      this.scheduler.judge(this.nowUs);
      const dueUs = this.scheduler.nextDueUs();
      const arrivesUs = this.#arrivals[0]?.atUs ?? infinity;
      const nextUs = Math.min(Math.max(dueUs, this.nowUs + 1, this.#waitsUntilUs), arrivesUs);
      if (nextUs > untilUs) break;
      this.nowUs = nextUs;
      while ((this.#arrivals[0]?.atUs ?? infinity) <= this.nowUs) {
        const { host, question, seen } = this.#arrivals.shift() as Arrival;
        if (!host.done) this.scheduler.answered(host, question, seen);
      }
      this.scheduler.handleTimeout(this.nowUs);
    }
    return this;
  }
}
