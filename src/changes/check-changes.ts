/**
 * The checks of two audits, side by side. What a policy makes of a port stands beside what the port was and is.
 *
 * @module
 */

import type { ChangeSide } from '../model/change-facts.ts';
import type { CheckFact } from '../model/fact.ts';
import type { PortState, Protocol } from '../model/verdict.ts';
import { lookOf, packLook, protocols, stateOf } from './look.ts';
import { type CheckNote, placeOf, type Snapshot } from './snapshot.ts';
import { type StateChange, stateChange } from './state-change.ts';

/** A port of a policy that changed. */
export interface CheckChange {
  readonly protocol: Protocol;
  readonly port: number;
  readonly change: StateChange;
  readonly before: CheckNote;
  readonly after: CheckNote;
  /** The port it was asked from, where the policy names one. */
  readonly sourcePort: number | undefined;
}

/** Takes a check; where several rules speak of a port the worst result counts. */
export function takeCheck(snapshot: Snapshot, check: CheckFact): void {
  const { protocol, port, sourcePort, found: state, reason, attempts = 0 } = check;
  const { host, name, result, expected, rule, line } = check;
  const notes = snapshot.notesOf(snapshot.hostOf(host));
  if (name !== undefined) notes.name ??= name;
  notes.checks ??= new Map();
  const place = checkPlaceOf(protocols.indexOf(protocol), port, sourcePort);
  const known = notes.checks.get(place);
  if (known !== undefined && weights[known.result] >= weights[result]) return;
  const look = packLook({ protocol, technique: undefined, state, reason, attempts });
  notes.checks.set(place, { look, result, expected, rule, line });
}

/** What changed of ports that both audits asked, and how many these are. */
export function compareChecks(
  before: ReadonlyMap<number, CheckNote> = none,
  after: ReadonlyMap<number, CheckNote> = none,
): { readonly changes: readonly CheckChange[]; readonly count: number } {
  const changes: CheckChange[] = [];
  let count = 0;
  for (const [place, now] of after) {
    const old = before.get(place);
    if (old === undefined) continue;
    count++;
    const change = stateChange(stateOf(old.look), stateOf(now.look));
    if (change === undefined) continue;
    changes.push({ ...placeAt(place), change, before: old, after: now });
  }
  return { changes, count };
}

/** The ports of an audit and their states, those asked from a single source port aside. */
export function* checkedPorts(
  checks: ReadonlyMap<number, CheckNote> = new Map(),
): Generator<{ readonly protocol: Protocol; readonly port: number; readonly state: PortState }> {
  for (const [place, { look }] of checks) {
    const { sourcePort, ...at } = placeAt(place);
    if (sourcePort === undefined) yield { ...at, state: lookOf(look).state };
  }
}

/** A check as one side of a change. */
export function checkSide(
  { look, result, expected, rule, line }: CheckNote,
  sourcePort: number | undefined,
): ChangeSide {
  const { state, reason, attempts } = lookOf(look);
  return {
    state,
    ...(reason !== undefined && { reason }),
    ...(attempts > 0 && { attempts }),
    ...(sourcePort !== undefined && { sourcePort }),
    result,
    expected,
    rule,
    line,
  };
}

function checkPlaceOf(protocol: number, port: number, sourcePort: number | undefined): number {
  return placeOf(protocol, port) + (sourcePort === undefined ? 0 : (sourcePort + 1) * portsOfAll);
}

function placeAt(place: number): Pick<CheckChange, 'protocol' | 'port' | 'sourcePort'> {
  const own = place % portsOfAll;
  const sourcePort = Math.floor(place / portsOfAll) - 1;
  return {
    protocol: protocols[own >>> 16] as Protocol,
    port: own & 65_535,
    sourcePort: sourcePort < 0 ? undefined : sourcePort,
  };
}

/** A failure counts more than a doubt, a doubt more than a pass. */
const weights = { pass: 1, inconclusive: 2, fail: 3 } as const satisfies Record<CheckFact['result'], number>;
/** Of four protocols. */
const portsOfAll = 4 * 65_536;
const none: ReadonlyMap<number, CheckNote> = new Map();
