/**
 * What shows of the systems of hosts while records come, and the facts that follow when all of it is known.
 *
 * @module
 */

import type { Reset } from '../../detect/system/behaviour.ts';
import { claimOf, type SystemClaim } from '../../detect/system/claims.ts';
import { concludeSystems } from '../../detect/system/conclude.ts';
import type { SeenBehaviour } from '../../detect/system/share-out.ts';
import type { SynAckFeatures } from '../../detect/system/syn-ack.ts';
import type { Unnumbered } from '../../model/fact.ts';
import { fromTarget, type Observation, observationKind } from '../../model/observation.ts';
import type { OsFact } from '../../model/os-fact.ts';
import type { SystemVariantName } from '../../plan/system-variants.ts';
import type { Numbering } from './numbering.ts';
import type { ProbeRecord } from './probe-record.ts';
import type { PhaseService } from './service-record.ts';

/** What is known of the systems of one host. */
export class SystemNotes {
  readonly #family: 4 | 6;
  readonly #looks: KeptLook[] = [];
  readonly #claims: SystemClaim[] = [];
  #behaviour: Noted | undefined;
  /** When something was learnt last. */
  #at = '';

  constructor(host: string) {
    this.#family = host.includes(':') ? 6 : 4;
  }

  /** A port has answered with a SYN-ACK, of these features; undefined: of one too many. */
  look(port: number, seen: Observation, numbering: Numbering, at: string): SynAckFeatures | undefined {
    this.#at = at;
    const look = this.#lookOf(seen, numbering);
    if (look === undefined) return undefined;
    look.count++;
    if (look.ports.length < mostPorts && !(look.ports.length < fewPorts && look.ports.includes(port)))
      look.ports.push(port);
    return look.features;
  }

  /** It was asked more, and showed this. */
  probe({ technique, port, variant, atMs, seen }: ProbeRecord, numbering: Numbering, at: string): void {
    this.#at = at;
    this.#behaviour ??= { clock: [], ids: [], resets: [], hasOpen: false };
    const noted = this.#behaviour;
    const { kind, flags, timestamp, ipId, ttl, window, dontFragment, sender } = seen;
    if (isSynAck(seen)) {
      noted.hasOpen = true;
      if (variant === bare) noted.bare = { window, ttl };
      else if (variant === notified) noted.ecn = { isAccepted: (flags & ecnEcho) !== 0, ttl };
      else {
        const by = this.look(port, seen, numbering, at);
        if (by === undefined) return;
        if (timestamp > 0 && noted.clock.length < mostNoted) noted.clock.push({ value: timestamp, atMs, by });
        if (ipId >= 0 && noted.ids.length < mostNoted) noted.ids.push({ id: ipId, by });
      }
    } else if (kind === observationKind.tcp && (flags & reset) !== 0) {
      if (noted.resets.length < mostNoted)
        noted.resets.push({ ttl, window, ...(this.#family === 4 && { dontFragment: dontFragment === 1 }) });
    } else if (technique === 'udp' && kind === observationKind.icmp && sender === fromTarget) {
      noted.refusalTtl = ttl;
    }
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
    const behaviour = this.#behaviour;
    const evidence = {
      ...place,
      looks: this.#looks,
      claims: this.#claims,
      ...(behaviour !== undefined && { behaviour }),
    };
    return concludeSystems(evidence).map((system) => ({ type: 'os', host, ...system, at: this.#at }));
  }

  #lookOf(seen: Observation, numbering: Numbering): KeptLook | undefined {
    for (const look of this.#looks) if (isLike(look, seen, numbering)) return look;
    const features = featuresOf(seen, this.#family, numbering);
    // Another shard, or another run of the scan, has other numbers for the same options.
    const text = JSON.stringify(features);
    const same = this.#looks.find((one) => JSON.stringify(one.features) === text);
    if (same !== undefined || this.#looks.length >= mostLooks) return same;
    const look = {
      features,
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

/** What was seen of it when it was asked more. */
interface Noted {
  readonly clock: SeenBehaviour['clock'][number][];
  readonly ids: SeenBehaviour['ids'][number][];
  readonly resets: Reset[];
  bare?: NonNullable<SeenBehaviour['bare']>;
  ecn?: NonNullable<SeenBehaviour['ecn']>;
  refusalTtl?: number;
  hasOpen: boolean;
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
const reset = 0x04;
const ecnEcho = 0x40;
const bare: SystemVariantName = 'mss only';
const notified: SystemVariantName = 'ecn';
const mostNoted = 16;
/** Few enough to look through. */
const fewPorts = 64;
/** Somebody who forges answers must not fill the memory. */
const mostLooks = 16;
const mostPorts = 1024;
const mostClaims = 32;
