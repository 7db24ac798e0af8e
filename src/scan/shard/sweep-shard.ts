/**
 * A shard that sweeps: no hosts in flight, only questions and answers, over the same loop between engine and links.
 *
 * @module
 */

import { Batch } from '../../engine/batch/batch.ts';
import { Sweep } from '../../engine/sweep/sweep.ts';
import { monotonicUs } from '../../link/link.ts';
import { fromTarget, type Observation } from '../../model/observation.ts';
import { verdictCode, verdictOf } from '../../model/verdict.ts';
import { questionsOf } from '../phases/phases.ts';
import type { ShardConfig } from './config.ts';
import { recordKind, type ShardTotals } from './messages.ts';
import type { Say } from './reporter.ts';
import { RouteCache } from './route-cache.ts';
import { ShardLoop } from './shard-loop.ts';
import { payloadsFor, strayPorts } from './udp-payloads.ts';

/** One thread's share of a sweep. */
export class SweepShard {
  readonly #loop: ShardLoop;
  readonly #routes: RouteCache;
  /** Hosts that were said to be up, until they are done. */
  readonly #up = new Set<number>();

  constructor(config: ShardConfig, say: Say) {
    const sweep = this.#makeSweep(config);
    this.#loop = new ShardLoop(config, say, sweep, () => ({
      judged: sweep.loss.judged,
      firstLost: sweep.loss.firstLost,
      swept: { silent: sweep.silent, unsent: sweep.unsent },
    }));
    this.#routes = new RouteCache(this.#loop.routes, (host) => sweep.found(host));
  }

  /** Runs until everything is asked and listened for, or the shard is told to stop. */
  run(): void {
    this.#loop.run({
      tick: () => {},
      pump: () => this.#routes.look(),
      isIdle: () => true,
      phase: () => 'sweep',
      dueUs: () => (this.#routes.isDue ? 0 : Number.POSITIVE_INFINITY),
    });
    this.#loop.reporter.flush();
  }

  /** Counters so far. */
  totals(): ShardTotals {
    return this.#loop.totals();
  }

  /** Gives the links back. */
  close(): void {
    this.#loop.routes.close();
  }

  #makeSweep(config: ShardConfig): Sweep {
    const { groups, ports, seed, inOrder, slice, key, variant, scanFlags, limits, sweep: wish } = config;
    const batch = Batch.open();
    if (ports === undefined || wish === undefined) throw new Error('a sweep asks ports');
    return new Sweep(
      {
        groups: groups.map(({ ranges, some }) => ({ ranges, ...(some && { some: some.toSorted() }) })),
        questions: questionsOf(ports, false),
        seed,
        inOrder,
        slice,
        key,
        variants: [variant],
        payloadsFor,
        ...(scanFlags !== undefined && { scanFlags }),
        strayPorts,
        limits,
        ...wish,
        ...(batch && { batch }),
        routes: { routeTo: (host, family, words) => this.#routes.routeTo(host, family, words) },
      },
      {
        observed: (host, question, seen) => {
          if (seen.sender === fromTarget && !this.#up.has(host)) this.#sayUp(host, seen);
          this.#loop.reporter.records.observed(host, question, seen);
        },
        hostDone: (host) => {
          this.#up.delete(host);
          this.#loop.reporter.records.append(host, recordKind.hostDone, 0, 0, 0);
        },
      },
      monotonicUs(),
    );
  }

  /** Whoever answers for itself is up. */
  #sayUp(host: number, { code, ttl, rttUs }: Observation): void {
    this.#up.add(host);
    const up = verdictCode('open', verdictOf(code).reason);
    this.#loop.reporter.records.state(host, up, ttl, rttUs);
  }
}
