/** Observations for tests. @module */

import { Observation, type ObservationKind, observationKind } from './observation.ts';

/** What tests may say of an observation: its kind by name, the rest by number. */
export type Seen = Partial<Omit<Observation, 'begin' | 'copy' | 'kind'>> & {
  readonly kind?: ObservationKind;
};

/** An answer to the first transmission after 300 µs, from 64 hops away at most, but for what is said otherwise. */
export function observation({ kind = 'tcp', ...seen }: Seen = {}): Observation {
  const made = new Observation();
  made.begin(observationKind[kind]);
  return Object.assign(made, { attempt: 1, attempts: 1, ttl: 64, rttUs: 300, sender: 0 }, seen);
}
