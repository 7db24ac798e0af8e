/**
 * The blocks of a sweep that are open, oldest first: begun in turn, asked again when their answers have had time, and
 * closed in turn, each when nothing more can come.
 *
 * @module
 */

import { Block } from './block.ts';
import type { Walk } from './walk.ts';

/** How long blocks wait. Microseconds. */
export interface BlockTimes {
  /** After a pass, before those from which nothing came are asked again. */
  readonly repeatUs: number;
  /** After the last pass, before what has not come is silence. */
  readonly closeUs: number;
}

/** Opens and closes the blocks of a walk. Times are microseconds. */
export class OpenBlocks {
  readonly #walk: Walk;
  readonly #attempts: number;
  readonly #mostTasks: number;
  readonly #blocks: Block[] = [];
  #tasks = 0;
  #next = 0;

  /** Each block is asked `attempts` times; `mostTasks` may be open at once, or one block. */
  constructor(walk: Walk, attempts: number, mostTasks: number) {
    this.#walk = walk;
    this.#attempts = attempts;
    this.#mostTasks = mostTasks;
  }

  /** Whether all blocks have been begun, and none is to be asked again. */
  get areAllAsked(): boolean {
    return this.#areAllBegun && !this.#blocks.some((block) => block.isUnfinished);
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0 && this.#areAllBegun;
  }

  [Symbol.iterator](): Iterator<Block> {
    return this.#blocks[Symbol.iterator]();
  }

  /** The open block of a number. */
  at(number: number): Block | undefined {
    const [first] = this.#blocks;
    return first === undefined ? undefined : this.#blocks[number - first.number];
  }

  /** The block whose next pass may begin: an open one whose time has come, else a new one. */
  take(nowUs: number, { repeatUs }: BlockTimes): Block | undefined {
    let block = this.#blocks.find((each) => isRested(each) && nowUs >= each.quietSinceUs + repeatUs);
    if (block === undefined && this.#hasRoom) {
      const order = this.#walk.orderOf(this.#next);
      block = new Block(this.#next++, order, this.#attempts, nowUs);
      this.#blocks.push(block);
      this.#tasks += order.size;
    }
    block?.begin();
    return block;
  }

  /** Takes away the oldest block if nothing more can come of it. `pass` is the block being asked. */
  close(nowUs: number, { closeUs }: BlockTimes, pass: Block | undefined): Block | undefined {
    const [first] = this.#blocks;
    if (first === undefined || first === pass || first.waiting > 0) return undefined;
    const isOver = first.isSettled || (!first.isUnfinished && nowUs >= first.quietSinceUs + closeUs);
    if (!isOver) return undefined;
    this.#tasks -= first.order.size;
    return this.#blocks.shift();
  }

  /** When {@link take} or {@link close} will have something to do while no pass is under way. */
  dueUs(nowUs: number, { repeatUs, closeUs }: BlockTimes): number {
    if (this.#hasRoom) return nowUs;
    let due = Number.POSITIVE_INFINITY;
    for (const block of this.#blocks) {
      if (isRested(block)) due = Math.min(due, block.quietSinceUs + repeatUs);
    }
    const [first] = this.#blocks;
    if (first === undefined || first.waiting > 0 || first.isUnfinished) return due;
    return Math.min(due, first.isSettled ? nowUs : first.quietSinceUs + closeUs);
  }

  get #areAllBegun(): boolean {
    return this.#next >= this.#walk.blocks;
  }

  get #hasRoom(): boolean {
    if (this.#areAllBegun) return false;
    return this.#tasks === 0 || this.#tasks + this.#walk.tasksOf(this.#next) <= this.#mostTasks;
  }
}

/** Whether a block waits for its next pass: one that has not been asked through is unfinished, but not at rest. */
function isRested(block: Block): boolean {
  return block.isUnfinished && block.waiting === 0 && block.cursor >= block.order.size;
}
