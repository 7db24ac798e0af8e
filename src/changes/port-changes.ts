/**
 * The ports of a host in two records, side by side: stretch by stretch, as far as both looked.
 *
 * @module
 */

import { headlineOf } from '../model/headline.ts';
import { type PortState, type Reason, reasons } from '../model/verdict.ts';
import type { Stretch } from './entries.ts';
import { isAlike, kindOf, lookOf, protocolOf, stateOf } from './look.ts';
import { askedKey, type Snapshot } from './snapshot.ts';
import { type StateChange, stateChange } from './state-change.ts';

/** Ports of a host that changed alike. */
export interface PortChange {
  readonly protocol: number;
  readonly first: number;
  readonly last: number;
  readonly change: StateChange;
  /** The looks that decided. */
  readonly before: number;
  readonly after: number;
}

/** What came of the comparison. */
export interface ComparedPorts {
  readonly changes: readonly PortChange[];
  /** How many ports both looked at. */
  readonly count: number;
}

/** Compares the ports of a host. */
export function comparePorts(before: readonly Stretch[], after: readonly Stretch[]): ComparedPorts {
  const changes: PortChange[] = [];
  let count = 0;
  for (let protocol = 0; protocol < 4; protocol++) {
    const [one, other] = [ofProtocol(before, protocol), ofProtocol(after, protocol)];
    if (one.length > 0 && other.length > 0) count += compareLists(one, other, protocol, changes);
  }
  return { changes, count };
}

/** What a record says of a host's ports, what follows from its silence included. `host` is undefined where it has none. */
export function stretchesOf(snapshot: Snapshot, host: number | undefined): Stretch[] {
  const { about, entries } = snapshot;
  if (host === undefined) return [];
  const said = entries.of(host);
  const rest = said.filter(({ first, last }) => first > last);
  const isImplied = about.isComplete && (about.leavesOutSilent || snapshot.presenceOf(host) === 'up');
  const implied = isImplied ? [...about.implied.values()] : [];
  if (rest.length === 0 && implied.length === 0) return said;
  const all = said.filter(({ first, last }) => first <= last);
  const own = [...all];
  for (const look of [...rest.map((one) => one.look), ...implied])
    all.push(...others(own, about.asked.get(askedKey(look)) ?? [], look));
  return all;
}

/** The ports that were asked and not told. */
function others(told: readonly Stretch[], asked: readonly number[], look: number): Stretch[] {
  const taken = told.filter((one) => askedKey(one.look) === askedKey(look)).sort((a, b) => a.first - b.first);
  const left: Stretch[] = [];
  let at = 0;
  for (let i = 0; i < asked.length; i += 2) {
    let from = asked[i] as number;
    const to = asked[i + 1] as number;
    while (at < taken.length && (taken[at] as Stretch).last < from) at++;
    for (let j = at; j < taken.length && (taken[j] as Stretch).first <= to; j++) {
      const { first, last } = taken[j] as Stretch;
      if (first > from) left.push({ first: from, last: first - 1, look });
      from = Math.max(from, last + 1);
    }
    if (from <= to) left.push({ first: from, last: to, look });
  }
  return left;
}

function ofProtocol(stretches: readonly Stretch[], protocol: number): Stretch[] {
  const own = stretches.filter(({ look }) => protocolOf(look) === protocol);
  return own.sort((a, b) => a.first - b.first || a.last - b.last);
}

function compareLists(
  before: readonly Stretch[],
  after: readonly Stretch[],
  protocol: number,
  changes: PortChange[],
): number {
  const same = countIfSame(before, after);
  if (same >= 0) return same;
  const cuts = cutsOf(before, after);
  const [one, other] = [new Cover(before), new Cover(after)];
  let count = 0;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const first = cuts[i] as number;
    const last = (cuts[i + 1] as number) - 1;
    const judged = judge(one.at(first), other.at(first));
    if (judged === undefined) continue;
    count += last - first + 1;
    const change = stateChange(stateOf(judged.before), stateOf(judged.after));
    if (change !== undefined) changes.push({ protocol, first, last, change, ...judged });
  }
  return count;
}

/** How many ports lists hold that say the same; negative: they do not, or not so simply. */
function countIfSame(before: readonly Stretch[], after: readonly Stretch[]): number {
  if (before.length !== after.length) return -1;
  let count = 0;
  for (let i = 0; i < before.length; i++) {
    const [one, other] = [before[i] as Stretch, after[i] as Stretch];
    if (one.first !== other.first || one.last !== other.last || !isAlike(one.look, other.look)) return -1;
    // Several looks at one port are one port.
    if (i > 0 && one.first <= (before[i - 1] as Stretch).last) return -1;
    count += one.last - one.first + 1;
  }
  return count;
}

/** Every port at which a stretch begins, or which is the first behind one. */
function cutsOf(before: readonly Stretch[], after: readonly Stretch[]): Uint32Array {
  const cuts = new Uint32Array(2 * (before.length + after.length));
  let length = 0;
  for (const list of [before, after]) {
    for (const { first, last } of list) {
      cuts[length++] = first;
      cuts[length++] = last + 1;
    }
  }
  cuts.sort();
  let kept = 0;
  for (let i = 0; i < length; i++)
    if (i === 0 || cuts[i] !== cuts[kept - 1]) cuts[kept++] = cuts[i] as number;
  return cuts.subarray(0, kept);
}

/** The looks at one port after the other, ascending. */
class Cover {
  readonly #stretches: readonly Stretch[];
  #next = 0;
  #open: Stretch[] = [];

  constructor(stretches: readonly Stretch[]) {
    this.#stretches = stretches;
  }

  at(port: number): readonly Stretch[] {
    if (this.#open.some(({ last }) => last < port))
      this.#open = this.#open.filter(({ last }) => last >= port);
    for (; this.#next < this.#stretches.length; this.#next++) {
      const stretch = this.#stretches[this.#next] as Stretch;
      if (stretch.first > port) break;
      if (stretch.last >= port) this.#open.push(stretch);
    }
    return this.#open;
  }
}

/** The headline of either side, of the kinds of questions that both asked. */
function judge(
  before: readonly Stretch[],
  after: readonly Stretch[],
): { readonly before: number; readonly after: number } | undefined {
  if (before.length === 0 || after.length === 0) return undefined;
  if (before.length === 1 && after.length === 1) {
    const [one, other] = [(before[0] as Stretch).look, (after[0] as Stretch).look];
    return kindOf(one) === kindOf(other) ? { before: one, after: other } : undefined;
  }
  const isCommon = (looks: readonly Stretch[]) => (one: Stretch) =>
    looks.some(({ look }) => kindOf(look) === kindOf(one.look));
  const [first, ...more] = before.filter(isCommon(after));
  const [other, ...others] = after.filter(isCommon(before));
  if (first === undefined || other === undefined) return undefined;
  return { before: headline([first, ...more]), after: headline([other, ...others]) };
}

/** Techniques stand in the order of their numbers, which is that of their worth as a headline. */
function headline(looks: readonly [Stretch, ...Stretch[]]): number {
  const verdicts = looks
    .map(({ look }) => look)
    .sort((a, b) => kindOf(a) - kindOf(b))
    .map((look) => {
      const { state, reason = reasons[0] } = lookOf(look);
      return { state, reason, look };
    }) as [Judged, ...Judged[]];
  return headlineOf(verdicts).look;
}

interface Judged {
  readonly state: PortState;
  readonly reason: Reason;
  readonly look: number;
}
