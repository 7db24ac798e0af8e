/**
 * Whose word an answer is: the host's own (TCP, UDP, SCTP, echo, any protocol), or an ICMP error, which a filter, a
 * router or the host's kernel may have sent, and which nearly all of them send at a limited rate.
 *
 * @module
 */

import { fromTarget, observationKind as kind, type Observation } from '../../model/observation.ts';
import { type IcmpError, icmpErrors } from '../../model/reply.ts';
import { verdictCode } from '../../model/verdict.ts';
import { kernelRepeatsUs } from '../tables/rate-constants.ts';

/** Whether what was seen is an ICMP error; so is a refused connection of which the kernel knows that one refused it. */
export function isError(seen: Observation): boolean {
  return (
    seen.kind === kind.icmp ||
    seen.kind === kind.unreachable ||
    (seen.kind === kind.refused && seen.meaning >= 0)
  );
}

/**
 * Whether it is an error that may be about a ban or a rate instead of the port: one that says filtered, or that refused a
 * connection. Of a datagram a refusal is what a closed port says.
 */
export function mayBeAboutElse(seen: Observation): boolean {
  return isError(seen) && (isFiltered(seen.code) || seen.kind === kind.refused);
}

/** Whether the code of a verdict says open. */
export function isOpen(code: number): boolean {
  return code >> 8 === open;
}

/** Whether it says filtered. */
export function isFiltered(code: number): boolean {
  return code >> 8 === filtered;
}

const filtered = verdictCode('filtered', 'no-response') >> 8;
const open = verdictCode('open', 'syn-ack') >> 8;

/**
 * Whether an error says that somebody on the way finds no way to the host, now: a router that reboots or a link that
 * flaps says so of hosts that live.
 */
export function isNoRouteNow({ meaning, sender }: Observation): boolean {
  return sender !== fromTarget && routesChange[meaning] === true;
}

/** Whether such an error names a loop on the way: a short time to live meets that each time, of whoever is asked. */
export function isLoop({ meaning }: Observation): boolean {
  return meaning === loop;
}

const loop = icmpErrors.indexOf('time-exceeded');

/**
 * Whether what was seen so many microseconds after the question may be about a retransmission that a connection's kernel
 * made by itself: its age is then the kernel's patience, and no round trip (Karn's algorithm, RFC 6298, 3).
 */
export function mayAnswerRepetition(seen: Pick<Observation, 'kind'>, ageUs: number): boolean {
  return ofConnections.has(seen.kind) && ageUs >= kernelRepeatsUs;
}

const ofConnections: ReadonlySet<number> = new Set([kind.connected, kind.refused, kind.unreachable]);

const changing: ReadonlySet<IcmpError> = new Set([
  'net-unreach',
  'host-unreach',
  'no-route',
  'time-exceeded',
]);
/** By meaning. */
const routesChange = icmpErrors.map((error) => changing.has(error));
