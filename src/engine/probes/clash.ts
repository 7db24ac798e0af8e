/**
 * Which questions to one host cannot be put at the same time: their packets would be one conversation to the host and
 * to every filter on the way, or their answers would be taken for one another.
 *
 * @module
 */

import { badRequest, type PortolanError } from '../../base/errors.ts';
import { proofBitsOf } from '../../techniques/proof.ts';
import type { Technique } from '../../techniques/technique.ts';
import { transportNumber, transportOf } from '../questions/questions.ts';
import type { PayloadsFor } from './udp-writer.ts';
import type { Variant } from './variant.ts';

/** A question with its variant looked up. */
export interface Put {
  readonly technique: Technique;
  readonly port: number;
  readonly variant: Variant;
}

/** When two questions to one host must not both be asked: never, while the first is open, or ever. */
export type Clash = 'none' | 'while-open' | 'ever';

/** Judges two questions by what their answers bring back. */
export function clashOf(a: Put, b: Put, payloadsFor: PayloadsFor): Clash {
  const transport = transportOf(a.technique);
  // Echo requests and the like are told apart by identifier and sequence number, whatever else there is.
  if (transport !== transportOf(b.technique) || transport === transportNumber.icmp) return 'none';
  if (a.port !== b.port) return 'none';
  const hasPorts = transport !== transportNumber.ip;
  const from = a.variant.sourcePort;
  // Ports of the cookie's choice come from a block for each variant.
  if (hasPorts && (from < 0 || from !== b.variant.sourcePort)) return 'none';
  if (bitsOf(a, payloadsFor) === 0 || bitsOf(b, payloadsFor) === 0) return 'ever';
  return a.technique === b.technique && differInTtl(a.variant, b.variant) ? 'none' : 'while-open';
}

/** Why a question is not put. */
export function clashError({ technique, port, variant }: Put, clash: 'while-open' | 'ever'): PortolanError {
  const from = variant.sourcePort < 0 ? '' : ` from port ${variant.sourcePort}`;
  const what = `${technique.name} cannot ask port ${port}${from} in two ways`;
  return clash === 'ever'
    ? badRequest(`${what}: nothing in the answers would tell which is meant; wanted different source ports`)
    : badRequest(`${what} at the same time: wanted one after the other, or different source ports`);
}

function bitsOf({ technique, port, variant }: Put, payloadsFor: PayloadsFor): number {
  return proofBitsOf(technique, variant.data.length > 0 ? [] : payloadsFor(port));
}

/** The same packet with another TTL is the same to whoever it reaches: hops are asked so. */
function differInTtl(a: Variant, b: Variant): boolean {
  if (a.ttl === b.ttl) return false;
  const { ttl: _, ...restOfA } = a;
  const { ttl: __, ...restOfB } = b;
  return JSON.stringify(restOfA) === JSON.stringify(restOfB);
}
