/**
 * What was seen of a port by talking with it: for the record of the talk, and, of a UDP port that was silent before, in
 * place of that silence.
 *
 * @module
 */

import type { Opened } from '../../../dial/dial.ts';
import { type Address, addressBytes } from '../../../model/address.ts';
import {
  fromTarget,
  observationKind as kind,
  mostDataBytes,
  mostDatagramBytes,
  Observation,
} from '../../../model/observation.ts';
import { type IcmpError, icmpErrors } from '../../../model/reply.ts';
import type { Passed } from './conversation.ts';

/** The first connection, as what was seen of a question. */
export function lookOfConnection({ opened, heard }: Pick<Passed, 'opened' | 'heard'>): Observation {
  const seen = new Observation();
  seen.begin(kindOf(opened));
  seen.attempt = seen.attempts = 1;
  if (opened?.outcome === 'connected' || opened?.outcome === 'refused') seen.sender = fromTarget;
  if (opened?.outcome === 'connected') seen.data = heard.slice(0, mostDataBytes);
  return seen;
}

/** A look at a UDP port. `from` is who sent the ICMP error, where that was not the host. */
export interface DatagramLook {
  readonly seen: Observation;
  readonly from?: Uint8Array;
}

/** What came of datagrams. */
export function lookOfDatagrams(
  { opened, heard, rttUs, failed, said }: Passed,
  host: Address,
  nowUs: number,
): DatagramLook {
  const seen = new Observation();
  const error = icmpErrors.indexOf(failed?.outcome as IcmpError);
  const sender = failed?.sender;
  const isOwn = sender === undefined || Buffer.from(sender).equals(addressBytes(host));
  if (opened?.outcome !== 'connected') seen.begin(kind.local);
  else if (heard.length > 0) seen.begin(kind.udp);
  else if (error >= 0) seen.begin(kind.icmp);
  else seen.begin(failed === undefined ? kind.silence : kind.local);
  seen.attempts = said;
  seen.atUs = nowUs;
  if (seen.kind === kind.udp) {
    seen.data = heard.slice(0, mostDatagramBytes);
    seen.rttUs = rttUs;
  }
  if (seen.kind === kind.icmp) seen.meaning = error;
  if (seen.kind === kind.udp || seen.kind === kind.icmp) {
    seen.attempt = said;
    seen.sender = fromTarget;
  }
  return { seen, ...(seen.kind === kind.icmp && !isOwn && { from: sender }) };
}

function kindOf(opened: Opened | undefined): number {
  const outcome = opened?.outcome;
  if (outcome === 'connected') return kind.connected;
  if (outcome === 'refused') return kind.refused;
  // Nothing was tried where the time was over before.
  const isOwn = outcome === undefined || outcome === 'local' || outcome === 'dropped';
  return isOwn ? kind.local : kind.silence;
}
