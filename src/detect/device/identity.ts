/**
 * By what two addresses are known to be one device: what no other device should have. What is common to both counts only
 * where nothing else tells them apart: machines made of one image share their keys, and have names of their own.
 *
 * @module
 */

import type { DeviceClaim } from './contract.ts';

/** The marks of a device, each as text that is the same only for the same mark. */
export function marksOf(claims: readonly DeviceClaim[]): readonly string[] {
  const marks = claims.filter(({ field, measured }) => measured && markFields.has(field));
  return [...new Set(marks.map(markOf))].slice(0, mostMarks);
}

/** Whether what is known of two addresses with a mark in common says that they are two devices. */
export function areTwo(a: readonly DeviceClaim[], b: readonly DeviceClaim[]): boolean {
  return telling.some(({ field, source }) => {
    const [these, those] = [a, b].map((claims) => valuesOf(claims, field, source));
    return (
      these !== undefined &&
      those !== undefined &&
      these.size > 0 &&
      those.size > 0 &&
      ![...these].some((value) => those.has(value))
    );
  });
}

/** Whether two addresses have the same name of multicast DNS, and each says that the other is its own as well. */
export function areOneByName(
  a: readonly DeviceClaim[],
  b: readonly DeviceClaim[],
  [addressOfA, addressOfB]: readonly [string, string],
): boolean {
  const [these, those] = [a, b].map((claims) => valuesOf(claims, 'name', 'mdns'));
  const isNamedAlike = [...(these ?? [])].some((name) => those?.has(name) === true);
  // Who says so of another alone may be a liar.
  return (
    isNamedAlike &&
    valuesOf(a, 'address', 'mdns').has(addressOfB) &&
    valuesOf(b, 'address', 'mdns').has(addressOfA)
  );
}

/** The names of multicast DNS that are told, in small letters. */
export function mdnsNamesOf(claims: readonly DeviceClaim[]): readonly string[] {
  return [...valuesOf(claims, 'name', 'mdns')].slice(0, mostMarks);
}

/** What may still be of use of a device that has been told: by what it is known, and told from others. */
export function lastingOf(claims: readonly DeviceClaim[]): readonly DeviceClaim[] {
  return claims.filter(
    ({ field, source }) =>
      markFields.has(field) ||
      (field === 'address' && source === 'mdns') ||
      telling.some((one) => one.field === field && one.source === source),
  );
}

/** SNMP's engine is one by whatever it was asked; a UUID is one in UPnP, WS-Discovery and IPP alike. */
function markOf({ field, value, source }: DeviceClaim): string {
  return field === 'id' ? `${source} ${field} ${value}` : `${field} ${value.toLowerCase()}`;
}

function valuesOf(claims: readonly DeviceClaim[], field: string, source: string): ReadonlySet<string> {
  return new Set(
    claims
      .filter((claim) => claim.field === field && claim.source === source && claim.measured)
      .map(({ value }) => value.toLowerCase()),
  );
}

const markFields: ReadonlySet<string> = new Set([
  'hostKey',
  'ownCertificate',
  'engineId',
  'uuid',
  'id',
  'mac',
]);
/** Values that one device has once: two of them are two devices. */
const telling = [
  { field: 'name', source: 'mdns' },
  { field: 'name', source: 'netbios' },
  { field: 'name', source: 'smb' },
  { field: 'name', source: 'snmp' },
  { field: 'serial', source: 'upnp' },
  { field: 'engineId', source: 'snmp' },
  { field: 'hostKey', source: 'ssh' },
] as const;
const mostMarks = 32;
