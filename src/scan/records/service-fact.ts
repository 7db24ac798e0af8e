/**
 * What is said of a service: where nothing was proven, the usual name of its port stands beside as a guess.
 *
 * @module
 */

import type { Unnumbered } from '../../model/fact.ts';
import type { ServiceFact } from '../../model/service-fact.ts';
import type { Protocol } from '../../model/verdict.ts';
import type { PhaseService } from './service-record.ts';

/** What is known besides what a service says. */
export interface ServiceKnowledge {
  /** The registered name of a port. */
  readonly serviceName: (protocol: Protocol, port: number) => string | undefined;
  /** Adds to a service what others know of it. */
  readonly recognise?: (service: PhaseService) => PhaseService;
}

/** The fact of a service. */
export function serviceFact(
  host: string,
  said: PhaseService,
  { serviceName, recognise = (known) => known }: ServiceKnowledge,
  at: string,
): Unnumbered<ServiceFact> {
  const { isUntried: _, protocol, port, name, ...rest } = recognise(said);
  const guess = name === null ? serviceName(protocol, port) : undefined;
  return { type: 'service', host, protocol, port, name, ...(guess !== undefined && { guess }), ...rest, at };
}
