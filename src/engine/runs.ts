/**
 * Runs: new questions of one host, alike but for their ports, that are asked at once.
 *
 * @module
 */

import type { Board } from './board.ts';
import type { Host } from './hosts/host.ts';
import type { HostPace } from './hosts/host-pace.ts';
import type { Patience } from './hosts/patience.ts';
import { type Batching, makeTables } from './questions/asked-tables.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import type { TaskPicker } from './task-picker.ts';
import type { TimerWheel } from './timer-wheel.ts';

/** What belongs to the scheduler whose questions they are. */
export interface RunsOptions extends Pick<SchedulerOptions, 'questions' | 'inOrder' | 'link'> {
  readonly batching: Batching;
  readonly board: Board;
  readonly timers: TimerWheel;
  readonly picker: TaskPicker;
  readonly pace: HostPace;
  readonly patience: Patience;
}

/** Finds runs and begins them. Times are microseconds. */
export class Runs {
  /** Where the batch finds what it has to know; undefined: nothing can be asked at once. */
  readonly tables: number | undefined;
  readonly #options: RunsOptions;

  constructor(options: RunsOptions) {
    const { batching, questions, board, timers } = options;
    this.#options = options;
    this.tables = makeTables(batching, questions, board, timers.links);
  }

  /**
   * How many new questions of the host whose turn it is may be asked at once now, at most `most`; 0 where the next
   * task must be taken by itself. {@link begin} them, and transmit those that it says.
   */
  find(nowUs: number, most: number): number {
    if (this.tables === undefined) return 0;
    const { picker, pace } = this.#options;
    const count = picker.run(nowUs, most);
    return count === 0 ? 0 : pace.mayLeaveNow(picker.current as Host, count, nowUs);
  }

  /**
   * Begins the next questions of that host, at most `most` and up to one of another technique than the first of all:
   * they count as sent, and their ports stand in the batch. Returns how many.
   */
  begin(most: number, nowUs: number): number {
    const { batching, board, timers, picker, pace, patience, link, inOrder } = this.#options;
    const { batch } = batching;
    const host = picker.current as Host;
    const count = host.lookAhead(most, batch, inOrder);
    const slot = timers.slotOf(nowUs + patience.firstLookUs(host, patience.timeoutUs(host, host.finder, 0)));
    const firstTask = host.row * board.questions;
    const begun = batch.begin(this.tables as number, count, firstTask, nowUs, timers.headOf(slot));
    timers.hook(slot, batch.head, batch.hooked);
    host.cursor += begun;
    host.inFlight += begun;
    host.finder?.onSent(true, begun);
    link.onSent(host.samples === undefined, begun);
    if (host.hasLeftHead) host.finder?.turnToOthers(nowUs);
    pace.spend(host, begun, nowUs);
    picker.took(begun);
    return begun;
  }
}
