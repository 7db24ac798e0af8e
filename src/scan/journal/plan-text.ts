/**
 * A plan as text and back, whatever fields it has: what JSON has no form for is written as an object with the
 * one key `$type`.
 *
 * @module
 */

import { type Range, RangeSet } from '../../base/range-set.ts';
import { formatPorts, parsePortRanges } from '../../model/ports.ts';
import type { Plan } from '../../plan/plan.ts';

/** Writes a plan. */
export function planToText(plan: Plan): string {
  return JSON.stringify(pack(plan));
}

/** Reads a plan; undefined for text that holds none. */
export function planFromText(text: string): Plan | undefined {
  try {
    const plan = unpack(JSON.parse(text));
    return isPlan(plan) ? Object.freeze(plan) : undefined;
  } catch {
    return undefined;
  }
}

function pack(value: unknown): unknown {
  if (typeof value === 'bigint') return { $integer: `${value}` };
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: `${value}` };
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof RangeSet)
    return { $ranges: value.ranges.map(({ first, last }) => `${first}-${last}`) };
  if (value instanceof Map) return { $map: [...value].map((entry) => entry.map(pack)) };
  if (value instanceof Uint16Array) return { $portRanges: formatPorts(value) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(pack);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, pack(each)]));
}

function unpack(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(unpack);
  const entries = Object.entries(value as Readonly<Record<string, never>>);
  const [[key, packed] = ['', undefined]] = entries;
  const reader = entries.length === 1 && key.startsWith('$') ? readers[key] : undefined;
  if (reader !== undefined) return reader(packed as never);
  return Object.fromEntries(entries.map(([name, each]) => [name, unpack(each)]));
}

/** By mark; each throws on what it cannot read. */
const readers: Readonly<Record<string, (packed: never) => unknown>> = {
  $integer: (text: string) => BigInt(text),
  $number: (text: string) => Number(text),
  $ranges: (texts: readonly string[]) => RangeSet.of(texts.map(readRange)),
  $map: (entries: readonly unknown[][]) => new Map(entries.map(([k, v]) => [unpack(k), unpack(v)])),
  // As they were written before they became ranges.
  $ports: (numbers: readonly number[]) => Uint16Array.from(numbers),
  $portRanges: readPorts,
  $bytes: (text: string) => Uint8Array.from(Buffer.from(text, 'hex')),
};

function readRange(text: string): Range {
  const [first, last] = text.split('-').map(BigInt) as [bigint, bigint];
  if (!(first <= last)) throw new RangeError(text);
  return { first, last };
}

function readPorts(text: string): Uint16Array {
  if (!/^(\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*)?$/.test(text)) throw new RangeError(text);
  return Uint16Array.from(parsePortRanges(text));
}

/** The parts that everything else rests on; the checksum vouches for the others. */
function isPlan(value: unknown): value is Plan {
  const plan = value as Partial<Plan> | null;
  return (
    typeof plan === 'object' &&
    plan !== null &&
    (plan.goal === 'ports' || plan.goal === 'discover') &&
    Array.isArray(plan.groups) &&
    plan.groups.every(
      ({ targets, ports }) => targets instanceof RangeSet && ports?.tcp instanceof Uint16Array,
    ) &&
    plan.excluded instanceof RangeSet &&
    plan.askedAs instanceof Map &&
    plan.zones instanceof Map &&
    Array.isArray(plan.techniques) &&
    Array.isArray(plan.discovery) &&
    typeof plan.timing === 'object' &&
    typeof plan.packet === 'object' &&
    typeof plan.shard === 'object' &&
    typeof plan.seed === 'number' &&
    Array.isArray(plan.args)
  );
}
