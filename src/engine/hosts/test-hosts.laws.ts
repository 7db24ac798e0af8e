/**
 * Hosts as the parts of the scheduler know them, without a scheduler.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import { Observation, observationKind } from '../../model/observation.ts';
import { verdictCode } from '../../model/verdict.ts';
import { Board } from '../board.ts';
import { RateFinder } from '../rate/rate-finder.ts';
import { Host } from './host.ts';

/** Bounds of a timing template. */
export const rttBounds = { initialUs: 1_000_000, minUs: 100_000, maxUs: 10_000_000 };

/** The rate of a host, from 1000 a second on. */
export const hostRate = { startPps: 1000, minPps: 1, maxPps: Number.POSITIVE_INFINITY };

/** A host that is asked so many questions, alone on its board, with or without a pace of its own. */
export function hostOf(questions: number, pace: 'own' | "link's" = "link's"): Host {
  const finder = pace === 'own' ? new RateFinder(hostRate, 0) : undefined;
  const board = new Board(1, questions);
  return new Host(
    0,
    4,
    { path: 0, hop: { neighbour: 0 } },
    { order: new Permutation(questions, 1) },
    board,
    0,
    finder,
  );
}

/** Lets a host with a pace of its own have met a limit on its answers. */
export function meetLimit({ finder }: Host): void {
  if (finder === undefined) throw new Error('a host with a pace of its own');
  const none = { sent: 0, answered: 0 };
  finder.hunt.begin(1000, Number.POSITIVE_INFINITY);
  // It drains, measures, and tries what came: all are answered then.
  for (const [sent, answered] of [
    [100, 10],
    [40, 10],
    [36, 36],
  ] as const)
    finder.hunt.take({
      startUs: 0,
      seconds: sent === 36 ? 0.4 : 0.1,
      errors: 0,
      first: { sent, answered },
      again: none,
      samples: none,
      leastUs: 1000,
    });
}

/** What a closed or an open port says. */
export function answer(state: 'closed' | 'open', attempt = 1, atUs = 0): Observation {
  const seen = new Observation();
  seen.begin(observationKind.tcp);
  seen.code = state === 'open' ? verdictCode('open', 'syn-ack') : verdictCode('closed', 'reset');
  seen.attempt = attempt;
  seen.atUs = atUs;
  seen.rttUs = 100;
  return seen;
}
