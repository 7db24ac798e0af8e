/**
 * What changed of a host besides its ports' states: services, certificates, system, device, names, the filter's policy.
 *
 * @module
 */

import type { ChangeKind, ChangeSide } from '../model/change-facts.ts';
import type { Protocol } from '../model/verdict.ts';
import { protocols } from './look.ts';
import type { FindingNote, HostNotes, PolicyNote, ServiceNote } from './snapshot.ts';

/** A change of a host, before it is told. */
export interface Detail {
  readonly change: ChangeKind;
  readonly protocol?: Protocol;
  readonly port?: number;
  readonly before: ChangeSide | null;
  readonly after: ChangeSide | null;
  readonly certain: boolean;
}

/** Services by their places. */
export type Services = ReadonlyMap<number, readonly ServiceNote[]>;

/** Both sides of a host that was there both times; what one of them did not ask is no change. */
export function* detailChanges(
  before: HostNotes,
  after: HostNotes,
  services: readonly [before: Services, after: Services],
  bothLookedAtFilter: boolean,
): Generator<Detail> {
  yield* serviceChanges(...services);
  yield* certificateChanges(before, after);
  yield* osChanges(before, after);
  yield* deviceChanges(before, after);
  yield* nameChanges(before, after);
  yield* policyChanges(before.policies ?? [], after.policies ?? []);
  yield* findingChanges(before.findings ?? [], after.findings ?? [], bothLookedAtFilter);
}

function* serviceChanges(before: Services, after: Services): Generator<Detail> {
  for (const [place, now] of ascending(after)) {
    const old = before.get(place);
    if (old === undefined) continue;
    // Behind one port may stand several.
    if (now.some((one) => old.some((other) => isSameService(one, other)))) continue;
    const [was, is] = [surest(old), surest(now)];
    // Not understood is not gone.
    if (was.name === null || is.name === null) continue;
    const isTold = was.name !== is.name || (was.product !== undefined && is.product !== undefined);
    yield {
      change: 'service',
      ...at(place),
      before: serviceSide(was),
      after: serviceSide(is),
      certain: isTold && Math.min(was.confidence, is.confidence) >= sureConfidence,
    };
  }
}

/** Whether two services are told in the same words. */
export function isSameService(one: ServiceNote, other: ServiceNote): boolean {
  const { name, product, version, info, tls } = one;
  return (
    name === other.name &&
    product === other.product &&
    version === other.version &&
    info === other.info &&
    tls === other.tls
  );
}

function surest([first, ...more]: readonly ServiceNote[]): ServiceNote {
  return more.reduce((best, one) => (one.confidence > best.confidence ? one : best), first as ServiceNote);
}

function serviceSide({ name, product, version, info, tls }: ServiceNote): ChangeSide {
  return {
    service: name,
    ...(product !== undefined && { product }),
    ...(version !== undefined && { version }),
    ...(info !== undefined && { info }),
    ...(tls && { tls }),
  };
}

function* certificateChanges(before: HostNotes, after: HostNotes): Generator<Detail> {
  for (const [place, now] of ascending(after.certificates)) {
    const old = before.certificates?.get(place);
    if (old === undefined || old.fingerprint === now.fingerprint) continue;
    yield { change: 'certificate', ...at(place), before: { ...old }, after: { ...now }, certain: true };
  }
}

function* osChanges({ os: old }: HostNotes, { os: now }: HostNotes): Generator<Detail> {
  if (old === undefined || now === undefined) return;
  if (now.names.some((name) => old.names.includes(name))) return;
  const isOther = !now.families.some((family) => old.families.includes(family));
  yield {
    change: 'os',
    before: { system: old.names[0], accuracy: old.accuracy },
    after: { system: now.names[0], accuracy: now.accuracy },
    certain: isOther && Math.min(old.accuracy, now.accuracy) >= sureAccuracy,
  };
}

function* deviceChanges({ device: old }: HostNotes, { device: now }: HostNotes): Generator<Detail> {
  if (old === undefined || now === undefined) return;
  const both = Object.keys(now).filter((field) => field in old);
  if (both.every((field) => old[field] === now[field])) return;
  yield { change: 'device', before: { ...old }, after: { ...now }, certain: true };
}

function* nameChanges({ names: old, mac: oldMac }: HostNotes, after: HostNotes): Generator<Detail> {
  const { names: now, mac } = after;
  if (old !== undefined && now !== undefined && old.join() !== now.join())
    yield { change: 'name', before: { names: old }, after: { names: now }, certain: true };
  // The same address, another card: another device has it.
  if (oldMac !== undefined && mac !== undefined && oldMac !== mac)
    yield { change: 'device', before: { mac: oldMac }, after: { mac }, certain: true };
}

function* policyChanges(before: readonly PolicyNote[], after: readonly PolicyNote[]): Generator<Detail> {
  for (const now of after) {
    for (const old of before) {
      const [first, last] = [Math.max(now.first, old.first), Math.min(now.last, old.last)];
      if (old.protocol !== now.protocol || first > last || isSamePolicy(old, now)) continue;
      const ports = first === last ? `${first}` : `${first}-${last}`;
      yield {
        change: 'policy',
        protocol: now.protocol,
        ...(first === last && { port: first }),
        before: policySide(old, ports),
        after: policySide(now, ports),
        certain: Math.min(old.confidence, now.confidence) >= surePolicy,
      };
    }
  }
}

/** What looks the same from here may be the same. */
function isSamePolicy(old: PolicyNote, now: PolicyNote): boolean {
  if (old.action === 'unknown' || now.action === 'unknown') return true;
  if (old.alternatives.includes(now.action) || now.alternatives.includes(old.action)) return true;
  const isExposed = old.exposure !== null && now.exposure !== null && old.exposure !== now.exposure;
  return old.action === now.action && !isExposed;
}

function policySide({ action, exposure }: PolicyNote, ports: string): ChangeSide {
  return { range: ports, action, ...(exposure !== null && { exposure }) };
}

/** A rule tells once of a host; the figures in what it claims differ from scan to scan. */
function* findingChanges(
  before: readonly FindingNote[],
  after: readonly FindingNote[],
  bothLooked: boolean,
): Generator<Detail> {
  if (!bothLooked) return;
  const rules = new Set([...before, ...after].map(({ rule }) => rule));
  for (const rule of [...rules].filter((one) => !ofTheScan.has(one))) {
    const [old, now] = [before, after].map((all) => all.find((one) => one.rule === rule));
    if (old !== undefined && now !== undefined) continue;
    yield {
      change: 'finding',
      before: old === undefined ? null : { ...old },
      after: now === undefined ? null : { ...now },
      certain: ((old ?? now)?.confidence ?? 0) >= surePolicy,
    };
  }
}

function ascending<Value>(
  map: ReadonlyMap<number, Value> | undefined,
): readonly (readonly [number, Value])[] {
  return map === undefined ? [] : [...map].sort(([a], [b]) => a - b);
}

function at(place: number): Pick<Detail, 'protocol' | 'port'> {
  return { protocol: protocols[place >>> 16] as Protocol, port: place & 65_535 };
}

/** What a scan says of itself is no news of the network. */
const ofTheScan: ReadonlySet<string> = new Set(['scan-blocked']);
const sureConfidence = 7;
const sureAccuracy = 90;
const surePolicy = 0.9;
