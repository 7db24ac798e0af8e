/**
 * The fact that a host is up or down.
 *
 * @module
 */

import type { Draft, HostFact, Unnumbered } from '../../model/fact.ts';
import type { Observation } from '../../model/observation.ts';
import { macText } from '../../wire/address-text.ts';
import type { hostNames } from './host-names.ts';
import type { OpenHost } from './open-host.ts';

/** What is said of it. */
export interface HostWords
  extends Pick<HostFact, 'state' | 'reason' | 'at'>,
    Pick<Observation, 'ttl' | 'rttUs'> {
  readonly names: ReturnType<typeof hostNames>;
}

/** Makes the fact; `vendorOf` names the maker of a network card. */
export function hostFact(
  { name, mac }: OpenHost,
  { state, reason, at, ttl, rttUs, names }: HostWords,
  vendorOf: (mac: Uint8Array) => string | undefined,
): Unnumbered<HostFact> {
  const fact: Draft<HostFact> = { type: 'host', host: name, state, reason, at };
  Object.assign(fact, names);
  if (ttl > 0) fact.ttl = ttl;
  if (rttUs >= 0) fact.rttMs = rttUs / 1000;
  if (mac !== undefined) {
    fact.mac = macText(mac);
    fact.vendor = vendorOf(mac) ?? null;
  }
  return fact;
}
