/**
 * What is said of a service: where nothing was proven, the usual name of its port stands beside as a guess.
 *
 * @module
 */

import type { Unnumbered } from '../../model/fact.ts';
import type { ServiceFact } from '../../model/service-fact.ts';
import type { Protocol } from '../../model/verdict.ts';
import type { PhaseService } from './service-record.ts';

/** The fact of a service. */
export function serviceFact(
  host: string,
  { isUntried: _, ...service }: PhaseService,
  usualName: (protocol: Protocol, port: number) => string | undefined,
  at: string,
): Unnumbered<ServiceFact> {
  const { protocol, port, name, ...rest } = service;
  const guess = name === null ? usualName(protocol, port) : undefined;
  return { type: 'service', host, protocol, port, name, ...(guess !== undefined && { guess }), ...rest, at };
}
