/**
 * What is asked of a server once its protocol is known: what tells more on the same connection, TLS where it can be begun
 * on it, and what costs a connection of its own.
 *
 * @module
 */

import { joined } from '../../wire/bytes.ts';
import { type Found, identify } from './candidates.ts';
import type { Protocol } from './contract.ts';
import { askFurther, type TcpProof } from './further.ts';
import type { Heard } from './heard.ts';
import { type Steps, waits } from './moves.ts';
import { provenService, type Secured, type Service } from './service.ts';
import type { Talk } from './talk.ts';

/** The service that a proof shows, with what only a connection of its own tells. */
export function* tell(talk: Talk, proof: TcpProof, secured?: Secured, isInside = false): Steps<Service> {
  const all = yield* askFurther(proof, talk.asked, talk.intensity, isInside);
  return provenService(all, secured, isInside);
}

/** A server that spoke first, in plain text or inside TLS. */
export function* greeted(
  talk: Talk,
  heard: Heard,
  expected: readonly Protocol[],
  secured?: Secured,
): Steps<Service | undefined> {
  const found = identify(heard.bytes, expected, true);
  const protocol =
    found?.protocol ?? expected.find(({ greeting, more }) => greeting === true && more !== undefined);
  const all = protocol === undefined ? heard : yield* sayMore(talk, protocol, heard);
  talk.note('greeting', all);
  const parsed = protocol?.parse(all.bytes) ?? found?.parsed;
  if (protocol === undefined || parsed === undefined || parsed.isSign === true) return undefined;
  const proof = { protocol, parsed };
  if (secured !== undefined) return yield* tell(talk, { ...proof, via: 'greeting' }, secured, true);
  return yield* goOn(talk, proof, 'greeting', all);
}

/** What a protocol tells when it is known, on the same connection: all that was heard, with what came before. */
export function* sayMore(talk: Talk, protocol: Protocol, heard: Heard): Steps<Heard> {
  let all = heard;
  for (let more = protocol.more; more !== undefined && more.cost <= talk.intensity; more = more.next) {
    if (all.end !== 'quiet') break;
    const before = all.bytes;
    const { isAnswered = protocol.isWhole } = more;
    const isEnough = (later: Uint8Array) => isAnswered?.(joined(before, later)) === true;
    const bytes = more.bytes(talk.asked, before);
    if (bytes.length === 0) break;
    const later = yield* talk.exchange({ does: 'say', bytes, waitMs: waits.moreMs, isEnough });
    all = { ...later, bytes: joined(before, later.bytes) };
    if (later.bytes.length === 0) break;
  }
  return all;
}

/** The service that is proven by all that was heard, and TLS where it can be begun on the same connection. */
export function* goOn(
  talk: Talk,
  { protocol, parsed: first }: Found<Protocol>,
  via: string,
  { bytes, end }: Heard,
): Steps<Service> {
  const parsed = protocol.parse(bytes) ?? first;
  const isFresh = protocol.starttls?.isFresh === true;
  const secured = isFresh || end === 'quiet' ? yield* startTls(talk, { protocol, parsed }) : undefined;
  const more = secured && protocol.starttls?.more;
  if (more === undefined || more.cost > talk.intensity)
    return yield* tell(talk, { protocol, parsed, via }, secured);
  const said = more.bytes(talk.asked, bytes);
  const inside = yield* talk.exchange({ does: 'say', bytes: said, waitMs: waits.moreMs });
  const told = protocol.parse(joined(bytes, inside.bytes)) ?? parsed;
  return yield* tell(talk, { protocol, parsed: told, via }, secured);
}

/** Begins TLS on a connection that has begun in plain text, or on one of its own. */
function* startTls(
  talk: Talk,
  { protocol: { starttls }, parsed: { facts } }: Found<Protocol>,
): Steps<Secured | undefined> {
  if (starttls === undefined || starttls.cost > talk.intensity) return undefined;
  if (!(starttls.isWorthAsking ?? starttls.isOffered)(facts)) return undefined;
  if (starttls.isFresh === true && !(yield* talk.open())) return undefined;
  if (starttls.bytes !== undefined) {
    const agreed = yield* talk.exchange({
      does: 'say',
      bytes: starttls.bytes,
      waitMs: starttls.isSilent ? 0 : waits.moreMs,
      isEnough: starttls.isAgreed,
    });
    if (!starttls.isAgreed(agreed.bytes) || agreed.end !== 'quiet') return undefined;
  }
  const outcome = yield { does: 'secure', alpn: [], isNamed: true, waitMs: waits.tlsMs };
  return outcome.was === 'secured' ? outcome : undefined;
}
