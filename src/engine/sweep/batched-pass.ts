/**
 * Asks the questions of a sweep's pass in batches, as far as they are alike: one TCP technique, IPv4, the same route.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import type { Technique } from '../../techniques/technique.ts';
import { saltOf } from '../answers/cookie.ts';
import { type Batch, mostPackets } from '../batch/batch.ts';
import type { HostRoute } from '../hosts/host-route.ts';
import type { Outbox, Sender } from '../sender.ts';
import type { Block } from './block.ts';
import type { SweepRoutes } from './routes.ts';
import type { Tasks } from './tasks.ts';
import type { Order } from './walk.ts';

/** What it takes part in. */
export interface BatchedPassOptions {
  readonly batch: Batch;
  readonly tasks: Tasks;
  readonly routes: SweepRoutes;
  readonly sender: Sender;
}

/** Runs of questions alike. Times are microseconds. */
export class BatchedPass {
  readonly #options: BatchedPassOptions;
  /** Of each question found: how many places of the pass lie before it. */
  readonly #passed = new Uint32Array(mostPackets);
  #found = 0;
  /** The route of the first, and how many have it. */
  #route: HostRoute | undefined;
  #alike = 0;

  constructor(options: BatchedPassOptions) {
    this.#options = options;
  }

  /**
   * Asks the next questions of a block, as many as are alike and may be asked now, moves its cursor behind them and
   * returns how many places that is. 0: the next one must be asked by itself.
   */
  ask(block: Block, nowUs: number, outbox: Outbox): number {
    const { batch, tasks, sender } = this.#options;
    const places = Math.min(block.order.size - block.cursor, sender.mayLeaveNow(nowUs));
    if (!this.#find(block, places)) return 0;
    let passed = places;
    if (this.#found > 0) {
      const route = this.#route;
      if (route === undefined) return 0;
      const { questions } = tasks;
      const technique = questions.techniques[0] as Technique;
      const variant = questions.variantAt(0, 0);
      const count = sender.roomForRun(technique, variant, route, this.#alike, nowUs, outbox);
      if (count === 0) return 0;
      batch.salts.fill(saltOf(0, questions.tagAt(0, 0), block.attempt), 0, count);
      sender.transmitRun(count, route, nowUs, outbox);
      block.quietSinceUs = nowUs;
      if (count < this.#found) passed = this.#passed[count] as number;
    }
    block.cursor += passed;
    return passed;
  }

  /** Puts addresses and ports of the questions at the next places into the batch; false if that cannot be done. */
  #find(block: Block, places: number): boolean {
    const { batch, tasks } = this.#options;
    const { elements, ports } = batch;
    const { walk, questions } = tasks;
    const passed = this.#passed;
    const stretch = walk.sole;
    if (stretch === undefined || questions.alike < questions.length) return false;
    batch.number(places, block.cursor, block.order.size);
    if (!this.#shuffle(block.order, places)) return false;
    const from = block.number * walk.blockTasks;
    let found = 0;
    for (let i = 0; i < places; i++) {
      const offset = elements[i] as number;
      if (block.has(offset)) continue;
      const place = Math.floor((from + offset) / stretch.questions);
      ports[found] = questions.portOf[
        tasks.questionAt(0, from + offset - place * stretch.questions)
      ] as number;
      elements[found] = stretch.firstPlace + place * walk.step;
      passed[found++] = i;
    }
    this.#found = found;
    if (!this.#shuffle(stretch.order, found)) return false;
    this.#lookUp(found);
    return true;
  }

  /** Looks up addresses and routes of the hosts whose numbers stand in the batch, until one has another route. */
  #lookUp(found: number): void {
    const { batch, tasks, routes } = this.#options;
    const { elements, addresses } = batch;
    const { table } = tasks;
    this.#route = undefined;
    let i = 0;
    for (; i < found; i++) {
      const host = elements[i] as number;
      table.read(host);
      const route = table.family === 4 ? routes.routeTo(host, 4, table.words) : undefined;
      if (i === 0 && typeof route === 'object') this.#route = route;
      if (route === undefined || route !== this.#route) break;
      addresses[i] = table.words[0] as number;
    }
    this.#alike = i;
  }

  /** Turns indices into elements; false for an order too large for a batch. */
  #shuffle(order: Order, count: number): boolean {
    if (order.size >= mostElements) return false;
    if (order instanceof Permutation) this.#options.batch.permute(count, order);
    return true;
  }
}

const mostElements = 2 ** 32;
