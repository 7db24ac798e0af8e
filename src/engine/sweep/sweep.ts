/**
 * A sweep, sans-IO like the packet engine: any number of questions in the memory of a small scan. It knows no hosts
 * and keeps no state for a question but one bit while its block is open: whether it was answered. What nothing
 * answered is asked again, and then counted as silence.
 *
 * An answer is believed by its cookie, as everywhere. Each question is told at most once: a second answer meets its
 * bit, and one that comes after its block was closed is late and not told. A block is closed no earlier than the end
 * of the whole sweep would be after its last probe, so nobody has less time to answer for being asked first.
 *
 * Times are microseconds on any monotonic scale, given by the caller.
 *
 * @module
 */

import type { Observation } from '../../model/observation.ts';
import type { PacketReader } from '../../wire/read-packet.ts';
import { isError } from '../answers/answer-kind.ts';
import { type Cookies, saltOf } from '../answers/cookie.ts';
import { Correlator, type SenderOf } from '../answers/correlator.ts';
import type { OptionTable } from '../answers/option-table.ts';
import type { ShrinkTo } from '../answers/undelivered.ts';
import type { Batch } from '../batch/batch.ts';
import type { NextHop } from '../hosts/host-route.ts';
import { cookiesFor } from '../probes/marked-cookies.ts';
import { LossEstimator } from '../rate/loss.ts';
import { RateFinder } from '../rate/rate-finder.ts';
import type { Limits } from '../scheduler-options.ts';
import { type Outbox, type ProbeLook, Sender } from '../sender.ts';
import { BatchedPass } from './batched-pass.ts';
import type { Block } from './block.ts';
import { usualCooldownUs } from './cooldown.ts';
import { type BlockTimes, OpenBlocks } from './open-blocks.ts';
import type { SweepRoutes } from './routes.ts';
import { SendLog } from './send-log.ts';
import { Tasks, type TasksOptions } from './tasks.ts';
import { Waiting } from './waiting.ts';

/** What a sweep is made from. */
export interface SweepOptions extends TasksOptions, ProbeLook {
  readonly key: readonly [number, number];
  readonly limits: Pick<Limits, 'rtt' | 'linkRate' | 'maxAttempts'>;
  /** How long to listen after the last probe; absent: by the round trips seen. */
  readonly cooldownUs?: number;
  readonly strayPorts: readonly number[];
  readonly senderOf: SenderOf;
  /** Where the TCP options of answers are numbered. */
  readonly optionTable: OptionTable;
  readonly routes: SweepRoutes;
  /** Absent: packets leave as they are. */
  readonly shrinkTo?: ShrinkTo;
  /** To ask many questions at once; absent: one after the other. */
  readonly batch?: Batch;
}

/** What a sweep tells. */
export interface SweepEvents {
  /** A question was answered. The observation is used again: whoever keeps it copies it. */
  observed(host: number, question: number, seen: Observation): void;
  /** Nothing more will be told of a host that something was told of. */
  hostDone(host: number): void;
}

/** Asks every question of every host, and tells the answers. */
export class Sweep {
  readonly link: RateFinder;
  readonly sender: Sender;
  readonly correlator: Correlator;
  readonly loss = new LossEstimator();
  retransmitted = 0;
  /** Questions of closed blocks that nothing answered. */
  silent = 0;
  /** Questions of closed blocks that could not be asked from here. */
  unsent = 0;
  readonly #options: SweepOptions;
  readonly #events: SweepEvents;
  readonly #cookies: Cookies;
  readonly #tasks: Tasks;
  readonly #blocks: OpenBlocks;
  readonly #waiting = new Waiting();
  /** By transmission: when places were walked. */
  readonly #logs: SendLog[] = [];
  /** Hosts that something was told of, by the block that ends them. */
  readonly #heard = new Map<number, Set<number>>();
  #pass: Block | undefined;
  readonly batch: Batch | undefined;
  readonly asksOwn = false;
  readonly #batched: BatchedPass | undefined;
  /** The pass cannot go on before a neighbour has answered. */
  #isStalled = false;

