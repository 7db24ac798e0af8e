/**
 * What the texts of a plan hold, worked out once for each plan. Whoever asks has a plan that was built here or checked
 * (`check-plan.ts`), so texts that hold nothing are a fault.
 *
 * @module
 */

import { keyOf, RangeSet } from '../base/range-set.ts';
import { parseRanges } from '../model/ranges.ts';
import type { PortTechniqueName } from '../model/technique-name.ts';
import { techniqueOf } from '../techniques/index.ts';
import type { PortLists } from './parse-ports.ts';
import type { Plan, PlannedPackets, PortSelection, TargetGroup } from './plan.ts';

/** Spares whoever reads the addresses of a group working them out from its text. */
export function rememberTargets(group: TargetGroup, targets: RangeSet): TargetGroup {
  sets.set(group, targets);
  return group;
}

/** Spares whoever reads the ports of a selection working them out from its text. */
export function rememberPorts(selection: PortSelection, ports: PortLists): PortSelection {
  lists.set(selection, { ...ports });
  return selection;
}

/** The addresses of a group. */
export function targetsOf(group: TargetGroup): RangeSet {
  return remembered(group, group.targets);
}

/** Everything that must not be sent to. */
export function excludedOf(plan: Plan): RangeSet {
  return remembered(plan, plan.excluded);
}

/** Everything beyond which nothing may be sent to, where the plan has a scope. */
export function scopeOf({ scope }: Plan): RangeSet | undefined {
  return scope === undefined ? undefined : read(scope);
}

/** Everything that may be sent to: targets less exclusions, within the scope. */
export function allowedOf(plan: Plan): RangeSet {
  const scope = scopeOf(plan);
  const targets = RangeSet.union(plan.groups.map(targetsOf)).minus(excludedOf(plan));
  return scope === undefined ? targets : targets.minus(targets.minus(scope));
}

/** Whether everything that may be sent to is on the loopback, where nobody has a hardware address. */
export function staysOnLoopback(plan: Plan): boolean {
  return allowedOf(plan).minus(loopback).size === 0n;
}

/** The ports of one transport, ascending; nobody changes them. */
export function portsOf(selection: PortSelection, transport: keyof PortSelection): Uint16Array {
  let all = lists.get(selection);
  if (all === undefined) {
    all = {};
    lists.set(selection, all);
  }
  all[transport] ??= portsIn(selection[transport]);
  return all[transport];
}

function portsIn(text: string): Uint16Array {
  if (text === '') return new Uint16Array(0);
  let count = 0;
  for (const part of text.split(',')) {
    const dash = part.indexOf('-');
    const last = Number(part.slice(dash + 1));
    for (let port = dash < 0 ? last : Number(part.slice(0, dash)); port <= last; port++)
      scratch[count++] = port;
  }
  return scratch.slice(0, count);
}

/** The ports that a technique asks of those. */
export function portsAsked(selection: PortSelection, technique: PortTechniqueName): Uint16Array {
  const { about } = techniqueOf(technique);
  return about === 'host' ? new Uint16Array(0) : portsOf(selection, about);
}

/** The bytes that every probe carries, and the options of its IPv4 header. */
export function bytesOf({ data, ipOptions }: PlannedPackets): {
  readonly data: Uint8Array | undefined;
  readonly ipOptions: Uint8Array | undefined;
} {
  return { data: fromHex(data), ipOptions: fromHex(ipOptions) };
}

function fromHex(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : Uint8Array.from(Buffer.from(text, 'hex'));
}

function remembered(owner: object, text: string): RangeSet {
  let set = sets.get(owner);
  if (set === undefined) {
    set = read(text);
    sets.set(owner, set);
  }
  return set;
}

function read(text: string): RangeSet {
  const set = parseRanges(text);
  if (set === undefined) throw new Error('a plan holds addresses that cannot be read');
  return set;
}

/** Plans and groups are never changed, so what their texts hold does not either. */
const sets = new WeakMap<object, RangeSet>();
const lists = new WeakMap<PortSelection, Partial<Record<keyof PortSelection, Uint16Array>>>();
/** 127.0.0.0/8 and ::1. */
const loopback = RangeSet.of([
  { first: keyOf(4, 0x7f00_0000n), last: keyOf(4, 0x7fff_ffffn) },
  { first: keyOf(6, 1n), last: keyOf(6, 1n) },
]);
/** As many as there can be. */
const scratch = new Uint16Array(65_536);
