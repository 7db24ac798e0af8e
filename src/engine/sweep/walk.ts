/**
 * The order of a sweep, computed and never stored: hosts stand in an order the seed decides, the tasks of each host
 * one after the other, and that line is cut into blocks, each of which is shuffled by itself.
 *
 * So a block asks many hosts at once and each of them in no order a watcher could see, and yet whatever there is to
 * know of a host is known once its block is over: nothing has to be kept beyond that, whatever the size. Both
 * permutations can be taken back, so an answer finds its task, the task its place, and the place the time at which
 * the probe left.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import { mix32 } from '../../base/random.ts';

/** An order of [0, size) that can be taken back. */
export interface Order {
  readonly size: number;
  at(index: number): number;
  indexOf(element: number): number;
}

/** Hosts that are asked equally many questions. */
export interface WalkGroup {
  readonly hosts: number;
  readonly questions: number;
}

/** What decides the order. */
export interface WalkOptions {
  readonly seed: number;
  /** Everything ascending instead. */
  readonly inOrder: boolean;
  /** This share has the hosts whose place is `index` modulo `count`. */
  readonly slice: { readonly index: number; readonly count: number };
  /** Tasks in a block; absent: as {@link blockTasksFor} has it. */
  readonly blockTasks?: number;
}

/** A group's part of the line. */
export interface Stretch {
  /** The number of its first host, and how many there are. */
  readonly firstHost: number;
  readonly hosts: number;
  readonly questions: number;
  /** The place of the first of its hosts that belongs to this share. */
  readonly firstPlace: number;
  readonly order: Order;
}

/** The tasks of one share, numbered along the line. At most 2^52. */
export class Walk {
  readonly size: number;
  readonly blocks: number;
  /** Tasks in each block but the last. */
  readonly blockTasks: number;
  /** What {@link locate} found: group, number of the host through all groups, question of the group. */
  group = 0;
  host = 0;
  question = 0;
  readonly #options: WalkOptions;
  readonly #stretches: readonly Stretch[];
  /** The first task of each stretch, and its first host. */
  readonly #starts: Float64Array;
  readonly #firstHosts: Float64Array;

  constructor(groups: readonly WalkGroup[], options: WalkOptions) {
    const { seed, inOrder, slice } = options;
    this.#options = options;
    this.blockTasks = options.blockTasks ?? blockTasksFor(groups);
    this.#starts = new Float64Array(groups.length);
    this.#firstHosts = new Float64Array(groups.length);
    let [firstHost, size] = [0, 0];
    this.#stretches = groups.map(({ hosts, questions }, g) => {
      this.#starts[g] = size;
      this.#firstHosts[g] = firstHost;
      const order = inOrder ? new Ascending(hosts) : new Permutation(hosts, seed);
      // Places count through all groups, so that many small groups are shared out evenly.
      const firstPlace = (((slice.index - firstHost) % slice.count) + slice.count) % slice.count;
      const stretch = { firstHost, hosts, questions, firstPlace, order };
      const own = Math.max(0, Math.ceil((hosts - firstPlace) / slice.count));
      firstHost += hosts;
      size += own * questions;
      return stretch;
    });
    this.size = size;
    this.blocks = Math.ceil(size / this.blockTasks);
  }

  /** The whole line, where it is that of one group; its hosts are numbered from 0. */
  get sole(): Stretch | undefined {
    return this.#stretches.length === 1 ? this.#stretches[0] : undefined;
  }

  /** How far apart the places of this share lie. */
  get step(): number {
    return this.#options.slice.count;
  }

  /** How many tasks a block has: all have as many but the last. */
  tasksOf(block: number): number {
    return Math.min(this.blockTasks, this.size - block * this.blockTasks);
  }

  /** The order in which the tasks of a block are asked. */
  orderOf(block: number): Order {
    const { seed, inOrder } = this.#options;
    const size = this.tasksOf(block);
    if (inOrder) return new Ascending(size);
    return new Permutation(size, mix32(seed ^ mix32((block + 1) % 2 ** 32) ^ Math.floor(block / 2 ** 32)));
  }

  /** Finds group, host and question of a task. */
  locate(task: number): void {
    this.group = lastUpTo(this.#starts, task);
    const { firstHost, questions, firstPlace, order } = this.#stretches[this.group] as Stretch;
    const within = task - (this.#starts[this.group] as number);
    const place = Math.floor(within / questions);
    this.question = within - place * questions;
    this.host = firstHost + order.at(firstPlace + place * this.#options.slice.count);
  }

  /** The first task of a host, the others follow it; -1 for one of another share. {@link group} is its group. */
  firstTaskOf(host: number): number {
    this.group = lastUpTo(this.#firstHosts, host);
    const { firstHost, questions, firstPlace, order } = this.#stretches[this.group] as Stretch;
    const { count } = this.#options.slice;
    const place = order.indexOf(host - firstHost) - firstPlace;
    if (place < 0 || place % count !== 0) return -1;
    return (this.#starts[this.group] as number) + (place / count) * questions;
  }
}

/** The order of the numbers themselves. */
class Ascending implements Order {
  readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  at(index: number): number {
    return index;
  }

  indexOf(element: number): number {
    return element;
  }
}

/** The last of ascending numbers that is not above `value`; of equal ones the last. */
function lastUpTo(starts: Float64Array, value: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Tasks in a block: 65,536, and four times as many where all are asked four questions or more. That bounds what is
 * held of hosts that all answer, and is wide enough to spare each of them. Both are powers of four, which are
 * shuffled without a detour.
 */
function blockTasksFor(groups: readonly WalkGroup[]): number {
  return groups.every(({ questions }) => questions >= 4) ? 2 ** 18 : 2 ** 16;
}
