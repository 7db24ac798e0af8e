/**
 * What is asked of a server besides, once its protocol is proven: each on a connection of its own, in plain text or inside
 * TLS as it was proven.
 *
 * @module
 */

import type { Asked, Facts, Further, Protocol } from './contract.ts';
import { type Steps, waits } from './moves.ts';
import type { Proof } from './service.ts';

/** A proof of what stands on a connection. */
export type TcpProof = Proof & { readonly protocol: Protocol };

/** Asks all that the intensity bears; what was read is put to what is known. */
export function* askFurther(
  proof: TcpProof,
  asked: Asked,
  intensity: number,
  isInside: boolean,
): Steps<TcpProof> {
  const { protocol, parsed } = proof;
  let facts = parsed.facts;
  for (const further of protocol.further?.(facts, asked) ?? []) {
    if (further.cost > intensity) continue;
    if (isInside ? further.isPlain === true : further.alpn !== undefined) continue;
    const heard = yield* ask(further, asked, isInside);
    if (heard === 'over') break;
    facts = together(facts, further.read(heard) ?? {});
  }
  return { ...proof, parsed: { ...parsed, facts } };
}

function* ask(
  { name, alpn, bytes, isWhole, mostBytes }: Further,
  asked: Asked,
  isInside: boolean,
): Steps<Uint8Array | 'over'> {
  const opened = yield { does: 'open' };
  if (opened.was !== 'opened') return 'over';
  const waitMs = waits.furtherMs + roundTrips * opened.rttMs;
  if (isInside) {
    const secured = yield { does: 'secure', alpn: alpn === undefined ? [] : [alpn], isNamed: true, waitMs };
    if (secured.was !== 'secured') return secured.was === 'over' ? 'over' : nothing;
    if (alpn !== undefined && secured.alpn !== alpn) return nothing;
  }
  const outcome = yield {
    does: 'say',
    word: name,
    bytes: bytes(asked),
    waitMs,
    isEnough: isWhole,
    ...(mostBytes !== undefined && { mostBytes }),
  };
  return outcome.was === 'heard' ? outcome.bytes : 'over';
}

function together(known: Facts, found: Facts): Facts {
  const facts: Record<string, string | readonly string[]> = { ...known };
  for (const [name, fact] of Object.entries(found)) {
    const before = facts[name];
    if (before === undefined) facts[name] = fact;
    else if (Array.isArray(before) && Array.isArray(fact)) facts[name] = [...new Set([...before, ...fact])];
  }
  return facts;
}

const nothing = new Uint8Array(0);
/** There and back for TLS and for words, and once more for what is lost. */
const roundTrips = 4;
