/**
 * The finding `filter-location`: where probes stop.
 *
 * @module
 */

import type { FirewallFinding } from './contract.ts';
import { shortRanges } from './port-list.ts';
import type { Stop, StopPart, StoppedClass } from './stopped.ts';
import type { WayChanges } from './way-changes.ts';

/** One finding for each place where classes end that a filter stops. */
export function findingsOf(
  classes: readonly StoppedClass[],
  stops: readonly (Stop | undefined)[],
  distance: number | undefined,
  changes: WayChanges,
): readonly FirewallFinding[] {
  const places = new Map<string, Ended[]>();
  for (const [i, target] of classes.entries()) {
    const stop = stops[i];
    if (stop === undefined || !isFiltered(target, stop)) continue;
    for (const part of stop.parts ?? [{ stop }]) {
      const place = placeOf(part.stop);
      places.set(place, [...(places.get(place) ?? []), { target, ...part }]);
    }
  }
  return [...places].map(([place, found], i) => {
    // What is changed on the way is told once.
    const changed = i === 0 ? changes : noChanges;
    const subjects = [...new Set(found.map(subjectOf))].join(' and ');
    // Where nothing stops probes, it is their answers that do not come back.
    const unless = found.every(({ stop }) => stop.mayArrive)
      ? ', unless the resets of the host are stopped on their way back'
      : '';
    const isBefore = distance !== undefined && found.every(({ stop }) => stop.isHost !== true);
    const host = isBefore ? `; the host is at hop ${distance}` : '';
    return {
      rule: 'filter-location',
      severity: 'info',
      claim: `${subjects} end ${place}${host}${unless}`,
      confidence: Math.min(...found.map(({ stop }) => stop.confidence)),
      evidence: [...new Set(found.flatMap(({ stop }) => stop.evidence)), ...changed.evidence],
      refutedBy: 'a time-exceeded error for one of these ports from a hop behind it',
      cites: [...new Set([...found.flatMap(({ stop }) => stop.cites), ...changed.cites])].sort(
        (a, b) => a - b,
      ),
    };
  });
}

/** A class, or those of its ports that end at one of several places. */
interface Ended extends Partial<Pick<StopPart, 'ports'>> {
  readonly target: StoppedClass;
  readonly stop: Stop;
}

const noChanges: WayChanges = { evidence: [], cites: [] };

/** Whether it is a filter that stops them: a host resets its closed ports itself, and refuses its closed UDP ports. */
function isFiltered({ protocol, seen }: StoppedClass, { isHost }: Stop): boolean {
  if (seen.answer === 'silence') return true;
  if (seen.answer === 'tcp') return isHost === false;
  return isHost === false || protocol === 'tcp' || seen.meaning !== 'port-unreach';
}

function subjectOf({ target: { protocol, seen }, ports }: Ended): string {
  const to = ports === undefined ? '' : ` to ${shortRanges(ports, 4)}`;
  const probes = `${protocol.toUpperCase()} probes${to}`;
  if (seen.answer === 'silence') return `${probes} that are dropped`;
  return seen.answer === 'tcp' ? `${probes} that are reset` : `${probes} that are refused (${seen.meaning})`;
}

/** The place in words. */
function placeOf({ hop, hopRange, by, isHost, isDivided, isOpenEnded }: Stop): string {
  const who = by === null ? '' : ` (${by})`;
  if (hop !== null) return isHost === true ? `at the host itself, hop ${hop}` : `at hop ${hop}${who}`;
  const [low, high] = hopRange ?? [1, 1];
  if (isDivided) return `at different places between hop ${low} and hop ${high}`;
  if (isOpenEnded) return `at hop ${low} or behind it; nothing shows how far the host is`;
  if (high - low === 1) return `in the forwarding of hop ${low} or right behind it`;
  return `between hop ${low} and hop ${high}`;
}
