/**
 * A real connection to a port, from a port of this machine's that is chosen: what proves that a filter lets one through.
 *
 * @module
 */

import type { Dial, Opened } from '../../../dial/dial.ts';
import {
  fromTarget,
  observationKind as kind,
  mostDataBytes,
  Observation,
  troubles,
} from '../../../model/observation.ts';
import { type IcmpError, icmpErrors } from '../../../model/reply.ts';
import { errnos } from '../../../system/errnos.ts';
import type { PhaseHost } from '../phase.ts';

/** Connects, hears what the service says by itself, and resets: what is left of it here would keep the port. */
export async function connectFrom(
  { address, scopeId }: PhaseHost,
  port: number,
  sourcePort: number | undefined,
  dial: Dial,
): Promise<Observation> {
  const opened = await dial.open({
    host: address,
    scopeId,
    port,
    transport: 'tcp',
    timeoutUs: openingUs,
    ...(sourcePort !== undefined && { sourcePort }),
  });
  if (opened.outcome !== 'connected') return failed(opened);
  const { dialogue } = opened;
  const seen = new Observation();
  seen.begin(kind.connected);
  seen.sender = fromTarget;
  seen.attempt = seen.attempts = 1;
  const read = await dialogue.read(mostDataBytes, dialogue.begunUs + greetingUs);
  if (read.kind === 'bytes') seen.data = read.bytes.slice();
  dialogue.close('reset');
  return seen;
}

function failed({ outcome, errno }: Exclude<Opened, { readonly outcome: 'connected' }>): Observation {
  const seen = new Observation();
  const error = icmpErrors.indexOf(outcome as IcmpError);
  if (outcome === 'refused') seen.begin(kind.refused);
  else if (outcome === 'timeout') seen.begin(kind.silence);
  else if (error >= 0) seen.begin(kind.unreachable);
  else seen.begin(kind.local);
  if (error >= 0) seen.meaning = error;
  // A connection of another program's own has the port, and this host at its other end.
  const isTaken = errno === errnos.EADDRINUSE || errno === errnos.EADDRNOTAVAIL;
  if (seen.kind === kind.local)
    seen.trouble = troubles.indexOf(outcome === 'local' && isTaken ? 'port-in-use' : 'local-error');
  if (outcome === 'refused') seen.sender = fromTarget;
  seen.attempts = 1;
  return seen;
}

/** A kernel sends its SYN again after one and after three seconds. */
const openingUs = 4_000_000;
/** Services that speak first do so at once. */
const greetingUs = 1_500_000;
