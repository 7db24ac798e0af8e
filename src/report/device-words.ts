/**
 * Devices in words that several formats say alike. Nothing here is escaped: each sink does that.
 *
 * @module
 */

import type { DeviceDetail, DeviceFact } from '../model/device-fact.ts';

/** Who made it, its model, what it is, how it is called, and which other addresses are its own. */
export function deviceText({ vendor, model, kind, name, sameAs }: DeviceFact): string {
  const made = [vendor, model].filter((one) => one !== null).join(' ');
  const parts = [
    ...(made === '' ? [] : [kind === null ? made : `${made} (${kind})`]),
    ...(made === '' && kind !== null ? [kind] : []),
    ...(name === null ? [] : [`called ${name}`]),
    ...(sameAs.length === 0 ? [] : [`the same as ${sameAs.join(', ')}`]),
  ];
  return parts.length === 0 ? 'unknown' : parts.join(', ');
}

/** Whether more is known of a device than who made its card and its name in DNS, which stand with its host. */
export function isWorthTelling({ sources, sameAs }: DeviceFact): boolean {
  return sameAs.length > 0 || sources.some((source) => source !== 'mac' && source !== 'rdns');
}

/** One thing that is known, with its source. */
export function detailText({ field, value, source, measured }: DeviceDetail): string {
  return `${field}: ${value} (${source}${measured ? '' : ', claimed'})`;
}