  constructor(options: SweepOptions, events: SweepEvents, nowUs: number) {
    const { limits, variants, payloadsFor, strayPorts } = options;
    this.#options = options;
    this.#events = events;
    this.link = new RateFinder(limits.linkRate, nowUs, 'slow');
    this.#cookies = cookiesFor(options);
    this.batch = options.batch;
    this.sender = new Sender(options, this.#cookies, this.link, nowUs, options.batch);
    const attemptsOf = (block: number) => this.#blocks.at(block)?.attempt ?? 0;
    this.#tasks = new Tasks(options, this.#cookies, attemptsOf, this.#answered);
    const { batch, routes } = options;
    this.#batched = batch && new BatchedPass({ batch, tasks: this.#tasks, routes, sender: this.sender });
    this.#blocks = new OpenBlocks(this.#tasks.walk, limits.maxAttempts, mostOpenTasks);
    this.correlator = new Correlator(
      this.#tasks,
      this.#cookies,
      variants,
      payloadsFor,
      strayPorts,
      options.senderOf,
      options.optionTable,
      options.shrinkTo,
    );
  }

  /** Whether anything is still asked or listened for. */
  get isBusy(): boolean {
    return !this.#blocks.isEmpty;
  }

  /** Writes what may be sent now and returns the number of packets. */
  pollTransmit(nowUs: number, outbox: Outbox): number {
    const before = this.sender.sentPackets;
    for (let looks = 0; looks < mostLooks && outbox.hasRoom && this.sender.mayLeave(nowUs); looks++) {
      if (this.#askWaiting(nowUs, outbox)) continue;
      const asked = this.#askRun(nowUs, outbox);
      looks += asked;
      if (asked === 0 && !this.#askNext(nowUs, outbox)) break;
    }
    return this.sender.sentPackets - before;
  }

  /** Takes a received packet; `isDamaged` says that a checksum of it is wrong. */
  handlePacket(
    reader: PacketReader,
    bytes: Uint8Array,
    atUs: number,
    wireBytes: number,
    isDamaged = false,
  ): void {
    this.correlator.handle(reader, bytes, atUs, wireBytes, isDamaged);
  }

  /** Judges the pace, closes blocks and begins passes. */
  handleTimeout(nowUs: number): void {
    this.link.tick(nowUs);
    const times = this.#times();
    for (;;) {
      const block = this.#blocks.close(nowUs, times, this.#pass);
      if (block === undefined) break;
      this.#close(block);
    }
    this.#pass ??= this.#blocks.take(nowUs, times);
  }

  /** When {@link pollTransmit} or {@link handleTimeout} will have something to do. */
  pollTimeout(nowUs: number): number {
    if (this.#waiting.isReady || (this.#pass !== undefined && !this.#isStalled)) return this.sender.nextUs;
    return this.#pass === undefined ? this.#blocks.dueUs(nowUs, this.#times()) : Number.POSITIVE_INFINITY;
  }

  /** The route to a host that had to be asked for is known, or known not to be there. */
  found(host: number): void {
    this.#waiting.release(host);
    this.#isStalled = false;
  }

  /** What was sent since `sinceUs` proved nothing (an outage): its blocks are asked once more than others. */
  voidSince(sinceUs: number, nowUs: number): void {
    for (const block of this.#blocks) {
      if (block.isSettled || block.quietSinceUs < sinceUs) continue;
      block.wanted = Math.min(block.wanted + 1, mostAttempts);
      block.quietSinceUs = nowUs;
      block.isDisturbed = true;
    }
  }

  /** A next hop has become another machine at some time after `sinceUs`. Which blocks were sent by it is not kept. */
  hopMoved(_: NextHop, sinceUs: number, nowUs: number): void {
    this.voidSince(sinceUs, nowUs);
  }

  #times(): BlockTimes {
    const { limits, cooldownUs } = this.#options;
    const { rtt } = this.link;
    const usualUs = usualCooldownUs(rtt, limits.rtt.initialUs);
    // As long as others are asked, listening costs nothing: a short cooldown only shortens the end.
    const isEnd = this.#pass === undefined && this.#blocks.areAllAsked;
    const closeUs = isEnd ? (cooldownUs ?? usualUs) : Math.max(cooldownUs ?? 0, usualUs);
    return { repeatUs: rtt.timeoutUs(limits.rtt), closeUs };
  }

  /** Asks a question that waited for a neighbour. */
  #askWaiting(nowUs: number, outbox: Outbox): boolean {
    const task = this.#waiting.take();
    if (task < 0) return false;
    const { blockTasks } = this.#tasks.walk;
    const block = this.#blocks.at(Math.floor(task / blockTasks)) as Block;
    block.waiting--;
    const offset = task % blockTasks;
    if (!block.has(offset) && this.#ask(block, offset, nowUs, outbox) === 'sent') {
      this.#waiting.sent(task, block.attempt, nowUs);
    }
    return true;
  }

  /** Asks the next questions of the pass that can be asked at once, and returns how many places that took. */
  #askRun(nowUs: number, outbox: Outbox): number {
    if (this.#batched === undefined) return 0;
    this.#pass ??= this.#blocks.take(nowUs, this.#times());
    const block = this.#pass;
    if (block === undefined) return 0;
    const { cursor, attempt } = block;
    const before = this.sender.sentPackets;
    const passed = this.#batched.ask(block, nowUs, outbox);
    const packets = this.sender.sentPackets - before;
    if (packets > 0) {
      this.link.onSent(attempt === 1, packets);
      this.#log(attempt).note(block.number * this.#tasks.walk.blockTasks + cursor, nowUs);
      if (attempt > 1) this.retransmitted += packets;
    }
    if (block.cursor >= block.order.size) this.#pass = undefined;
    return passed;
  }

  /** Asks the next question of the pass. */
  #askNext(nowUs: number, outbox: Outbox): boolean {
    this.#pass ??= this.#blocks.take(nowUs, this.#times());
    const block = this.#pass;
    if (block === undefined) return false;
    const offset = block.order.at(block.cursor);
    if (!block.has(offset)) {
      const outcome = this.#ask(block, offset, nowUs, outbox);
      if (outcome === 'stalled') return false;
      if (outcome === 'sent') {
        this.#log(block.attempt).note(block.number * this.#tasks.walk.blockTasks + block.cursor, nowUs);
      }
    }
    if (++block.cursor >= block.order.size) this.#pass = undefined;
    return true;
  }

  /** Asks one question, if it can be asked now; `stalled`: it would have to wait, and too many do. */
  #ask(block: Block, offset: number, nowUs: number, outbox: Outbox): 'sent' | 'passed' | 'stalled' {
    const { questions, routes } = this.#options;
    const { walk, table } = this.#tasks;
    const task = block.number * this.#tasks.walk.blockTasks + offset;
    const question = this.#tasks.read(task);
    const route = routes.routeTo(walk.host, table.family, table.words);
    if (route === 'silent') return 'passed';
    if (route === 'unreachable') {
      if (block.settle(offset)) block.unsent++;
      return 'passed';
    }
    if (route === 'asked') {
      this.#isStalled = !this.#waiting.add(walk.host, task);
      if (!this.#isStalled) block.waiting++;
      return this.#isStalled ? 'stalled' : 'passed';
    }
    const { attempt } = block;
    const port = questions.portOf[question] as number;
    const salt = saltOf(0, questions.tagAt(0, question), attempt);
    this.#cookies.compute(table.words, 0, table.family === 4 ? 1 : 4, port, salt);
    const technique = questions.techniqueAt(0, question);
    const variant = questions.variantAt(0, question);
    this.#cookies.dress(technique, variant, port);
    this.link.onSent(attempt === 1);
    block.quietSinceUs = nowUs;
    const packets = this.sender.transmit(technique, variant, route, table.words, 0, port, nowUs, outbox);
    if (attempt > 1) this.retransmitted += packets;
    return 'sent';
  }

  readonly #answered = (task: number, question: number, seen: Observation): void => {
    const { attempt, atUs } = seen;
    const { blockTasks } = this.#tasks.walk;
    const block = this.#blocks.at(Math.floor(task / blockTasks)) as Block;
    const offset = task % blockTasks;
    if (!block.settle(offset)) return;
    const place = block.order.indexOf(offset);
    const sentUs = this.#sentUs(block, task, place, attempt);
    seen.rttUs = sentUs < 0 ? -1 : atUs - sentUs;
    if (seen.rttUs >= 0) {
      if (isError(seen)) this.link.onError(atUs, sentUs, attempt === 1);
      else this.link.onAnswer(atUs, sentUs, attempt === 1);
    }
    // Of an error that came late nobody knows whether it was lost or limited.
    if (!block.isDisturbed && !isError(seen)) this.loss.judge(attempt > 1);
    const made = place < block.cursor ? block.attempt : block.attempt - 1;
    const { host, lastBlock } = this.#tasks;
    const heard = this.#heard.get(lastBlock);
    if (heard === undefined) this.#heard.set(lastBlock, new Set([host]));
    else heard.add(host);
    seen.attempts = Math.max(made, attempt);
    this.#events.observed(host, question, seen);
  };

  /** When a transmission left, -1 if that is not known any more. */
  #sentUs(block: Block, task: number, place: number, attempt: number): number {
    const waited = this.#waiting.sentUs(task, attempt);
    if (waited >= 0) return waited;
    return this.#log(attempt).timeOf(block.number * this.#tasks.walk.blockTasks + place);
  }

  #log(attempt: number): SendLog {
    let log = this.#logs[attempt];
    if (log === undefined) {
      log = new SendLog();
      this.#logs[attempt] = log;
    }
    return log;
  }

  #close(block: Block): void {
    this.unsent += block.unsent;
    this.silent += block.order.size - block.settled;
    for (const host of this.#heard.get(block.number) ?? []) this.#events.hostDone(host);
    this.#heard.delete(block.number);
  }
}

/** Questions whose answers may still be told: one bit each. Two million a second with eight seconds to answer. */
const mostOpenTasks = 2 ** 24;
/** Questions looked at in one turn: those that need not be asked again must not keep the reader waiting. */
const mostLooks = 65_536;
/** The number of the transmission has eight bits in the cookie's salt. */
const mostAttempts = 255;
