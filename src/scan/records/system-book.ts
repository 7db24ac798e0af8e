/**
 * What shows of the systems of hosts while records come, and the facts that follow when all of it is known.
 *
 * @module
 */

import { claimOf, type SystemClaim } from '../../detect/system/claims.ts';
import { concludeSystems } from '../../detect/system/conclude.ts';
import type { SynAckFeatures } from '../../detect/system/syn-ack.ts';
import type { Unnumbered } from '../../model/fact.ts';
import { type Observation, observationKind } from '../../model/observation.ts';
import type { OsFact } from '../../model/os-fact.ts';
import type { Numbering } from './numbering.ts';
import type { PhaseService } from './service-record.ts';

/** What is known of the systems of one host. */
export class SystemNotes {
  readonly #family: 4 | 6;
  readonly #looks: KeptLook[] = [];
  readonly #claims: SystemClaim[] = [];
  /** When something was learnt last. */
  #at = '';

  constructor(host: string) {
    this.#family = host.includes(':') ? 6 : 4;
  }

  /** A port has answered with a SYN-ACK. */
  look(port: number, seen: Observation, numbering: Numbering, at: string): void {
    this.#at = at;
    const look = this.#lookOf(seen, numbering);
    if (look === undefined) return;
    look.count++;
    if (look.ports.length < mostPorts) look.ports.push(port);
  }

  /** A service was found out. */
  serve(service: PhaseService, at: string): void {
    this.#at = at;
    const claim = claimOf(service);
    if (claim !== undefined && this.#claims.length < mostClaims) this.#claims.push(claim);
  }

  /** The facts that follow. */
  facts(
    host: string,
    place: { readonly isNear: boolean; readonly isOwn: boolean },
  ): readonly Unnumbered<OsFact>[] {
    const evidence = { ...place, looks: this.#looks, claims: this.#claims };
    return concludeSystems(evidence).map((system) => ({ type: 'os', host, ...system, at: this.#at }));
  }

  #lookOf(seen: Observation, numbering: Numbering): KeptLook | undefined {
    for (const look of this.#looks) if (isLike(look, seen, numbering)) return look;
    if (this.#looks.length >= mostLooks) return undefined;
    const look = {
      features: featuresOf(seen, this.#family, numbering),
      optionsNumber: seen.options,
      numbering,
      ports: [],
      count: 0,
    };
    this.#looks.push(look);
    return look;
  }
}

/** Whether it is a SYN-ACK of whoever listens there. */
export function isSynAck({ kind, flags, isDoubtful }: Observation): boolean {
  return kind === observationKind.tcp && (flags & synAck) === synAck && isDoubtful === 0;
}

interface KeptLook {
  readonly features: SynAckFeatures;
  readonly optionsNumber: number;
  readonly numbering: Numbering;
  readonly ports: number[];
  count: number;
}

/** Options have one number in the records of a shard; in those of several they may have several. */
function isLike({ features, optionsNumber, numbering }: KeptLook, seen: Observation, of: Numbering): boolean {
  return (
    features.window === seen.window &&
    features.ttl === seen.ttl &&
    (features.dontFragment ?? false) === (seen.dontFragment === 1) &&
    optionsNumber === seen.options &&
    numbering === of
  );
}

function featuresOf(seen: Observation, family: 4 | 6, numbering: Numbering): SynAckFeatures {
  const words = seen.options === 0 ? undefined : numbering.optionsOf(seen.options);
  return {
    family,
    options: words?.text ?? '',
    ...(words?.mss !== undefined && { mss: words.mss }),
    ...(words?.windowScale !== undefined && { scale: words.windowScale }),
    window: seen.window,
    ttl: seen.ttl,
    ...(family === 4 && { dontFragment: seen.dontFragment === 1 }),
  };
}

const synAck = 0x12;
/** Somebody who forges answers must not fill the memory. */
const mostLooks = 16;
const mostPorts = 1024;
const mostClaims = 32;
