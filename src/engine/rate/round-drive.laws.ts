/** Drives a rate round by round, one a second: for tests of what single rounds do to it. @module */

import { Sentinels } from '../hosts/sentinels.ts';
import { answer } from '../hosts/test-hosts.laws.ts';
import { PathSamples } from './path-samples.ts';
import { finderOf } from './rate-drive.laws.ts';
import type { RateFinder } from './rate-finder.ts';

export const secondUs = 1_000_000;

/** A round that begins at this second, whose answers take a millisecond, and that is judged before the next second. */
export function judged(
  finder: RateFinder,
  second: number,
  sent: number,
  answered: number,
  first = true,
): void {
  const fromUs = second * secondUs;
  finder.onSent(first, sent);
  for (let i = 0; i < answered; i++) finder.onAnswer(fromUs + 1000, fromUs, first);
  end(finder, second);
}

/** The same of samples alone. */
export function sampled(finder: RateFinder, second: number, sent: number, answered: number): void {
  const fromUs = second * secondUs;
  finder.onSample(sent);
  for (let i = 0; i < answered; i++) finder.onSampleAnswer(fromUs + 1000, fromUs);
  end(finder, second);
}

/** Judges what was asked in this second. */
export function end(finder: RateFinder, second: number): void {
  finder.tick(second * secondUs + 500_000);
  finder.tick(second * secondUs + 999_999);
}

/** Samples of a path to a host that serves one port, so that nobody but the path is to blame for what they lose. */
export function samplesOf(): PathSamples {
  const sentinels = new Sentinels();
  sentinels.note(0, true, answer('open'));
  return new PathSamples(sentinels);
}

/** A finder whose path is sampled, from so many probes a second on. */
export function sampling(startPps = 1000): RateFinder {
  const finder = finderOf({ startPps });
  finder.sampleBy(samplesOf(), 1000, 0);
  return finder;
}
