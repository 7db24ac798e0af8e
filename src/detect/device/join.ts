/**
 * One device of all that is known of it. What it is called, what it is and who made it is told with a source or not at
 * all: where sources contradict each other and none weighs more, it stays open.
 *
 * @module
 */

import {
  type DeviceDetail,
  type DeviceFact,
  type DeviceKind,
  deviceKinds,
  deviceSources,
} from '../../model/device-fact.ts';
import type { DeviceClaim } from './contract.ts';
import { withoutMaker } from './words.ts';

/** What is told of a device, but for where and when. */
export type JoinedDevice = Omit<DeviceFact, 'type' | 'n' | 'host' | 'sameAs' | 'at'>;

/** What the scan knows besides what the device was asked. */
export interface KnownBeside {
  /** The maker of its network card. */
  readonly vendor?: string;
  /** Its name in DNS. */
  readonly reverseName?: string;
  /** Finds the maker of a hardware address, as text. */
  readonly vendorOf?: (mac: string) => string | undefined;
}

/** Joins it; undefined where nothing is known but addresses and the name that others gave them. */
export function joinDevice(
  claims: readonly DeviceClaim[],
  { vendor: maker, reverseName, vendorOf }: KnownBeside,
): JoinedDevice | undefined {
  const own: readonly DeviceClaim[] = [
    ...claims,
    ...claims.flatMap((claim) => makerOfCard(claim, vendorOf)),
    ...(maker === undefined
      ? []
      : [{ field: 'vendor', value: maker, source: 'mac', measured: true } as const]),
  ];
  if (own.length === 0) return undefined;
  const beside: readonly DeviceClaim[] =
    reverseName === undefined ? [] : [{ field: 'name', value: reverseName, source: 'rdns', measured: false }];
  const all = distinct([...own, ...beside]).sort(bySource);
  const names = all.filter(({ field }) => field === 'name');
  const vendor = firstOf(all, 'vendor');
  const model = firstOf(all, 'model');
  return {
    name: names.find(isMeasured)?.value ?? names[0]?.value ?? null,
    names: names.map(({ value, source }) => ({ name: value, source })),
    kind: kindAmong(all) ?? null,
    vendor: vendor?.value ?? null,
    model: model === undefined ? null : withoutMaker(model.value, vendor?.value),
    facts: all.slice(0, mostFacts).map(detailOf),
    sources: deviceSources.filter((source) => all.some((claim) => claim.source === source)),
  };
}

/** The kind that weighs most; of several that weigh alike the one that says more, if one does. */
function kindAmong(claims: readonly DeviceClaim[]): DeviceKind | undefined {
  const kinds = claims.filter(isMeasured).filter(({ field }) => field === 'kind');
  const most = Math.max(...kinds.map(({ weight = 2 }) => weight));
  const heaviest = [...new Set(kinds.filter(({ weight = 2 }) => weight === most).map(({ value }) => value))];
  const special = heaviest.filter((one) =>
    heaviest.every((other) => other === one || saysMore[one]?.includes(other)),
  );
  return deviceKinds.find((kind) => special.length === 1 && kind === special[0]);
}

/** Who made the card whose address a device tells: of a host behind a router nothing else does. */
function makerOfCard(
  { field, value, source }: DeviceClaim,
  vendorOf: KnownBeside['vendorOf'],
): readonly DeviceClaim[] {
  const maker = field === 'mac' ? vendorOf?.(value) : undefined;
  return maker === undefined ? [] : [{ field: 'cardVendor', value: maker, source, measured: true }];
}

/** What the device says itself comes first, then who made its card. */
function firstOf(claims: readonly DeviceClaim[], field: 'vendor' | 'model'): DeviceClaim | undefined {
  const found = claims.filter((claim) => claim.field === field);
  return (
    found.find(isMeasured) ??
    found[0] ??
    (field === 'vendor' ? claims.find((claim) => claim.field === 'cardVendor') : undefined)
  );
}

function distinct(claims: readonly DeviceClaim[]): DeviceClaim[] {
  const found = new Map<string, DeviceClaim>();
  for (const claim of claims) {
    const key = `${claim.field} ${claim.source} ${claim.value}`;
    const before = found.get(key);
    if (before === undefined || (claim.weight ?? 2) > (before.weight ?? 2)) found.set(key, claim);
  }
  return [...found.values()];
}

function bySource(a: DeviceClaim, b: DeviceClaim): number {
  const rank = ({ source, field }: DeviceClaim) => deviceSources.indexOf(source) * 100 + orderOf(field);
  const difference = rank(a) - rank(b);
  return difference !== 0 ? difference : a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

function orderOf(field: string): number {
  const at = order.indexOf(field);
  return at < 0 ? order.length : at;
}

function isMeasured({ measured }: DeviceDetail): boolean {
  return measured;
}

function detailOf({ field, value, source, measured }: DeviceClaim): DeviceDetail {
  return { field, value, source, measured };
}

const order: readonly string[] = ['name', 'kind', 'vendor', 'model', 'version', 'serial', 'description'];
/** A kind that is the other as well, and something more. */
const saysMore: Readonly<Record<string, readonly string[]>> = {
  firewall: ['router', 'server'],
  router: ['switch', 'server'],
  switch: ['server'],
  nas: ['server', 'media'],
  hypervisor: ['server'],
  tv: ['media'],
  camera: ['iot'],
  printer: ['server'],
} satisfies Partial<Record<DeviceKind, readonly DeviceKind[]>>;
/** One device may announce any number of services. */
const mostFacts = 64;
