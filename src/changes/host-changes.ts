/**
 * Hosts that were there and are not, or were not and are.
 *
 * @module
 */

import type { ChangedPort } from '../model/change-facts.ts';
import { type PortState, portStates } from '../model/verdict.ts';
import { checkedPorts } from './check-changes.ts';
import { isSilent, lookOf, protocolOf, protocols, stateOf } from './look.ts';
import { placeOf, type Snapshot } from './snapshot.ts';

/** What a record says of a host's being there. */
export interface Attendance {
  readonly presence: 'up' | 'down' | 'unknown';
  /** It was down because nothing came back. */
  readonly isSilent: boolean;
}

/** Whether a host was there; a record that did not look does not know. */
export function attendanceOf(snapshot: Snapshot, name: string, host: number | undefined): Attendance {
  if (host !== undefined) {
    const presence = snapshot.presenceOf(host);
    if (presence !== 'unknown')
      return {
        presence,
        isSilent: presence === 'down' && (snapshot.reasonOf(host) ?? 'no-response') === 'no-response',
      };
    if (hasAnswered(snapshot, host)) return { presence: 'up', isSilent: false };
  }
  const { isTarget, isComplete, leavesOutSilent } = snapshot.about;
  const wasSilent = leavesOutSilent && isComplete && isTarget?.(name) === true;
  return { presence: wasSilent ? 'down' : 'unknown', isSilent: wasSilent };
}

/** The open ports of a host, ascending. */
export function openPorts(snapshot: Snapshot, host: number): readonly ChangedPort[] {
  const services = snapshot.servicesOf(host);
  const ports = new Map<number, ChangedPort>();
  for (const { first, last, look } of snapshot.entries.of(host)) {
    const { protocol, state } = lookOf(look);
    if (state !== openState) continue;
    for (let port = first; port <= last && ports.size < mostPorts; port++) {
      const place = placeOf(protocolOf(look), port);
      const name = services.get(place)?.[0]?.name ?? undefined;
      ports.set(place, { protocol, port, state, ...(name !== undefined && { service: name }) });
    }
  }
  for (const { protocol, port, state } of checkedPorts(snapshot.knownOf(host)?.checks)) {
    const place = placeOf(protocols.indexOf(protocol), port);
    if (state === openState && !ports.has(place)) ports.set(place, { protocol, port, state });
  }
  return [...ports].sort(([a], [b]) => a - b).map(([, port]) => port);
}

function hasAnswered({ entries }: Snapshot, host: number): boolean {
  for (let one = entries.last(host); one !== 0; one = entries.earlier(one)) {
    const [ports, look] = [entries.portsAt(one), entries.lookAt(one)];
    const isRange = ports >>> 16 <= (ports & 65_535);
    if (isRange && !isSilent(look) && stateOf(look) !== unknownState) return true;
  }
  return false;
}

const openState: PortState = 'open';
const unknownState = portStates.indexOf('unknown');
/** As many as one host has of one protocol. */
const mostPorts = 65_536;
